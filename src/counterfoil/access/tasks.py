"""What the way in does for the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import translation

from counterfoil.access.alarms import tell
from counterfoil.access.self_serve import SEND, deliver_code
from counterfoil.accounts.operations.telling import TELL
from counterfoil.kit.crypt import unseal
from counterfoil.kit.scope import Scope
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


@handles(TELL)
def tell_holder(payload: Mapping[str, Any], now_wall: int) -> None:
    former = payload.get("former", {})
    with translation.override(payload["language"] or "en"):
        tell(
            Scope(payload["platform_id"], payload["account_id"], payload["livemode"]),
            payload["change"],
            last4=payload.get("last4", ""),
            former={name: unseal(value) for name, value in former.items()},
            now_wall=now_wall,
        )
