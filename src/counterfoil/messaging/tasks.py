"""What messaging does for the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterfoil.messaging.operations import SEND, deliver
from counterfoil.outbox.registry import handles


@handles(SEND)
def send(payload: Mapping[str, Any], now_wall: int) -> None:
    deliver(payload["sealed"], now=now_wall)
