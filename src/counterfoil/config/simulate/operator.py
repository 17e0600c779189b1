"""What is no request: a worker's round, and what live mode's operator does by command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from counterfoil.api.idempotency import forget_old
from counterfoil.config.simulate.steps import Step
from counterfoil.config.simulate.world import NotThere, World
from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import Refused
from counterfoil.kit.scope import Scope
from counterfoil.ledger.sealing import fold_balances
from counterfoil.outbox.running import run_due
from counterfoil.payments.operations.topups import fail_topup, settle_topup
from counterfoil.payouts.operations.by_hand import (
    begin_batch,
    confirm_payouts,
    finish_batch,
    report_failure,
)
from counterfoil.platforms.timing import run_everything_due

Crashing = Callable[[str, Callable[[], Any]], None]  # dies at the failpoint, then again without

# All of `config/duties.py` that moves money or forgets requests, sealing aside: that is done
# after what was written has been looked at.
_DUTIES: Final = (run_due, run_everything_due, fold_balances, forget_old)


def worker(world: World, step: Step, crashing: Crashing) -> str:
    """Time passes, then a worker does what is due until nothing more is."""
    world.now += (step.params or {})["seconds"]

    def rounds() -> None:
        while sum(duty(world.now) for duty in _DUTIES):
            pass

    _, _, point = step.fault.partition(":")
    if point:
        crashing(point, rounds)
    else:
        rounds()
    return "done"


def confirm_topup(world: World, step: Step, _crashing: Crashing) -> str:
    topup_id, scope = _topup(world, step)
    return _said(lambda: settle_topup(topup_id=topup_id, scope=scope, now=world.now))


def bounce_topup(world: World, step: Step, _crashing: Crashing) -> str:
    topup_id, scope = _topup(world, step)
    code = "insufficient_funds"
    return _said(lambda: fail_topup(topup_id=topup_id, scope=scope, code=code, now=world.now))


def export(world: World, step: Step, _crashing: Crashing) -> str:
    batch = begin_batch(platform_id=world.market(step).id, now=world.now)
    if batch is None:
        return "nothing due"
    if not (step.params or {})["finish"]:
        return "not finished"
    finish_batch(batch_id=batch.id, now=world.now)
    return "done"


def bank(world: World, step: Step, _crashing: Crashing) -> str:
    rows = fetch_all(
        "SELECT id FROM payouts_payout WHERE platform_id = %s AND livemode = %s"
        " AND status IN ('in_transit', 'paid') ORDER BY created DESC, id DESC LIMIT 20",
        [world.market(step).id, True],
    )
    if not rows:
        raise NotThere
    params = step.params or {}
    (ident,) = rows[params["pick"] % len(rows)]
    if params["paid"]:
        return _said(lambda: confirm_payouts(payout_ids=[ident], now=world.now))
    return _said(lambda: report_failure(payout_id=ident, code="no_account", now=world.now))


ACTS: Final[dict[str, Callable[[World, Step, Crashing], str]]] = {
    "worker": worker,
    "live_top_up_confirm": confirm_topup,
    "live_top_up_fail": bounce_topup,
    "live_export": export,
    "live_bank": bank,
}


def _topup(world: World, step: Step) -> tuple[str, Scope]:
    platform = world.market(step).id
    return world.filled((step.params or {})["topup"], step), Scope(platform, platform, True)


def _said(act: Callable[[], object]) -> str:
    try:
        act()
    except Refused as refusal:
        return f"400 {refusal.code}"
    return "done"
