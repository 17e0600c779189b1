"""Rows of the disputes tables; read and written by `payments.rows`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from counterfoil.kit.money import Money
from counterfoil.payments.rows import Row


@dataclass(slots=True, kw_only=True)
class DisputeRow(Row):
    TABLE: ClassVar[str] = "disputes_dispute"

    origin: str
    charge_id: str
    amount: int
    currency: str
    status: str
    reason: str
    case_type: str
    charge_created: int
    seller_id: str | None = None
    payment_intent_id: str | None = None
    network_reason_code: str | None = None
    programs: str = "[]"
    due_by: int | None = None
    next_at: int | None = None
    evidence: str = "{}"
    intended_submission_method: str | None = None
    submission_count: int = 0
    submitted_at: int | None = None
    closed_at: int | None = None
    purpose: str | None = None
    available_on: int | None = None
    settled_amount: int | None = None
    settled_currency: str | None = None
    received_fee: int = 0
    countered_fee: int = 0
    countered_purpose: str | None = None
    withdrawal_id: str | None = None
    reversal_id: str | None = None
    metadata: str = "{}"

    @property
    def settled(self) -> Money:
        """What its balance transactions show: in the owner's currency, before fees."""
        if self.settled_amount is None or self.settled_currency is None:
            return Money(self.amount, self.currency)
        return Money(self.settled_amount, self.settled_currency)


@dataclass(slots=True, kw_only=True)
class WarningRow(Row):
    TABLE: ClassVar[str] = "disputes_earlyfraudwarning"

    charge_id: str
    fraud_type: str
    actionable: bool
    charge_created: int
    seller_id: str | None = None
    payment_intent_id: str | None = None

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)
        self.actionable = bool(self.actionable)
