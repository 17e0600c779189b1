"""Rows of the payouts table; read and written by `payments.rows`, many at once by `save_all`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from counterfoil.kit.db import fetch_all, insert_rows, lock_row_suffix, placeholders
from counterfoil.payments.rows import Row, names_of

IN_FLIGHT = ("pending", "in_transit")


@dataclass(slots=True, kw_only=True)
class PayoutRow(Row):
    TABLE: ClassVar[str] = "payouts_payout"

    amount: int
    currency: str
    status: str
    automatic: bool
    method: str
    destination_id: str
    destination_type: str
    arrival_date: int
    balance_transaction_id: str
    lands_at: int
    line_count: int = 0
    lines_hash: str = ""
    decided_by: str | None = None
    schedule: str | None = None
    source_type: str = "card"
    statement_descriptor: str | None = None
    description: str | None = None
    metadata: str = "{}"
    application_fee_id: str | None = None
    application_fee_amount: int | None = None
    provider_fee: int = 0
    next_at: int | None = None
    attempts: int = 0
    sent_at: int | None = None
    paid_at: int | None = None
    trace_value: str | None = None
    reconciled: bool = False
    batch_id: str | None = None
    failure_transaction_id: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    original_payout_id: str | None = None
    reversed_by_id: str | None = None

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)
        self.automatic = bool(self.automatic)
        self.reconciled = bool(self.reconciled)


def save_all(rows: Sequence[PayoutRow]) -> None:
    """Write many changed rows back in one statement. The caller holds them."""
    names = names_of(PayoutRow)
    sets = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    values = [[getattr(row, name) for name in names] for row in rows]
    insert_rows(PayoutRow.TABLE, names, values, conflict=f"ON CONFLICT (id) DO UPDATE SET {sets}")


def lock_all(ids: Sequence[str]) -> list[PayoutRow]:
    """Payouts of any account, held until the transaction ends; in id order."""
    if not ids:
        return []
    names = names_of(PayoutRow)
    rows = fetch_all(
        f"SELECT {', '.join(names)} FROM {PayoutRow.TABLE}"
        f" WHERE id IN ({placeholders(ids)}) ORDER BY id{lock_row_suffix()}",
        list(ids),
    )
    return [PayoutRow(**dict(zip(names, row, strict=True))) for row in rows]
