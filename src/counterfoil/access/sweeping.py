"""Forgetting what is over: a duty of the worker."""

from __future__ import annotations

from typing import Final

from django.conf import settings

from counterfoil.kit.clock import DAY
from counterfoil.kit.db import execute

# A link that is over still explains itself when somebody finds it in a tab or a history.
LINKS_KEPT: Final = 30 * DAY
# One that is over opens nothing, but says whose form it was that comes too late (`left_forms.py`).
SESSIONS_KEPT: Final = DAY
EVERY_SECONDS: Final = 600

_next_sweep = 0


def sweep_when_due(now_wall: int) -> int:
    """`sweep`, at most every ten minutes in each worker."""
    global _next_sweep
    if now_wall < _next_sweep:
        return 0
    _next_sweep = now_wall + EVERY_SECONDS
    return sweep(now_wall)


def sweep(now_wall: int) -> int:
    """Delete sessions, links, codes and send slots that no longer mean anything; how many.

    `now_wall` is the wall clock, UTC seconds. Any number of workers may do it at once.
    """
    gone = execute(
        "DELETE FROM access_session WHERE ends_at <= %s OR idle_until <= %s",
        [now_wall - SESSIONS_KEPT, now_wall - SESSIONS_KEPT],
    )
    gone += execute(
        "DELETE FROM access_operatorsession WHERE ends_at <= %s OR idle_until <= %s",
        [now_wall, now_wall],
    )
    gone += execute("DELETE FROM access_viewing WHERE ends_at <= %s", [now_wall])
    gone += execute("DELETE FROM access_alarm WHERE ends_at <= %s", [now_wall])
    gone += execute("DELETE FROM access_challenge WHERE ends_at <= %s", [now_wall])
    gone += execute(
        "DELETE FROM access_factor WHERE confirmed_at IS NULL AND created <= %s", [now_wall - DAY]
    )
    gone += execute("DELETE FROM access_heldform WHERE ends_at <= %s", [now_wall])
    gone += execute("DELETE FROM access_signincode WHERE expires_at <= %s", [now_wall - DAY])
    gone += execute("DELETE FROM access_loginlink WHERE expires_at <= %s", [now_wall - LINKS_KEPT])
    gone += execute(
        "DELETE FROM access_accountlink WHERE expires_at <= %s", [now_wall - LINKS_KEPT]
    )
    gone += execute("DELETE FROM access_newcontact WHERE ends_at <= %s", [now_wall])
    gone += execute("DELETE FROM access_signin WHERE ends_at <= %s", [now_wall])
    gone += execute("DELETE FROM access_lostphone WHERE ends_at <= %s", [now_wall])
    gone += execute(
        "DELETE FROM access_sendslot WHERE used_at <= %s",
        [now_wall - settings.LIFETIMES.send_window],
    )
    return gone
