"""/v1/test_helpers/clock: test mode's clock, ours (design §2)."""

from __future__ import annotations

import msgspec

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.kit.refused import InvalidRequest
from counterfoil.payments.params import Params
from counterfoil.platforms.timing import advance_clock


class ClockWire(msgspec.Struct):
    """What the platform's clock shows, and how much fell due on the way there."""

    now: int  # UTC seconds
    livemode: bool
    done: int = 0
    object: str = "clock"


class AdvanceClock(Params):
    """How far: `seconds` from now, or `to` a moment in UTC seconds."""

    seconds: int | None = None
    to: int | None = None


@endpoint("GET", "test_helpers/clock")
def show(call: Call) -> ClockWire:
    return ClockWire(now=call.now, livemode=call.caller.livemode)


@endpoint("POST", "test_helpers/clock/advance", params=AdvanceClock, own_transactions=True)
def advance(call: Call, params: AdvanceClock) -> ClockWire:
    """Answers when all that fell due has run, each thing at its own moment."""
    if call.caller.livemode:
        raise InvalidRequest("Live mode's clock is real time: use a test key to move a clock.")
    if (params.seconds is None) == (params.to is None):
        raise InvalidRequest(
            "Send either seconds (how far) or to (a moment in UTC seconds).",
            param="seconds",
            code="parameter_missing" if params.to is None else "parameters_exclusive",
        )
    if params.seconds is not None and params.seconds <= 0:
        raise InvalidRequest("Test clocks only move forwards.", param="seconds")
    to = params.to if params.to is not None else call.now + (params.seconds or 0)
    done = advance_clock(platform_id=call.caller.platform_id, to=to, now_wall=call.now_wall)
    return ClockWire(now=to, livemode=False, done=done)
