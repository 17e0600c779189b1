"""What a seller sees of a payment, and may do about it, by how it was charged.

The one place that decides it (reference express-dashboard §6.1, whose table this is). The
platform's switches come on top: what is not to be seen here is seen under no switch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from counterfoil.platforms.settings import Features


class Kind(Enum):
    """How a payment reached the seller (reference money-movement §2)."""

    DIRECT = "direct"
    ON_BEHALF_OF = "destination, on behalf of the seller"
    DESTINATION = "destination"
    SEPARATE = "separate charge and transfer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What there is to see, and whose it is to act."""

    whole_amount: bool  # what the customer paid; otherwise only what was transferred
    payer: bool  # customer, payment method, card checks
    processing_fee: bool
    platform_fee: bool
    history: bool  # refunds and disputes
    may_refund: bool
    may_answer_disputes: bool
    may_capture: bool


_OWN: Final = Sight(
    whole_amount=True,
    payer=True,
    processing_fee=True,
    platform_fee=True,
    history=True,
    may_refund=True,
    may_answer_disputes=True,
    may_capture=True,
)
_BROUGHT: Final = Sight(
    whole_amount=False,
    payer=False,
    processing_fee=False,
    platform_fee=True,  # the one that was taken on what was transferred
    history=False,
    may_refund=False,
    may_answer_disputes=False,
    may_capture=False,
)
SIGHT: Final[Mapping[Kind, Sight]] = {
    Kind.DIRECT: _OWN,
    Kind.ON_BEHALF_OF: _OWN,
    Kind.DESTINATION: _BROUGHT,
    Kind.SEPARATE: Sight(
        whole_amount=False,
        payer=False,
        processing_fee=False,
        platform_fee=False,
        history=False,
        may_refund=False,
        may_answer_disputes=False,
        may_capture=False,
    ),
}


def kind_of(*, own: bool, came_by_transfer: bool, of_destination_charge: bool) -> Kind:
    """`own`: the charge is on the seller's account; otherwise on the platform's."""
    if not own:
        return Kind.ON_BEHALF_OF
    if not came_by_transfer:
        return Kind.DIRECT
    return Kind.DESTINATION if of_destination_charge else Kind.SEPARATE


def may_refund(kind: Kind, features: Features) -> bool:
    return features.view_payments and features.issue_refunds and SIGHT[kind].may_refund


def may_answer_disputes(kind: Kind, features: Features) -> bool:
    return features.view_payments and features.manage_disputes and SIGHT[kind].may_answer_disputes


def may_capture(kind: Kind, features: Features) -> bool:
    return features.view_payments and features.capture_payments and SIGHT[kind].may_capture
