"""What an operator does for a seller: a way back in without the second step, and signing out.

Whoever lost their device and their recovery codes is let in by a code again, as before they set a
second step up. So the operator first makes sure who asks, as when the account was verified, and
says how. It is on record, every contact is told with a link for "this was not me", everybody is
signed out, and a bank account that is added soon after waits as after a lost phone. Moments are
the wall clock's, UTC seconds.
"""

from __future__ import annotations

from counterfoil.access.alarms import tell
from counterfoil.access.session_list import end_sessions
from counterfoil.accounts.operations.contact import note_way_back
from counterfoil.audit.operations import record
from counterfoil.kit.db import execute, fetch_all, unit_of_work
from counterfoil.kit.refused import Refused
from counterfoil.kit.scope import Scope
from counterfoil.platforms.queries import platform_time


class NothingToTake(Refused):
    """The account has no second step, so nothing is in its holder's way."""


def take_second_step(scope: Scope, *, checked: str, now_wall: int) -> int:
    """Remove every second step and recovery code of an account; how many steps.

    `checked` is how the operator made sure who asks, for the log. Raises NothingToTake.
    """
    with unit_of_work():
        taken = fetch_all(
            "DELETE FROM access_factor WHERE account_id = %s RETURNING confirmed_at",
            [scope.account_id],
        )
        steps = sum(row[0] is not None for row in taken)
        if not steps:
            raise NothingToTake("This account has no second step: a code that is sent lets in.")
        execute("DELETE FROM access_recoverycode WHERE account_id = %s", [scope.account_id])
        end_sessions(scope)
        now = platform_time(scope.platform_id, livemode=scope.livemode, now_wall=now_wall)
        note_way_back(
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id=scope.account_id,
            now=now,
        )
        record("factors.taken", scope=scope, after={"steps": steps, "checked": checked[:500]})
        tell(scope, "factors.taken", now_wall=now_wall)
    return steps


def sign_everybody_out() -> int:
    """End every session of every account, each on record; how many."""
    ended = 0
    for platform_id, account_id, livemode in fetch_all(
        "SELECT DISTINCT platform_id, account_id, livemode FROM access_session"
    ):
        ended += end_sessions(Scope(platform_id, account_id, bool(livemode)))
    return ended
