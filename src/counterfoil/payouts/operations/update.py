"""Changing what may be changed of a payout: its metadata."""

from __future__ import annotations

from counterfoil.kit.db import unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.scope import Scope
from counterfoil.payments.details import read_metadata, text_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payouts.operations.ending import locked_payout
from counterfoil.payouts.params import UpdatePayout
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import payout_wire


def update_payout(*, scope: Scope, payout_id: str, params: UpdatePayout, now: int) -> PayoutRow:
    """Merge the metadata. `now` is the platform's clock. Raises ResourceMissing."""
    with unit_of_work():
        row = locked_payout(payout_id, scope)
        before = read_metadata(row.metadata)
        after = merge_metadata(before, params.metadata)
        if after != before:
            row.metadata = text_of(after)
            batch = Batch(scope.platform_id, scope.livemode, now)
            batch.change(row)
            batch.event("payout.updated", scope, payout_wire(row), row.id, {"metadata": before})
            batch.write()
    return row
