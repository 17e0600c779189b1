"""The reports as tables: a balance from one day to another, payouts with each of their lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from counterfoil.dashboard.exports import transactions
from counterfoil.dashboard.exports.tables import Cell, Column, Table
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.queries.balances import currencies_of
from counterfoil.dashboard.queries.payouts import payout_detail, payout_lines
from counterfoil.dashboard.queries.reports import every_reconciled
from counterfoil.dashboard.reports import Stretch, Summary, read_stretch, summary
from counterfoil.dashboard.searching import Asked
from counterfoil.kit.clock import utc_date
from counterfoil.kit.money import Money
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _


def summary_table(of: Whose, asked: Asked) -> Table:
    """Opening, each group, closing; for each currency. They are a sum already: no totals."""
    stretch = _stretch(of, asked)
    return Table(
        name=f"{_('Balance summary')} {stretch.first} {stretch.last}",
        columns=[
            Column("line", _("Line")),
            Column("count", _("Number")),
            Column("gross", _("Amount"), "money"),
            Column("fee", _("Fees"), "money"),
            Column("net", _("Net"), "money"),
            Column("currency", _("Currency")),
        ],
        rows=lambda: iter([_summaries(of, stretch)]),
        count=lambda: None,
    )


def reconciliation_table(of: Whose, asked: Asked) -> Table:
    """A row for each line of each automatic payout of the days."""
    stretch = _stretch(of, asked)
    return Table(
        name=f"{_('Payout reconciliation')} {stretch.first} {stretch.last}",
        columns=[
            Column("payout", _("Payout")),
            Column("arrival", _("Arrival"), "day"),
            Column("settled", _("In this payout"), "money", adds_up=True),
            *transactions.columns(of.platform_name),
        ],
        rows=lambda: _reconciled(of, stretch),
        count=lambda: None,
    )


def _stretch(of: Whose, asked: Asked) -> Stretch:
    return read_stretch(asked, dates.local(of.now).date())


def _summaries(of: Whose, stretch: Stretch) -> list[list[Cell]]:
    held = sorted({*currencies_of(of.account_id, livemode=of.livemode), of.default_currency})
    return [
        row
        for currency in held
        for row in _lines(
            summary(of.account_id, livemode=of.livemode, currency=currency, stretch=stretch),
            stretch,
        )
    ]


def _lines(one: Summary, stretch: Stretch) -> list[list[Cell]]:
    def money(amount: int) -> Money:
        return Money(amount, one.currency)

    code = one.currency.upper()
    before = _("Balance before %(day)s") % {"day": stretch.first.isoformat()}
    after = _("Balance after %(day)s") % {"day": stretch.last.isoformat()}
    opening: list[Cell] = [before, None, None, None, money(one.opening), code]
    moves: list[list[Cell]] = [
        [line.word, str(line.count), money(line.gross), money(-line.fee), money(line.net), code]
        for line in one.lines
    ]
    return [opening, *moves, [after, None, None, None, money(one.closing), code]]


def _reconciled(of: Whose, stretch: Stretch) -> Iterator[Sequence[Sequence[Cell]]]:
    found = every_reconciled(
        of.account_id, livemode=of.livemode, start=stretch.start, end=stretch.end
    )
    for one in found:
        payout = payout_detail(of.account_id, one.id, livemode=of.livemode)
        assert payout is not None, "it was listed a moment ago"
        beyond = -1
        while True:
            page = payout_lines(payout, beyond=beyond, limit=transactions.BATCH)
            yield [
                [
                    one.id,
                    utc_date(one.arrival_date),
                    Money(line.amount, one.currency),
                    *transactions.cells(line.transaction, of.platform_name),
                ]
                for line in page.lines
            ]
            if len(page.lines) < transactions.BATCH:
                break
            beyond = page.lines[-1].position
