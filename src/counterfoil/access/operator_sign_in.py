"""Signing in to the console: as at `/login` (`self_serve.py`), by e-mail only.

Nobody learns who is an operator: the same rows are written for every address, and a worker looks.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from counterfoil.access.onetime import digits_of, forget_code, try_code
from counterfoil.access.operator_sessions import start_operator_session
from counterfoil.access.people import operator_doors
from counterfoil.access.self_serve import NoAccount, Waiting, holder_hash
from counterfoil.kit.db import execute
from counterfoil.kit.refused import Refused


def finish_operator_sign_in(
    waiting: Waiting, typed: str, *, ip: str | None, user_agent: str | None, now_wall: int
) -> str:
    """Exchange the code for a session of the newest marketplace's console; its token.

    In development 000000 serves as well. Raises NotACode, WrongCode, CodeSpent, NoAccount; the
    spent try stays spent.
    """
    code = digits_of(typed)
    with transaction.atomic():
        # Not raised in here: leaving by an exception would give the try back.
        outcome = _exchange(waiting, code, ip=ip, user_agent=user_agent, now_wall=now_wall)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _exchange(
    waiting: Waiting, code: str, *, ip: str | None, user_agent: str | None, now_wall: int
) -> str | Refused:
    refusal = try_code(
        code,
        key=waiting.sha256,
        holder=holder_hash(waiting),
        testmode=settings.DEVELOPMENT,
        now_wall=now_wall,
    )
    if refusal is not None:
        return refusal
    # Outside development a code is right only where it was sent, to an operator.
    address = waiting.address if settings.DEVELOPMENT else waiting.sent_to
    doors = operator_doors(("email", address)) if address else []
    forget_code(waiting.sha256)
    execute("DELETE FROM access_signin WHERE sha256 = %s", [waiting.sha256])
    if not doors:
        return NoAccount("Nobody with this address looks after a marketplace.")
    return start_operator_session(
        operator_id=doors[0].operator_id,
        platform_id=doors[0].platform_id,
        ip=ip,
        user_agent=user_agent,
        now_wall=now_wall,
    )
