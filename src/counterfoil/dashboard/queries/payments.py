"""A seller's payments, newest first: all of them, or those that are looked for.

Two steps: which ones (each single filter or search walks one index in the order of the list),
and then what each of them shows. What no index answers in order looks back over a bounded stretch
of rows; where that ends short of a full page, the answer says how far it came, and the page
offers to search further back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.dashboard.payment_states import State, StateFacts, state_of
from counterfoil.dashboard.queries.payment_conditions import (
    OPEN_DISPUTE,
    PENDING_REFUND,
    SUPERSEDED,
    WARNED,
    PaymentFilter,
    also,
)
from counterfoil.dashboard.queries.payment_walks import Walk, walks_of
from counterfoil.kit.db import fetch_all, fetch_one, looked_at, placeholders
from counterfoil.kit.pages import Cursor, Page, PageRequest, cut, keyset, within
from counterfoil.payments.details import ChargeDetails, read_charge_details

STRETCH: Final = 1000  # payments that one request looks at, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One line of the list: a charge, or an intent that nobody has tried to pay yet."""

    id: str
    created: int
    amount: int
    currency: str
    state: State
    description: str | None
    brand: str | None
    last4: str | None
    payer: str | None  # a name, or else an e-mail address
    from_transfer: bool  # money that the platform sent on


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and where the search stopped when there may be more beyond its stretch."""

    page: Page[PaymentRow]
    searched_to: Cursor | None


_EVERYTHING: Final = PaymentFilter()


def payments(
    account_id: str,
    *,
    livemode: bool,
    page: PageRequest,
    wanted: PaymentFilter = _EVERYTHING,
) -> Found:
    """The payments of a seller that are wanted, newest first."""
    walks = walks_of(account_id, livemode, wanted)
    found: set[tuple[int, str]] = set()
    ends = []
    for walk in walks:
        end = _end_of_stretch(walk, page, wanted) if walk.checks else None
        if end is not None and walk.only_if_few:
            continue
        if end is not None:
            ends.append(end)
        found.update(_walk(walk, page, wanted, end))
    end = max(ends, key=_place, default=None)
    # Where one walk ended, rows of it are unseen: what others brought from beyond comes later.
    seen = [place for place in found if end is None or place >= _place(end)]
    seen.sort(reverse=True)
    kept = cut(seen, page)
    shown = payments_by_id([ident for _, ident in kept.rows], account_id, livemode=livemode)
    return Found(Page(shown, kept.has_more), None if kept.has_more else end)


def payments_by_id(ids: Sequence[str], account_id: str, *, livemode: bool) -> list[PaymentRow]:
    """Those of the seller among these charges and intents, newest first."""
    if not ids:
        return []
    rows = fetch_all(
        f"{_SHOWN} WHERE c.id IN ({placeholders(ids)})"
        f" AND {looked_at('c.seller_id')} = %s AND c.livemode = %s",
        [*ids, account_id, livemode],
    )
    shown = [_payment(row) for row in rows]
    if len(shown) < len(ids):
        intents = fetch_all(
            f"{_INTENTS} WHERE i.id IN ({placeholders(ids)}) AND i.livemode = %s"
            f" AND ({looked_at('i.account_id')} = %s OR {looked_at('i.on_behalf_of')} = %s)"
            " AND i.latest_charge_id IS NULL",
            [*ids, livemode, account_id, account_id],
        )
        shown += [_intent(row) for row in intents]
    return sorted(shown, key=lambda row: (row.created, row.id), reverse=True)


def ids_behind(ident: str) -> list[str]:
    """The payments that an id of something else belongs to: an intent, a refund, a dispute, a
    balance transaction, a transfer. Whether the seller sees them is asked afterwards."""
    rows = fetch_all(
        "SELECT id FROM payments_charge WHERE payment_intent_id = %s"
        " UNION SELECT charge_id FROM payments_refund WHERE id = %s"
        " UNION SELECT charge_id FROM disputes_dispute WHERE id = %s"
        " UNION SELECT source_id FROM ledger_balancetransaction"
        " WHERE id = %s AND source_id IS NOT NULL"
        " UNION SELECT destination_payment_id FROM payments_transfer WHERE id = %s"
        " UNION SELECT source_transaction FROM payments_transfer t"
        " JOIN payments_charge p ON p.source_transfer_id = t.id"
        " WHERE p.id = %s AND source_transaction IS NOT NULL",
        [ident] * 6,
    )
    return [ident, *(row[0] for row in rows)]


def methods_of(account_id: str, *, livemode: bool) -> list[str]:
    """The card brands that a seller's customers ever paid with: one look at the index for each."""
    found: list[str] = []
    last = ""
    while row := fetch_one(
        "SELECT MIN(method) FROM payments_charge"
        " WHERE seller_id = %s AND livemode = %s AND method > %s",
        [account_id, livemode, last],
    ):
        if row[0] is None:
            break
        last = row[0]
        found.append(last)
    return found


# ---- Which ones ----


def _walk(
    walk: Walk, page: PageRequest, wanted: PaymentFilter, end: Cursor | None
) -> list[tuple[int, str]]:
    since = wanted.since if end is None else None  # the end of a stretch lies after it
    bounds, moments = within(page, place=walk.place, since=since, until=wanted.until, end=end)
    _, _, tail = keyset(page, place=walk.place)
    charges = SUPERSEDED if "payments_charge" in walk.table else ""
    rows = fetch_all(
        f"SELECT {', '.join(walk.place)} FROM {walk.table} WHERE{walk.where}{bounds}"
        f"{also(walk.checks)}{charges} {tail}",
        [*walk.values, *moments, *walk.check_values],
    )
    return [(int(created), ident) for created, ident in rows]


def _end_of_stretch(walk: Walk, page: PageRequest, wanted: PaymentFilter) -> Cursor | None:
    """The last row to be looked at, when there are more beyond it."""
    bounds, moments = within(page, place=walk.place, since=wanted.since, until=wanted.until)
    _, _, tail = keyset(PageRequest(limit=0, cursor=page.cursor), place=walk.place)
    row = fetch_one(
        f"SELECT {', '.join(walk.place)} FROM {walk.table} WHERE{walk.where}{bounds}"
        f" {tail} OFFSET {STRETCH - 1}",
        [*walk.values, *moments],
    )
    return Cursor(int(row[0]), row[1]) if row else None


def _place(cursor: Cursor) -> tuple[int, str]:
    return cursor.created, cursor.id


# ---- What each shows ----

_SHOWN: Final = f"""
SELECT c.id, c.created, c.amount, c.currency, c.status, i.status, c.captured, c.amount_captured,
       c.amount_refunded, c.description, c.details, k.name, k.email, c.source_transfer_id,
       {PENDING_REFUND}, {OPEN_DISPUTE}, {WARNED}
FROM payments_charge c
LEFT JOIN payments_paymentintent i ON i.id = c.payment_intent_id
LEFT JOIN payments_customer k ON k.id = c.customer_id
"""
_INTENTS: Final = """
SELECT i.id, i.created, i.amount, i.currency, i.status, i.description, k.name, k.email
FROM payments_paymentintent i LEFT JOIN payments_customer k ON k.id = i.customer_id
"""


def _payment(row: tuple[Any, ...]) -> PaymentRow:
    ident, created, amount, currency, status, intent_status, captured, *rest = row
    amount_captured, amount_refunded, description, text, name, email, transfer_id, *flags = rest
    details: ChargeDetails = read_charge_details(text)
    pending, disputed, warned = (bool(flag) for flag in flags)
    card, payer = details.card, details.billing_details
    return PaymentRow(
        id=ident,
        created=created,
        amount=amount_captured if captured else amount,
        currency=currency,
        state=state_of(
            StateFacts(
                charge_status=status,
                intent_status=intent_status,
                captured=bool(captured),
                amount_captured=amount_captured,
                amount_refunded=amount_refunded,
                blocked=details.outcome is not None and details.outcome.type == "blocked",
                refund_pending=pending,
                disputed=disputed,
                warned=warned,
            )
        ),
        description=description,
        brand=card.brand if card else None,
        last4=card.last4 if card else None,
        payer=payer.name or name or payer.email or email or details.receipt_email,
        from_transfer=transfer_id is not None,
    )


def _intent(row: tuple[Any, ...]) -> PaymentRow:
    ident, created, amount, currency, status, description, name, email = row
    return PaymentRow(
        id=ident,
        created=created,
        amount=amount,
        currency=currency,
        state=state_of(StateFacts(charge_status=None, intent_status=status)),
        description=description,
        brand=None,
        last4=None,
        payer=name or email,
        from_transfer=False,
    )
