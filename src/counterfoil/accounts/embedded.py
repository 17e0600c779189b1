"""Components that a platform embeds in its own pages, and what can be switched in each.

Names and features: the SDK's AccountSession. We issue sessions, so that code which asks for one
works; the components themselves are not ours to draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from counterfoil.kit.refused import InvalidRequest

_HOLDER: Final = ("disable_stripe_user_authentication", "external_account_collection")
_MONEY: Final = (*_HOLDER, "edit_payout_schedule", "instant_payouts", "standard_payouts")
_DISPUTES: Final = (
    "destination_on_behalf_of_charge_management",
    "dispute_management",
    "refund_management",
    "smart_disputes_management",
)
_PAYMENTS: Final = ("capture_payments", *_DISPUTES)
_CARDS: Final = (
    "card_management",
    "card_spend_dispute_management",
    "cardholder_management",
    "spend_control_management",
)
COMPONENTS: Final[dict[str, tuple[str, ...]]] = {
    "account_management": _HOLDER,
    "account_onboarding": _HOLDER,
    "balance_report": (),
    "balances": _MONEY,
    "disputes_list": _PAYMENTS,
    "documents": (),
    "financial_account": (*_HOLDER, "send_money", "transfer_balance"),
    "financial_account_transactions": ("card_spend_dispute_management",),
    "instant_payouts_promotion": (*_HOLDER, "instant_payouts"),
    "issuing_card": _CARDS,
    "issuing_cards_list": (*_CARDS, "disable_stripe_user_authentication"),
    "notification_banner": _HOLDER,
    "payment_details": _PAYMENTS,
    "payment_disputes": _DISPUTES,
    "payment_method_settings": ("disable_stripe_user_authentication",),
    "payments": _PAYMENTS,
    "payout_details": (),
    "payout_reconciliation_report": (),
    "payouts": _MONEY,
    "payouts_list": (),
    "reporting_chart": (),
    "tax_registrations": (),
    "tax_settings": (),
    "terminal_hardware_orders": (),
    "terminal_hardware_shop": (),
}
# On unless they are switched off (reference express-dashboard §9).
_ON: Final = frozenset(
    {
        "capture_payments",
        "dispute_management",
        "external_account_collection",
        "refund_management",
    }
)
_NEEDS_COLLECTION: Final = "disable_stripe_user_authentication"


class ComponentParams(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    enabled: bool = False
    features: dict[str, bool] = {}


class Component(msgspec.Struct):
    enabled: bool
    features: dict[str, bool]


def components_of(
    sent: Mapping[str, ComponentParams], *, platform_collects: bool
) -> dict[str, Component]:
    """Every component with its features, as the session shows them.

    Raises InvalidRequest for a name nobody knows, and for switching off the holder's sign-in
    where the platform does not collect the requirements.
    """
    for name, one in sent.items():
        _check(name, one, platform_collects)
    if not any(one.enabled for one in sent.values()):
        raise InvalidRequest("Enable at least one component.", param="components")
    return {
        name: Component(
            name in sent and sent[name].enabled,
            {
                feature: sent[name].features.get(feature, feature in _ON) if name in sent else False
                for feature in features
            },
        )
        for name, features in COMPONENTS.items()
    }


def _check(name: str, sent: ComponentParams, platform_collects: bool) -> None:
    param = f"components[{name}]"
    if name not in COMPONENTS:
        raise _unknown(param)
    for feature, value in sent.features.items():
        at = f"{param}[features][{feature}]"
        if feature not in COMPONENTS[name]:
            raise _unknown(at)
        if feature == _NEEDS_COLLECTION and value and not platform_collects:
            raise InvalidRequest(
                "Only a platform that collects requirements itself may switch the holder's"
                " sign-in off.",
                param=at,
            )


def _unknown(param: str) -> InvalidRequest:
    return InvalidRequest(
        f"Received unknown parameter: {param}", param=param, code="parameter_unknown"
    )
