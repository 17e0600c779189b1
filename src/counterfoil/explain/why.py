"""What a reason is, and what one is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from counterfoil.ledger.wire import FeeDetailWire
from counterfoil.wording import dates
from counterfoil.wording.money_text import money_text

Operation = Literal[
    "account_debit",
    "application_fee",
    "application_fee_refund",
    "charge",
    "collection",
    "dispute",
    "fee",
    "minimum_balance",
    "other",
    "payment",
    "payout",
    "refund",
    "reserve",
    "top_up",
    "transfer",
    "transfer_reversal",
    "withdrawal",
]
# What made the number this one. docs/concepts/why.md says each in a sentence.
Rule = Literal[
    "application_fee_kept",
    "application_fee_returned",
    "bank_took_back",
    "below_zero_180_days",
    "debit_negative_balance",
    "destination_charge",
    "direct_charge",
    "dispute_answer_fee",
    "dispute_fee_kept",
    "dispute_fee_returned",
    "dispute_withdrawal",
    "funds_added",
    "instant_fee",
    "instant_fee_returned",
    "minimum_balance_kept",
    "minimum_balance_released",
    "payout_by_hand",
    "payout_canceled",
    "payout_failed",
    "payout_reversed",
    "payout_schedule",
    "platform_charge",
    "platform_pays_fee",
    "processing_fee_not_returned",
    "recorded",
    "refund_not_delivered",
    "refunded",
    "reserve_held",
    "reserve_released",
    "source_transaction",
    "transfer",
    "transfer_taken_back",
]
DecidedBy = Literal["bank", "cardholder", "platform", "rule", "schedule", "seller", "unknown"]


@dataclass(frozen=True, slots=True)
class Why:
    """The reason for one balance transaction.

    `sentences` are in the language in force, for the owner of the transaction: "you".
    """

    operation: Operation
    rule: Rule
    decided_by: DecidedBy
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """A balance transaction that is to be explained."""

    id: str
    type: str
    reporting_category: str
    amount: int
    net: int
    currency: str
    created: int
    description: str | None
    source_id: str | None
    exchange_rate: str | None
    balance_type: str
    fees: Sequence[FeeDetailWire]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: the platform's name as they know it, and the day on which they read."""

    platform: str
    today: date
    is_platform: bool = False

    def day(self, moment: int) -> str:
        """`3 Nov`, with the year when it is another one."""
        return dates.day_and_month(dates.local(moment).date(), self.today)

    def utc_day(self, moment: int) -> str:
        """The day of what a schedule or a bank does at the start of a UTC day, and of an arrival;
        of any other moment the reader's own (`dates.available_date`)."""
        return dates.day_and_month(dates.available_date(moment), self.today)


def said(amount: int, currency: str) -> str:
    """An amount inside a sentence: without a sign, which the words give."""
    return money_text(abs(amount), currency)
