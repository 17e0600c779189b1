"""Seeing what a seller sees: an operator looks at the seller's own pages, and changes nothing.

Begun by a button, which is on record where the seller reads it too; over after a while. The pages
are the seller's own code, rendered under an address of the console. Three things keep it reading:
the console refuses every method but GET and HEAD, `signed_in` refuses them once more, and the
database takes no write while a page is made. Moments are the wall clock's, UTC seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from counterfoil.access.operators import Operator
from counterfoil.audit.operations import record
from counterfoil.kit.db import execute, fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.scope import Scope


@dataclass(frozen=True, slots=True)
class Viewing:
    """Who looks, until when, and where leaving it leads."""

    operator_email: str
    ends_at: int
    leave: str


def begin_viewing(operator: Operator, scope: Scope, *, now_wall: int) -> None:
    """Let an operator see an account's pages for a while; on record about that account."""
    ident = new_id("see", now_wall)
    columns = ("id", "session_id", "account_id", "created", "ends_at")
    row = (
        ident,
        operator.session_id,
        scope.account_id,
        now_wall,
        now_wall + settings.LIFETIMES.viewing,
    )
    with unit_of_work():
        insert_rows("access_viewing", columns, [row])
        record("account.seen", scope=scope, object_id=ident)


def viewing_ends_at(operator: Operator, account_id: str, *, now_wall: int) -> int | None:
    """Until when this session may see the account's pages; None when it may not."""
    row = fetch_one(
        "SELECT MAX(ends_at) FROM access_viewing"
        " WHERE session_id = %s AND account_id = %s AND ends_at > %s",
        [operator.session_id, account_id, now_wall],
    )
    return row[0] if row else None


def end_viewing(operator: Operator, account_id: str) -> None:
    execute(
        "DELETE FROM access_viewing WHERE session_id = %s AND account_id = %s",
        [operator.session_id, account_id],
    )
