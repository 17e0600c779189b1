"""The payments page as a table: the rows that its filters keep, with its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from counterfoil.dashboard.cards import card_in_words
from counterfoil.dashboard.exports.tables import Cell, Column, Table
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.payment_searching import (
    PaymentSearch,
    payment_filter_of,
    read_payment_search,
)
from counterfoil.dashboard.payment_states import state_word
from counterfoil.dashboard.queries.payments import (
    PaymentRow,
    ids_behind,
    methods_of,
    payments,
    payments_by_id,
)
from counterfoil.dashboard.searching import Asked
from counterfoil.kit.money import Money
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

BATCH: Final = 500


def table(of: Whose, asked: Asked) -> Table:
    """`asked` is the page's address. Nothing that happened after `of.now` is in it."""
    search = read_payment_search(
        asked,
        methods=methods_of(of.account_id, livemode=of.livemode),
        default_currency=of.default_currency,
    )
    return Table(
        name=_("Payments"),
        columns=[
            Column("created", _("Date"), "moment"),
            Column("description", _("Description")),
            Column("status", _("Status")),
            Column("amount", _("Amount"), "money", adds_up=True),
            Column("currency", _("Currency")),
            Column("method", _("Paid with")),
            Column("customer", _("Customer")),
            Column("id", _("Payment")),
        ],
        rows=lambda: _batches(of, search),
        count=lambda: None,
    )


def _batches(of: Whose, search: PaymentSearch) -> Iterator[Sequence[Sequence[Cell]]]:
    if search.ident:
        ids = ids_behind(search.ident)
        rows = payments_by_id(ids, of.account_id, livemode=of.livemode)
        yield [_cells(row, of.platform_name) for row in rows]
        return
    wanted = payment_filter_of(
        search, default_currency=of.default_currency, platform=of.platform_name
    )
    cursor: Cursor | None = Cursor(of.now + 1, "")
    while cursor is not None:
        page = PageRequest(limit=BATCH, cursor=cursor)
        found = payments(of.account_id, livemode=of.livemode, page=page, wanted=wanted)
        yield [_cells(row, of.platform_name) for row in found.page.rows]
        cursor = found.searched_to
        if found.page.has_more:
            last = found.page.rows[-1]
            cursor = Cursor(last.created, last.id)


def _cells(row: PaymentRow, platform: str) -> list[Cell]:
    what = row.description
    if not what and row.from_transfer:
        what = _("Payment from %(platform)s") % {"platform": platform}
    what = what or row.payer or _("Payment")
    return [
        dates.local(row.created),
        what,
        state_word(row.state),
        Money(row.amount, row.currency),
        row.currency.upper(),
        card_in_words(row.brand, row.last4),
        row.payer,
        row.id,
    ]
