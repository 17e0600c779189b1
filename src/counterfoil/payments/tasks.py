"""What payments does for the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterfoil.kit.scope import Scope
from counterfoil.outbox.registry import handles
from counterfoil.payments.operations.refunds import run_pending_refunds
from counterfoil.payments.operations.waiting import JOB
from counterfoil.platforms.queries import platform_time


@handles(JOB)
def pending_refunds(payload: Mapping[str, Any], now_wall: int) -> None:
    scope = Scope(payload["platform_id"], payload["account_id"], payload["livemode"])
    now = platform_time(scope.platform_id, livemode=scope.livemode, now_wall=now_wall)
    run_pending_refunds(scope=scope, currency=payload["currency"], now=now)
