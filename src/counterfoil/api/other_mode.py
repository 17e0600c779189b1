"""Saying that an object exists after all, in the mode that the key is not for."""

from __future__ import annotations

from dataclasses import replace

from counterfoil.api.endpoint import PREFIX, Call, find
from counterfoil.api.errors import UnknownUrl
from counterfoil.kit.refused import Refused, ResourceMissing


def with_hint(missing: ResourceMissing, call: Call) -> ResourceMissing:
    """The refusal, and where the object is, when the platform's other mode has it.

    Test and live mode are worlds apart, so this is the usual reason for a 404 on an id that is
    plainly there. Asked only after a miss, only about the first id in the path.
    """
    caller = call.caller
    segments = call.path[len(PREFIX) :].split("/")
    if len(segments) < 2 or not caller.scope.is_platform:
        return missing
    try:
        endpoint, ids = find("GET", PREFIX + "/".join(segments[:2]))
    except UnknownUrl:
        return missing
    if len(ids) != 1 or endpoint.takes_params or f"'{ids[0]}'" not in missing.message:
        return missing
    there = call.of(replace(caller, livemode=not caller.livemode))
    try:
        endpoint.function(there, ids[0])
    except Refused:
        return missing
    mine, other = ("live", "test") if caller.livemode else ("test", "live")
    missing.message += (
        f". It exists in {other} mode, and this is a key for {mine} mode: use the other key."
    )
    return missing
