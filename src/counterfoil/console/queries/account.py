"""What an account's page shows beside the account itself: a few rows of each, newest first.

Every function takes the scope of an account that was found through its platform
(`accounts.queries.account_by_id`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.scope import Scope


@dataclass(slots=True)
class Balance:
    """Minor units of one currency, as the books have them now."""

    currency: str
    available: int = 0
    pending: int = 0
    prefunding: int = 0
    reserved: int = 0
    in_transit: int = 0


@dataclass(frozen=True, slots=True)
class PayoutLine:
    id: str
    created: int
    amount: int
    currency: str
    status: str
    arrival_date: int
    failure_code: str | None


@dataclass(frozen=True, slots=True)
class EventLine:
    id: str
    created: int
    type: str
    object_id: str
    request_id: str | None


@dataclass(frozen=True, slots=True)
class NoteLine:
    id: str
    created: int
    email: str | None
    text: str


_BALANCES = """
SELECT currency, purpose, SUM(CASE WHEN available_on <= %s THEN amount ELSE 0 END), SUM(amount)
FROM ledger_balance WHERE owner = %s AND livemode = %s
GROUP BY currency, purpose ORDER BY currency, purpose
"""


def balances_of(scope: Scope, *, now: int) -> list[Balance]:
    """`now` is the platform's clock."""
    found: dict[str, Balance] = {}
    rows = fetch_all(_BALANCES, [now, scope.account_id, scope.livemode])
    for currency, purpose, available, total in rows:
        balance = found.setdefault(currency, Balance(currency))
        if purpose == "payments":
            balance.available, balance.pending = int(available), int(total) - int(available)
        elif purpose == "prefunding":
            balance.prefunding = int(total)
        elif purpose == "in_transit":
            balance.in_transit = int(total)
        else:
            balance.reserved += int(total)
    return list(found.values())


def newest_payouts(scope: Scope, *, limit: int) -> list[PayoutLine]:
    rows = fetch_all(
        "SELECT id, created, amount, currency, status, arrival_date, failure_code"
        " FROM payouts_payout WHERE account_id = %s AND livemode = %s"
        " ORDER BY created DESC, id DESC LIMIT %s",
        [scope.account_id, scope.livemode, limit],
    )
    return [PayoutLine(*row) for row in rows]


def events_of(scope: Scope, page: PageRequest) -> Page[EventLine]:
    """What happened to the account's objects, newest first."""
    condition, params, tail = keyset(page)
    rows = fetch_all(
        "SELECT id, created, type, object_id, request_id FROM events_event"
        f" WHERE account_id = %s AND livemode = %s{condition} {tail}",
        [scope.account_id, scope.livemode, *params],
    )
    return cut([EventLine(*row) for row in rows], page)


def notes_of(account_id: str) -> list[NoteLine]:
    rows = fetch_all(
        "SELECT n.id, n.created, o.email, n.text FROM console_note n"
        " LEFT JOIN access_operator o ON o.id = n.operator_id"
        " WHERE n.account_id = %s ORDER BY n.created DESC, n.id DESC LIMIT 100",
        [account_id],
    )
    return [NoteLine(*row) for row in rows]


def addresses_of(operator_ids: Sequence[str]) -> dict[str, str]:
    """Operators' e-mail addresses by their ids."""
    if not operator_ids:
        return {}
    marks = ", ".join(["%s"] * len(operator_ids))
    rows = fetch_all(
        f"SELECT id, email FROM access_operator WHERE id IN ({marks})",
        [*operator_ids],
    )
    return dict(rows)
