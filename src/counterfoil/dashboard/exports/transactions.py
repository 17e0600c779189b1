"""The transactions page as a table: the rows that its filters keep, with its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from counterfoil.dashboard.exports.tables import Cell, Column, Table
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.labels import description, kind_word
from counterfoil.dashboard.queries.balances import currencies_of
from counterfoil.dashboard.queries.transactions import (
    FeeDetail,
    TransactionFilter,
    TransactionRow,
    count_transactions,
    objects_called,
    transactions,
    transactions_by_id,
)
from counterfoil.dashboard.searching import Asked, Search, filter_of, read_search
from counterfoil.kit.money import Money
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

BATCH: Final = 1000
MOST_NAMED: Final = 50  # as many as the page shows of one payer or order


def table(of: Whose, asked: Asked) -> Table:
    """`asked` is the page's address. Nothing that happened after `of.now` is in it."""
    held = currencies_of(of.account_id, livemode=of.livemode)
    search = read_search(asked, currencies=held, default_currency=of.default_currency)
    wanted = filter_of(
        search, now=of.now, default_currency=of.default_currency, platform=of.platform_name
    )
    ids = _named(of, search)
    return Table(
        name=_("Transactions"),
        columns=columns(of.platform_name),
        rows=lambda: _batches(of, wanted, ids),
        count=lambda: (
            len(ids)
            or count_transactions(of.account_id, livemode=of.livemode, wanted=wanted, until=of.now)
        ),
    )


def columns(platform: str) -> list[Column]:
    return [
        Column("created", _("Date"), "moment"),
        Column("description", _("Description")),
        Column("type", _("Type")),
        Column("amount", _("Amount"), "money", adds_up=True),
        Column("processing_fee", _("Processing fee"), "money", adds_up=True),
        Column("platform_fee", _("%(platform)s fee") % {"platform": platform}, "money", True),
        Column("other_fees", _("Other fees and tax"), "money", adds_up=True),
        Column("net", _("Net"), "money", adds_up=True),
        Column("currency", _("Currency")),
        Column("available_on", _("Available on"), "day"),
        Column("exchange_rate", _("Exchange rate")),
        Column("id", _("Transaction")),
        Column("source", _("Reference")),
    ]


def cells(row: TransactionRow, platform: str) -> list[Cell]:
    """One row as the columns have it; fees are what they take, so they are negative."""
    return [
        dates.local(row.created),
        description(row, platform),
        kind_word(row),
        Money(row.amount, row.currency),
        _fees(row, "stripe_fee"),
        _fees(row, "application_fee"),
        _fees(row, None),
        Money(row.net, row.currency),
        row.currency.upper(),
        dates.available_date(row.available_on),
        row.exchange_rate,
        row.id,
        row.source_id,
    ]


def _named(of: Whose, search: Search) -> list[str]:
    if search.ident:
        return [search.ident]
    if not search.query:
        return []
    return objects_called(search.query, of.account_id, livemode=of.livemode, limit=MOST_NAMED)


def _batches(
    of: Whose, wanted: TransactionFilter, ids: Sequence[str]
) -> Iterator[Sequence[Sequence[Cell]]]:
    if ids:
        rows = transactions_by_id(ids, of.account_id, livemode=of.livemode, limit=MOST_NAMED)
        yield [cells(row, of.platform_name) for row in rows]
        return
    cursor: Cursor | None = Cursor(of.now + 1, "")  # whatever is older than the next second
    while cursor is not None:
        page = PageRequest(limit=BATCH, cursor=cursor)
        found = transactions(of.account_id, livemode=of.livemode, page=page, wanted=wanted)
        yield [cells(row, of.platform_name) for row in found.page.rows]
        cursor = found.searched_to
        if found.page.has_more:
            last = found.page.rows[-1]
            cursor = Cursor(last.created, last.id)


def _fees(row: TransactionRow, kind: str | None) -> Money:
    """What fees of one kind took; None: of every other kind."""
    named = {"stripe_fee", "application_fee"}

    def fits(fee: FeeDetail) -> bool:
        return fee.type == kind if kind else fee.type not in named

    return Money(-sum(fee.amount for fee in row.fee_details if fits(fee)), row.currency)
