"""What accounts do for the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from counterfoil.accounts.operations import ask_for_the_rest
from counterfoil.outbox.registry import handles
from counterfoil.platforms.queries import platform_time

REST_JOB: Final = "accounts.ask_for_the_rest"


@handles(REST_JOB)
def rest_is_due(payload: Mapping[str, Any], now_wall: int) -> None:
    now = platform_time(payload["platform_id"], livemode=payload["livemode"], now_wall=now_wall)
    ask_for_the_rest(**payload, now=now)
