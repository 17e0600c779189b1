"""The account's payouts, their lines, and what became of them. Plain SQL, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import msgspec

from counterfoil.dashboard.queries.transactions import COLUMNS as TRANSACTION_COLUMNS
from counterfoil.dashboard.queries.transactions import TransactionRow, transaction_row
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.pages import Page, PageRequest, cut, keyset


class _Details(msgspec.Struct):
    """What a list says of a bank account or card, of all that is known about it."""

    bank_name: str | None = None
    brand: str | None = None


_details = msgspec.json.Decoder(_Details)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a payout went. `gone`: removed since."""

    id: str
    object: str  # bank_account | card
    name: str | None  # of the bank, or the card's brand
    last4: str
    status: str
    gone: bool


@dataclass(frozen=True, slots=True)
class ListedPayout:
    """A payout as a list shows it. Amounts are minor units, moments UTC seconds."""

    id: str
    created: int
    amount: int
    currency: str
    status: str
    automatic: bool
    method: str
    arrival_date: int
    destination: Destination | None


@dataclass(frozen=True, slots=True)
class PayoutDetail:
    """Everything the page of one payout is made of."""

    listed: ListedPayout
    schedule: str | None
    decided_by: str | None
    statement_descriptor: str | None
    description: str | None
    fee: int  # what an instant payout cost
    balance_transaction_id: str
    line_count: int
    lines_hash: str
    next_at: int | None
    attempts: int
    in_batch: bool
    sent_at: int | None
    paid_at: int | None
    trace: str | None
    ended_at: int | None  # when it came back, or was canceled
    failure_code: str | None
    original_payout_id: str | None
    reversed_by_id: str | None
    settled_by: str | None  # the payout that took the returned money along


@dataclass(frozen=True, slots=True)
class PayoutLine:
    """One line: a transaction, or what of it this payout settles."""

    position: int
    amount: int
    transaction: TransactionRow


@dataclass(frozen=True, slots=True)
class LinesPage:
    """Some lines, and the sums of those before and after them."""

    lines: Sequence[PayoutLine]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class DateChange:
    """The bank named another day: UTC seconds of when, from and to."""

    at: int
    former: int
    named: int


_LISTED: Final = """
    p.id, p.created, p.amount, p.currency, p.status, p.automatic, p.method, p.arrival_date,
    p.destination_id, p.destination_type, e.last4, e.details, e.status AS bank_status, e.deleted_at
"""
_FROM: Final = """
    FROM payouts_payout p
    LEFT JOIN accounts_externalaccount e ON e.id = p.destination_id
    WHERE p.account_id = %s AND p.livemode = %s
"""


def payouts(
    account_id: str, *, livemode: bool, page: PageRequest, statuses: Sequence[str] = ()
) -> Page[ListedPayout]:
    """Payouts newest first; only those in one of `statuses`, when any is named."""
    condition, cursor, tail = keyset(page, prefix="p.")
    # One walk along an index a status: many of one never stand in the way of few of another.
    walks = [(" AND p.status = %s", [status]) for status in statuses] or [("", [])]
    parts = [
        f"SELECT * FROM (SELECT {_LISTED} {_FROM}{of_status}{condition} {tail}) AS part"
        for of_status, _ in walks
    ]
    _, _, shown = keyset(page)
    rows = fetch_all(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS p {shown}",
        [part for _, status in walks for part in (account_id, livemode, *status, *cursor)],
    )
    return cut([_listed(row) for row in rows], page)


def on_the_way(account_id: str, *, livemode: bool, currency: str) -> list[ListedPayout]:
    """What has not arrived yet, the one that arrives first before all; by an index of its own."""
    rows = fetch_all(
        f"SELECT {_LISTED} {_FROM} AND p.currency = %s AND p.status IN ('pending', 'in_transit')"
        " ORDER BY p.arrival_date, p.id LIMIT 20",
        [account_id, livemode, currency],
    )
    return [_listed(row) for row in rows]


_DETAIL: Final = f"""
    SELECT p.schedule, p.decided_by, p.statement_descriptor, p.description,
           COALESCE(p.application_fee_amount, 0), p.balance_transaction_id, p.line_count,
           p.lines_hash, p.next_at, p.attempts, p.batch_id, p.sent_at, p.paid_at, p.trace_value,
           f.created, p.failure_code, p.original_payout_id, p.reversed_by_id,
           (SELECT l.payout_id FROM payouts_line l WHERE l.txn_id = p.failure_transaction_id
            ORDER BY l.payout_id DESC LIMIT 1), {_LISTED}
    FROM payouts_payout p
    LEFT JOIN accounts_externalaccount e ON e.id = p.destination_id
    LEFT JOIN ledger_balancetransaction f ON f.id = p.failure_transaction_id
    WHERE p.account_id = %s AND p.livemode = %s AND p.id = %s
"""


def payout_detail(account_id: str, payout_id: str, *, livemode: bool) -> PayoutDetail | None:
    """One payout of this account; None for anybody else's."""
    row = fetch_one(_DETAIL, [account_id, livemode, payout_id])
    if row is None:
        return None
    schedule, decided_by, descriptor, description, fee, own_row, count, digest, *rest = row
    next_at, attempts, batch_id, sent_at, paid_at, trace, ended_at, failure, *more = rest
    original, reversed_by, settled_by, *listed = more
    return PayoutDetail(
        listed=_listed(tuple(listed)),
        schedule=schedule,
        decided_by=decided_by,
        statement_descriptor=descriptor,
        description=description,
        fee=int(fee),
        balance_transaction_id=own_row,
        line_count=count,
        lines_hash=digest,
        next_at=next_at,
        attempts=attempts,
        in_batch=batch_id is not None,
        sent_at=sent_at,
        paid_at=paid_at,
        trace=trace,
        ended_at=ended_at,
        failure_code=failure,
        original_payout_id=original,
        reversed_by_id=reversed_by,
        settled_by=settled_by,
    )


def payout_lines(payout: PayoutDetail, *, beyond: int, limit: int) -> LinesPage:
    """`limit` lines from after position `beyond` (-1: from the first), in their order."""
    rows = fetch_all(
        f"SELECT l.position, l.amount, {TRANSACTION_COLUMNS}, c.description, c.source_transfer_id"
        " FROM payouts_line l JOIN ledger_balancetransaction t ON t.id = l.txn_id"
        " LEFT JOIN payments_charge c ON c.id = t.source_id"
        f" WHERE l.payout_id = %s AND l.position > %s ORDER BY l.position LIMIT {limit:d}",
        [payout.listed.id, beyond],
    )
    lines = [PayoutLine(row[0], row[1], transaction_row(row[2:])) for row in rows]
    if len(lines) == payout.line_count:
        return LinesPage(lines, 0, 0)
    blocks = _blocks(payout.listed.id, payout.lines_hash)
    whole = (beyond + 1) // _BLOCK
    row = fetch_one(
        "SELECT COALESCE(SUM(amount), 0) FROM payouts_line"
        " WHERE payout_id = %s AND position >= %s AND position <= %s",
        [payout.listed.id, whole * _BLOCK, beyond],
    )
    assert row is not None, "a sum has a row"
    before = sum(blocks[:whole]) + int(row[0])
    return LinesPage(lines, before, sum(blocks) - before - sum(line.amount for line in lines))


_BLOCK: Final = 500  # lines


@lru_cache(maxsize=64)
def _blocks(payout_id: str, lines_hash: str) -> list[int]:  # noqa: ARG001 - what is remembered
    """What each five hundred lines of a payout add up to; read once.

    Lines never change once a payout is made, and their hash names them: a page of a payout of
    fifty thousand lines then costs what one of fifty does.
    """
    rows = fetch_all(
        f"SELECT position / {_BLOCK} AS block, SUM(amount) FROM payouts_line"
        " WHERE payout_id = %s GROUP BY 1 ORDER BY 1",
        [payout_id],
    )
    assert [row[0] for row in rows] == list(range(len(rows))), f"lines of {payout_id} are missing"
    return [int(total) for _, total in rows]


class _Previous(msgspec.Struct):
    arrival_date: int | None = None


class _Shown(msgspec.Struct):
    arrival_date: int


_previous = msgspec.json.Decoder(_Previous)
_shown = msgspec.json.Decoder(_Shown)


def date_changes(account_id: str, payout_id: str, *, livemode: bool) -> list[DateChange]:
    """Each time that the bank named another day of arrival, oldest first."""
    rows = fetch_all(
        "SELECT created, previous_attributes, object FROM events_event WHERE object_id = %s"
        " AND account_id = %s AND livemode = %s AND type = 'payout.updated'"
        " AND previous_attributes LIKE '%%arrival_date%%' ORDER BY created, id",
        [payout_id, account_id, livemode],
    )
    found = []
    for created, previous, shown in rows:
        former = _previous.decode(previous).arrival_date
        if former is not None:
            found.append(DateChange(created, former, _shown.decode(shown).arrival_date))
    return found


def _listed(row: tuple[Any, ...]) -> ListedPayout:
    ident, created, amount, currency, status, automatic, method, arrival, *to = row
    return ListedPayout(
        id=ident,
        created=created,
        amount=amount,
        currency=currency,
        status=status,
        automatic=bool(automatic),
        method=method,
        arrival_date=arrival,
        destination=_destination(tuple(to)),
    )


def _destination(row: tuple[Any, ...]) -> Destination | None:
    ident, kind, last4, details, status, deleted_at = row
    if last4 is None:
        return None
    known = _details.decode(details)
    return Destination(
        ident, kind, known.bank_name or known.brand, last4, status, deleted_at is not None
    )
