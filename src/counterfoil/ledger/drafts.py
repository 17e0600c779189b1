"""What an operation hands to the books: lines, the transactions owners see, whole entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from counterfoil.ledger.models import Purpose

Side = Literal["debit", "credit"]
FeeType = Literal["application_fee", "stripe_fee", "tax", "payment_method_passthrough_fee"]


@dataclass(frozen=True, slots=True)
class Line:
    """One posting to be: a debit or a credit of a positive amount.

    Credits increase what an owner has. `available_on` is UTC seconds; what is available at
    once carries the moment of the entry.
    """

    owner: str
    purpose: Purpose
    side: Side
    amount: int
    currency: str
    available_on: int


@dataclass(frozen=True, slots=True)
class FeeDetail:
    """One part of a transaction's fee, in minor units of `currency`."""

    amount: int
    currency: str
    type: FeeType
    application: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class TransactionDraft:
    """A balance transaction to be (reference api.md §3). `net` follows from amount and fees."""

    id: str
    owner: str
    type: str
    reporting_category: str
    amount: int
    currency: str
    available_on: int
    source_id: str | None
    description: str | None = None
    fees: Sequence[FeeDetail] = ()
    balance_type: Purpose = Purpose.PAYMENTS
    exchange_rate: str | None = None

    @property
    def fee(self) -> int:
        return sum(detail.amount for detail in self.fees)

    @property
    def net(self) -> int:
        return self.amount - self.fee


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """One business event: a key that names it once, balanced lines, and what owners see."""

    key: str
    kind: str
    lines: Sequence[Line]
    transactions: Sequence[TransactionDraft] = field(default=())


def move(
    *, debit: tuple[str, Purpose], credit: tuple[str, Purpose], amount: int, currency: str, on: int
) -> list[Line]:
    """A debit and a credit of one amount; nothing for zero."""
    if amount == 0:
        return []
    return [
        Line(*debit, "debit", amount, currency, on),
        Line(*credit, "credit", amount, currency, on),
    ]
