"""What the transactions page is asked for, read from its address and kept in it.

What cannot be read (a day that is none, an amount with letters, from after to) is told beside its
field, and the list is shown without it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final, Protocol
from urllib.parse import urlencode

from counterfoil.dashboard.labels import FILTERS, filter_word, word_of
from counterfoil.dashboard.queries.transactions import TransactionFilter
from counterfoil.dashboard.typed import Mistyped, typed_amount, typed_date
from counterfoil.kit.pages import Cursor
from counterfoil.wording import dates
from counterfoil.wording.languages import active_zone
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

_ID: Final = re.compile(r"[a-z]{2,6}_[A-Za-z0-9]{8,60}")
_LONGEST_QUERY: Final = 200


class Asked(Protocol):
    """A query string, as Django reads it."""

    def get(self, name: str, default: str, /) -> str: ...
    def getlist(self, name: str, /) -> list[str]: ...


@dataclass(slots=True)
class Search:
    """What is asked for; `typed` holds fields as they were typed, `errors` what is wrong."""

    kinds: tuple[str, ...] = ()
    currency: str = ""
    pending: bool = False
    query: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    at_least: int | None = None
    at_most: int | None = None

    @property
    def is_anything(self) -> bool:
        return bool(self.address())

    @property
    def ident(self) -> str | None:
        """The id that is looked for, when the words are one."""
        return self.query if _ID.fullmatch(self.query) else None

    def address(self, **changes: str) -> str:
        """The query string that asks for the same, with changes; without a cursor unless given."""
        fields = {"q": self.query, **self.typed, **changes}
        asked = [*self.chosen(), *fields.items()]
        return urlencode([(name, value) for name, value in asked if value])

    def chosen(self) -> list[tuple[str, str]]:
        """What was chosen among a list's own choices."""
        return [
            *(("type", kind) for kind in self.kinds),
            ("currency", self.currency),
            ("status", "pending" if self.pending else ""),
        ]

    def kinds_in_words(self) -> str:
        return ", ".join(filter_word(kind) for kind in self.kinds)

    def days_in_words(self) -> str:
        if self.since and self.until:
            words = {"first": dates.short_day(self.since), "last": dates.short_day(self.until)}
            return _("%(first)s to %(last)s") % words
        if self.since:
            return _("from %(day)s") % {"day": dates.short_day(self.since)}
        if self.until:
            return _("until %(day)s") % {"day": dates.short_day(self.until)}
        return ""

    def amounts_in_words(self, currency: str) -> str:
        least = money_text(self.at_least, currency) if self.at_least is not None else ""
        most = money_text(self.at_most, currency) if self.at_most is not None else ""
        if least and least == most:
            return least
        if least and most:
            return _("%(least)s to %(most)s") % {"least": least, "most": most}
        if least:
            return _("from %(amount)s") % {"amount": least}
        return _("up to %(amount)s") % {"amount": most} if most else ""


def read_search(asked: Asked, *, currencies: Sequence[str], default_currency: str) -> Search:
    """Read the address. What is unknown in it is left out; what is mistyped is told."""
    currency = asked.get("currency", "").lower()
    search = Search(
        kinds=tuple(kind for kind in FILTERS if kind in asked.getlist("type")),
        currency=currency if currency in currencies else "",
        pending=asked.get("status", "") == "pending",
        query=read_query(asked),
        typed=read_typed(asked),
    )
    read_days(search)
    read_amounts(search, search.currency or default_currency)
    return search


def read_query(asked: Asked) -> str:
    return " ".join(asked.get("q", "").replace("\0", "").split())[:_LONGEST_QUERY]


def read_typed(asked: Asked) -> dict[str, str]:
    """Days and amounts as they were typed, to be shown again."""
    return {name: asked.get(name, "").strip() for name in ("from", "to", "least", "most")}


def read_days(search: Search) -> None:
    for name, attribute in (("from", "since"), ("to", "until")):
        try:
            setattr(search, attribute, typed_date(search.typed[name]))
        except Mistyped as error:
            search.errors[name] = str(error)
    if search.since and search.until and search.since > search.until:
        search.errors["to"] = _("This day is before the first one.")
        search.until = None


def read_amounts(search: Search, currency: str) -> None:
    for name, attribute in (("least", "at_least"), ("most", "at_most")):
        if not search.typed[name]:
            continue
        try:
            setattr(search, attribute, abs(typed_amount(search.typed[name], currency)))
        except Mistyped as error:
            search.errors[name] = str(error)
    least, most = search.at_least, search.at_most
    if least is not None and most is not None and least > most:
        search.errors["most"] = _("This is less than the smallest amount.")
        search.at_most = None


def filter_of(
    search: Search, *, now: int, default_currency: str, platform: str
) -> TransactionFilter:
    """The same for the database. Days are those of the account's own calendar; lines are called
    what the page calls them."""
    exactly, least, most, words = None, search.at_least, search.at_most, search.query
    if words and (amount := amount_in(words, search.currency or default_currency)) is not None:
        exactly, words = amount, ""
    elif least is not None and least == most:
        exactly, least, most = least, None, None
    return TransactionFilter(
        types=tuple(kind for name in search.kinds for kind in FILTERS[name]),
        currency=search.currency or None,
        since=start_of(search.since),
        until=start_of(search.until + timedelta(days=1)) if search.until else None,
        exactly=exactly,
        at_least=least,
        at_most=most,
        pending_at=now if search.pending else None,
        words=tuple(word_of(word, platform) for word in words.split()),
    )


def read_cursor(text: str) -> Cursor | None:
    """Where the page before ended; what is no cursor starts at the newest."""
    created, _dot, ident = text.partition(".")
    if not (created.isascii() and created.isdigit() and len(created) <= 12 and ident):
        return None
    return Cursor(int(created), ident[:64])


def cursor_text(cursor: Cursor) -> str:
    return f"{cursor.created}.{cursor.id}"


def amount_in(words: str, currency: str) -> int | None:
    """`41.18`, `-$41.18`; None for what is no amount."""
    try:
        return abs(typed_amount(words, currency))
    except Mistyped:
        return None


def start_of(day: date | None) -> int | None:
    if day is None:
        return None
    return int(datetime.combine(day, time(), active_zone()).timestamp())
