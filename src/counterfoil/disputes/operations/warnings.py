"""Early fraud warnings: actionable until the charge is disputed or refunded in full."""

from __future__ import annotations

from counterfoil.disputes.rows import WarningRow
from counterfoil.disputes.wire import warning_wire
from counterfoil.kit.db import fetch_all, lock_row_suffix, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.scope import Scope
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charges import locked_charge
from counterfoil.payments.rows import ChargeRow, find

EVENT = "radar.early_fraud_warning"


def warn_of_fraud(*, scope: Scope, charge_id: str, now: int) -> bool:
    """The issuer of a test card suspects fraud; False when it said so before."""
    with unit_of_work():
        charge = locked_charge(charge_id, scope)
        if _warnings(charge):
            return False
        now = max(now, charge.created)
        row = WarningRow(
            id=new_id("issfr", now),
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id=scope.account_id,
            created=now,
            charge_id=charge.id,
            charge_created=charge.created,
            seller_id=charge.seller_id,
            payment_intent_id=charge.payment_intent_id,
            fraud_type="unauthorized_use_of_card",
            actionable=not charge.disputed and charge.amount_refunded < charge.amount_captured,
        )
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.add(row)
        batch.event(f"{EVENT}.created", scope, warning_wire(row), row.id)
        batch.write()
    return True


def answered_by_dispute(batch: Batch, charge: ChargeRow) -> None:
    """The charge, held by the caller, is disputed now: nothing can be done any more."""
    for ident in _warnings(charge):
        row = find(WarningRow, ident, charge.scope, suffix=lock_row_suffix())
        if row is not None and row.actionable:
            _answer(batch, row)


def answered_by_refund(*, scope: Scope, warning_id: str, now: int) -> bool:
    """The charge was refunded in full; False when another worker knew it already."""
    with unit_of_work():
        row = find(WarningRow, warning_id, scope, suffix=lock_row_suffix())
        if row is None or not row.actionable:
            return False
        batch = Batch(scope.platform_id, scope.livemode, now)
        _answer(batch, row)
        batch.write()
    return True


def _answer(batch: Batch, row: WarningRow) -> None:
    row.actionable = False
    batch.change(row)
    batch.event(f"{EVENT}.updated", row.scope, warning_wire(row), row.id, {"actionable": True})


def _warnings(charge: ChargeRow) -> list[str]:
    rows = fetch_all("SELECT id FROM disputes_earlyfraudwarning WHERE charge_id = %s", [charge.id])
    return [ident for (ident,) in rows]
