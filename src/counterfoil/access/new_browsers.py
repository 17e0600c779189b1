"""Somebody signs in with a browser that the account was never opened with: its contacts hear of it.

A code may have been typed by whoever took over a number or a mailbox, so both are written to
(ASVS 5.0 V6.3.5). What is known stands in the audit log. The first one of all is no news, and test
mode has too many.
"""

from __future__ import annotations

from counterfoil.access.alarms import tell
from counterfoil.kit.db import fetch_one
from counterfoil.kit.devices import device_of
from counterfoil.kit.scope import Scope

_SEEN = """
SELECT EXISTS (SELECT 1 FROM audit_record r WHERE r.account_id = %s AND r.livemode = %s
               AND r.action = 'session.started'),
       EXISTS (SELECT 1 FROM audit_record r WHERE r.account_id = %s AND r.livemode = %s
               AND r.action = 'session.started' AND r.browser = %s AND r.system = %s)
"""


def tell_of_a_new_browser(scope: Scope, user_agent: str | None, *, now_wall: int) -> None:
    """In the caller's transaction, before it writes down that a session has begun."""
    device = device_of(user_agent)
    if not scope.livemode or device.browser is None or device.system is None:
        return
    account = [scope.account_id, scope.livemode]
    row = fetch_one(_SEEN, [*account, *account, device.browser, device.system])
    assert row is not None, "two questions have two answers"
    anybody, this_one = row
    if anybody and not this_one:
        words = f"{device.browser}, {device.system}"
        tell(scope, "session.new_browser", device=words, now_wall=now_wall)
