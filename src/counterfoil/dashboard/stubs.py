"""The stub: what an amount is made of, why, and the reference to share (look, "The idea")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from counterfoil.dashboard.labels import fee_word, gross_word
from counterfoil.dashboard.queries.transactions import TransactionRow
from counterfoil.explain.why import Why
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _


@dataclass(frozen=True, slots=True)
class Line:
    """`href`: a page about this line alone; `note`: a few words below it."""

    word: str
    amount: int
    href: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    word: str
    value: str


@dataclass(frozen=True, slots=True)
class Stub:
    """Lines above a rule, and the sum below it, all in minor units of one currency."""

    currency: str
    lines: tuple[Line, ...]
    total_word: str
    total: int
    why: tuple[str, ...]
    references: tuple[Reference, ...]
    after: int | None = None  # what the account had once this was in its books

    @property
    def adds_up(self) -> bool:
        """Whether the lines give the sum that the books hold."""
        return sum(line.amount for line in self.lines) == self.total


def transaction_stub(
    row: TransactionRow,
    *,
    why: Why,
    platform: str,
    now: int,
    today: date,
    after: int | None = None,
) -> Stub:
    """Gross, each fee, net (reference money-movement, invariant 1)."""
    fees = tuple(Line(fee_word(fee, platform), -fee.amount) for fee in row.fee_details)
    references = [Reference(_("Transaction"), row.id)]
    if row.source_id is not None:
        references.append(Reference(gross_word(row), row.source_id))
    return Stub(
        currency=row.currency,
        lines=(Line(gross_word(row), row.amount), *fees),
        total_word=_("You receive") if row.net >= 0 else _("Leaves your balance"),
        total=row.net,
        why=(*why.sentences, _when(row, now=now, today=today)),
        references=tuple(references),
        after=after,
    )


def _when(row: TransactionRow, *, now: int, today: date) -> str:
    """Since when the amount is part of the balance, or from when."""
    day = {"day": dates.long_day(dates.available_date(row.available_on), today)}
    if row.available_on > now and row.net >= 0:
        return _("Available on %(day)s. A card payment takes a few bank days to clear.") % day
    if row.available_on > now:
        return _("Taken from the money that becomes available on %(day)s.") % day
    if row.net >= 0:
        return _("Part of your available balance since %(day)s.") % day
    return _("Taken from your available balance on %(day)s.") % day
