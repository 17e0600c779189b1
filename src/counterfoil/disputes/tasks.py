"""What disputes do for the worker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from counterfoil.disputes.operations.opening import open_from_card
from counterfoil.disputes.operations.warnings import warn_of_fraud
from counterfoil.disputes.scenarios import BY_SCENARIO
from counterfoil.kit.scope import Scope
from counterfoil.outbox.registry import handles
from counterfoil.payments.operations.charging import DISPUTE_JOB
from counterfoil.platforms.queries import platform_facts, platform_time


@handles(DISPUTE_JOB)
def issuer_acts(payload: Mapping[str, Any], now_wall: int) -> None:
    scope = Scope(payload["platform_id"], payload["account_id"], payload["livemode"])
    now = platform_time(scope.platform_id, livemode=scope.livemode, now_wall=now_wall)
    charge_id, scenario = payload["charge_id"], payload["scenario"]
    if scenario == "early_fraud_warning":
        warn_of_fraud(scope=scope, charge_id=charge_id, now=now)
        return
    settings = platform_facts(scope.platform_id, livemode=scope.livemode).settings
    for number, opening in enumerate(BY_SCENARIO[scenario], start=1):
        open_from_card(
            scope=scope,
            charge_id=charge_id,
            number=number,
            opening=opening,
            settings=settings,
            now=now,
        )
