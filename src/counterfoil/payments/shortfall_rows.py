"""Accounts below zero as their table holds them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from counterfoil.payments.rows import Row


@dataclass(slots=True, kw_only=True)
class ShortfallRow(Row):
    """See `models.Shortfall`. Amounts are minor units of `currency`."""

    TABLE: ClassVar[str] = "payments_shortfall"

    currency: str
    since: int | None = None
    reserved: int = 0
    kept: int = 0
    kept_until: int | None = None
    debit_at: int | None = None
    debits_failed: int = 0
    topup_id: str | None = None
    next_at: int | None = None
