"""Transactions as a page lists them: grouped by the day on which they happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from counterfoil.dashboard.labels import description
from counterfoil.dashboard.queries.transactions import TransactionRow
from counterfoil.dashboard.stubs import Stub, transaction_stub
from counterfoil.explain.reading import reasons
from counterfoil.explain.why import Reader, Subject, Why
from counterfoil.ledger.wire import FeeDetailWire
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _


@dataclass(frozen=True, slots=True)
class ListedTransaction:
    """One line of a list, with the stub it opens into."""

    id: str
    what: str
    direction: Literal["in", "out"]
    net: int
    currency: str
    created: int
    time: str
    pending_until: str  # a day in words; empty once the money is available
    stub: Stub


@dataclass(frozen=True, slots=True)
class DayGroup:
    day: date
    word: str
    rows: list[ListedTransaction]


def by_day(
    rows: Sequence[TransactionRow],
    *,
    platform: str,
    now: int,
    today: date,
    after: Mapping[str, int] | None = None,
) -> list[DayGroup]:
    """Newest first, as the rows come; days are those of the account's own calendar.

    `after` holds, by id, the balance after each row, where that is known.
    """
    groups, known = [], after or {}
    whys = reasons([subject_of(row) for row in rows], Reader(platform, today))
    for day, of_day in groupby(rows, key=lambda row: dates.local(row.created).date()):
        listed = [
            _listed(
                row,
                why=whys[row.id],
                platform=platform,
                now=now,
                today=today,
                after=known.get(row.id),
            )
            for row in of_day
        ]
        groups.append(DayGroup(day, dates.near_day(day, today), listed))
    return groups


def _listed(
    row: TransactionRow, *, why: Why, platform: str, now: int, today: date, after: int | None
) -> ListedTransaction:
    pending = row.available_on > now
    return ListedTransaction(
        id=row.id,
        what=description(row, platform),
        direction="in" if row.net >= 0 else "out",
        net=row.net,
        currency=row.currency,
        created=row.created,
        time=dates.clock_time(row.created),
        pending_until=_available(dates.available_date(row.available_on), today) if pending else "",
        stub=transaction_stub(row, why=why, platform=platform, now=now, today=today, after=after),
    )


def subject_of(row: TransactionRow) -> Subject:
    """What `explain` wants to know of a row."""
    return Subject(
        id=row.id,
        type=row.type,
        reporting_category=row.reporting_category,
        amount=row.amount,
        net=row.net,
        currency=row.currency,
        created=row.created,
        description=row.description,
        source_id=row.source_id,
        exchange_rate=row.exchange_rate,
        balance_type=row.balance_type,
        fees=[
            FeeDetailWire(fee.amount, None, fee.currency or row.currency, fee.description, fee.type)
            for fee in row.fee_details
        ],
    )


def _available(day: date, today: date) -> str:
    if day == today:
        return _("available later today")
    return _("available %(day)s") % {"day": dates.short_day(day)}


def balances_down(rows: Sequence[TransactionRow], newest: Mapping[str, int]) -> dict[str, int]:
    """The balance after each row of an unbroken list, newest first, from the one after the newest
    of each currency. Rows of another balance leave this one as it is."""
    running, found = dict(newest), {}
    for row in rows:
        if row.balance_type == "payments" and row.currency in running:
            found[row.id] = running[row.currency]
            running[row.currency] -= row.net
    return found
