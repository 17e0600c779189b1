"""What the way in does for the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterfoil.access.self_serve import SEND, deliver_code
from counterfoil.kit.crypt import unseal
from counterfoil.outbox.registry import handles


@handles(SEND)
def send_sign_in_code(payload: Mapping[str, Any], now_wall: int) -> None:
    deliver_code(
        payload,
        channel=payload["channel"],
        address=unseal(payload["address"]),
        code=unseal(payload["code"]),
        now=now_wall,
    )
