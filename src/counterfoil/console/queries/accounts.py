"""The list of accounts: flat, however many there are; each way to ask walks one index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from counterfoil.accounts.standing import name_key
from counterfoil.kit.clock import utc_date
from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.scope import Scope

_ABOVE_ALL: Final = "\U0010ffff"  # sorts after whatever a name goes on with
FOUND: Final = 50  # of a search, at most


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in the list."""

    id: str
    created: int
    name: str | None
    email: str | None
    country: str
    type: str
    standing: str  # accounts/standing.py
    charges_enabled: bool
    payouts_enabled: bool

    @property
    def since(self) -> date:
        return utc_date(self.created)


_COLUMNS: Final = (
    "a.id, a.created, a.display_name, a.email, a.country, a.type, a.standing, a.charges_enabled,"
    " a.payouts_enabled"
)
_OURS: Final = "a.platform_id = %s AND a.livemode = %s AND a.deleted_at IS NULL"


def accounts_page(scope: Scope, page: PageRequest, *, standing: str | None) -> Page[AccountRow]:
    """A platform's accounts, newest first; those that stand in one way, if it is named."""
    narrowed = "" if standing is None else " AND a.standing = %s"
    condition, params, tail = keyset(page, prefix="a.")
    rows = fetch_all(
        f"SELECT {_COLUMNS} FROM accounts_account a WHERE {_OURS}{narrowed}{condition} {tail}",
        [scope.platform_id, scope.livemode, *([] if standing is None else [standing]), *params],
    )
    return cut([_row(row) for row in rows], page)


def accounts_found(scope: Scope, words: str) -> Page[AccountRow]:
    """Those that are looked for: by id, by e-mail address, by phone number, or by how their name
    begins (then in the order of names). At most `FOUND`; `has_more` says that there are others."""
    where, params, order = _looked_for(words)
    rows = fetch_all(
        f"SELECT {_COLUMNS} FROM accounts_account a"
        f" WHERE {_OURS} AND {where} ORDER BY {order} LIMIT {FOUND + 1:d}",
        [scope.platform_id, scope.livemode, *params],
    )
    return Page([_row(row) for row in rows[:FOUND]], has_more=len(rows) > FOUND)


def _looked_for(words: str) -> tuple[str, list[object], str]:
    if words.startswith("acct_"):
        return "a.id = %s", [words], "a.id"
    if "@" in words:
        return "LOWER(a.email) = LOWER(%s)", [words], "a.created DESC, a.id DESC"
    if words.startswith("+") and any(letter.isdigit() for letter in words):
        digits = "".join(letter for letter in words if letter.isdigit())
        return "a.phone = %s", [f"+{digits}"], "a.created DESC, a.id DESC"
    begin = name_key(words) or ""
    return "a.name_key >= %s AND a.name_key < %s", [begin, begin + _ABOVE_ALL], "a.name_key, a.id"


def _row(row: tuple[Any, ...]) -> AccountRow:
    *facts, charges, payouts = row
    values: list[Any] = [*facts, bool(charges), bool(payouts)]
    return AccountRow(*values)
