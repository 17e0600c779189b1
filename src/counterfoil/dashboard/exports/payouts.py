"""Payouts, and the lines of one, as tables: what their pages show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from counterfoil.dashboard import payout_words as words
from counterfoil.dashboard.exports import transactions
from counterfoil.dashboard.exports.tables import Cell, Column, Table
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.payouts import FILTERS
from counterfoil.dashboard.queries.payouts import (
    ListedPayout,
    PayoutDetail,
    payout_detail,
    payout_lines,
    payouts,
)
from counterfoil.dashboard.searching import Asked
from counterfoil.kit.clock import utc_date
from counterfoil.kit.money import Money
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

BATCH: Final = 1000


class NoSuchPayout(Exception):
    """The address names no payout of this account."""


def table(of: Whose, asked: Asked) -> Table:
    statuses = FILTERS.get(asked.get("state", ""), ())
    return Table(
        name=_("Payouts"),
        columns=[
            Column("created", _("Date"), "moment"),
            Column("amount", _("Amount"), "money", adds_up=True),
            Column("currency", _("Currency")),
            Column("status", _("Status")),
            Column("arrival", _("Arrival"), "day"),
            Column("destination", _("Account")),
            Column("method", _("Kind")),
            Column("id", _("Payout")),
        ],
        rows=lambda: _payouts(of, statuses),
        count=lambda: None,
    )


def lines_table(of: Whose, asked: Asked) -> Table:
    """`?payout=po_…`. Raises NoSuchPayout."""
    payout = payout_detail(of.account_id, asked.get("payout", ""), livemode=of.livemode)
    if payout is None:
        raise NoSuchPayout
    paid = Column("settled", _("In this payout"), "money", adds_up=True)
    return Table(
        name=_("Payout %(day)s") % {"day": utc_date(payout.listed.arrival_date).isoformat()},
        columns=[paid, *transactions.columns(of.platform_name)],
        rows=lambda: _lines(of, payout),
        count=lambda: payout.line_count,
    )


def _payouts(of: Whose, statuses: Sequence[str]) -> Iterator[Sequence[Sequence[Cell]]]:
    cursor: Cursor | None = Cursor(of.now + 1, "")
    while cursor is not None:
        page = payouts(
            of.account_id,
            livemode=of.livemode,
            page=PageRequest(limit=BATCH, cursor=cursor),
            statuses=statuses,
        )
        yield [_cells(row) for row in page.rows]
        last = page.rows[-1] if page.has_more else None
        cursor = Cursor(last.created, last.id) if last else None


def _cells(row: ListedPayout) -> list[Cell]:
    return [
        dates.local(row.created),
        Money(row.amount, row.currency),
        row.currency.upper(),
        words.state(row.status)[0],
        utc_date(row.arrival_date),
        words.to(row.destination),
        words.kind(row),
        row.id,
    ]


def _lines(of: Whose, payout: PayoutDetail) -> Iterator[Sequence[Sequence[Cell]]]:
    beyond = -1
    while True:
        page = payout_lines(payout, beyond=beyond, limit=BATCH)
        yield [
            [
                Money(line.amount, line.transaction.currency),
                *transactions.cells(line.transaction, of.platform_name),
            ]
            for line in page.lines
        ]
        if len(page.lines) < BATCH:
            return
        beyond = page.lines[-1].position
