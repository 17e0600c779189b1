"""Top-ups as their table holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from counterfoil.payments.rows import Row


@dataclass(slots=True, kw_only=True)
class TopupRow(Row):
    TABLE: ClassVar[str] = "payments_topup"

    amount: int
    currency: str
    status: str  # pending | succeeded | failed | canceled | reversed
    purpose: str  # payments | prefunding
    initiated_by: str = "user"
    outcome: str | None = None
    next_at: int | None = None
    expected_on: int | None = None
    reference: str | None = None
    external_account_id: str | None = None
    last4: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    balance_transaction_id: str | None = None
    reversal_transaction_id: str | None = None
    statement_descriptor: str | None = None
    transfer_group: str | None = None
    description: str | None = None
    metadata: str = "{}"
