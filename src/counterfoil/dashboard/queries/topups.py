"""Money that a seller has asked for and that has not come yet."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.db import fetch_all
from counterfoil.platforms.queries import platform_facts


@dataclass(frozen=True, slots=True)
class Waiting:
    """A top-up that the bank has not answered. `expected_on` is UTC seconds; `reference` is what
    a live transfer must carry."""

    id: str
    amount: int
    created: int
    expected_on: int | None
    reference: str | None


def waiting_topups(account_id: str, *, livemode: bool, currency: str) -> list[Waiting]:
    """Newest first; what repays a negative balance is not among them."""
    rows = fetch_all(
        "SELECT id, amount, created, expected_on, reference FROM payments_topup"
        " WHERE account_id = %s AND livemode = %s AND currency = %s AND status = 'pending'"
        " AND purpose = 'prefunding' ORDER BY created DESC, id DESC LIMIT 10",
        [account_id, livemode, currency],
    )
    return [Waiting(*row) for row in rows]


def bank_details(platform_id: str, currency: str, *, livemode: bool) -> str:
    """Where live transfers in this currency are sent to, in the platform's words; may be empty."""
    return platform_facts(platform_id, livemode=livemode).settings.topup_bank_details.get(
        currency, ""
    )
