"""Whose list of payments a charge stands in, and by what it is found there.

Written with the charge, so that a list and a search cost the same in an account of a thousand
payments and of five million. What a seller may see of it is the dashboard's rule; here is only
what is there to be seen (reference express-dashboard §6.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from counterfoil.payments.details import read_charge_details, read_metadata
from counterfoil.payments.rows import ChargeRow

_LONGEST_NAME: Final = 200
_LONGEST_EMAIL: Final = 512
_LONGEST_ORDER: Final = 100
# Metadata keys that hold what the platform calls an order, best first; case, `_` and `-` aside.
_ORDER_KEYS: Final = (
    "order",
    "orderid",
    "ordernumber",
    "orderno",
    "booking",
    "bookingid",
    "reservation",
    "reservationid",
    "invoice",
    "invoiceid",
    "reference",
)


def seller_of(charge: ChargeRow) -> str | None:
    """Who sees a card payment as their own: of a direct charge its account, of a destination
    charge on behalf of its destination that account. Of any other the seller sees what the
    transfer brings."""
    if charge.account_id != charge.platform_id:
        return charge.account_id
    on_behalf_of = charge.on_behalf_of
    return on_behalf_of if on_behalf_of and on_behalf_of == charge.transfer_destination else None


def make_findable(charge: ChargeRow) -> None:
    """Note method, payer and order of a charge that stands in a seller's list."""
    if charge.seller_id is None:
        return
    details = read_charge_details(charge.details)
    payer = details.billing_details
    charge.method = details.card.brand if details.card else None
    charge.payer_name = folded(payer.name)[:_LONGEST_NAME] or None
    charge.payer_email = folded(payer.email or details.receipt_email)[:_LONGEST_EMAIL] or None
    charge.order_ref = order_of(read_metadata(charge.metadata))


def order_of(metadata: Mapping[str, str]) -> str | None:
    """The platform's number of what was bought, folded; None when the metadata has none."""
    if not metadata:
        return None
    plain = {key.lower().replace("_", "").replace("-", ""): text for key, text in metadata.items()}
    for key in _ORDER_KEYS:
        if text := folded(plain.get(key)).lstrip("#"):
            return text[:_LONGEST_ORDER]
    return None


def folded(text: str | None) -> str:
    """Case and spaces do not matter to whoever searches."""
    return " ".join((text or "").casefold().split())
