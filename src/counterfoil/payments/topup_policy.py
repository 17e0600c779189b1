"""What may be topped up and when its state may change, as pure functions (api.md §5.4)."""

from __future__ import annotations

import re
from typing import Final

from counterfoil.kit.refused import InvalidRequest
from counterfoil.payments.topup_rows import TopupRow

MOST: Final = 99_999_999_999  # minor units
PAID: Final = "paid"
_DESCRIPTOR: Final = re.compile(r"""(?=.*[A-Za-z])[^<>\\'"*]{1,15}""", re.ASCII)

# What the bank's answers mean to a person (the codes are those of failed payouts as well).
_MESSAGES: Final = {
    "no_account": "The bank account could not be located.",
    "account_closed": "The bank account has been closed.",
    "insufficient_funds": "The bank account did not hold enough money.",
    "debit_not_authorized": "The bank account does not allow debits.",
    "invalid_currency": "The bank account does not take payments in this currency.",
}


def check_topup_amount(amount: int) -> None:
    if amount <= 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            param="amount",
            code="parameter_invalid_integer",
        )
    if amount > MOST:
        raise InvalidRequest(
            f"Amount must be no more than {MOST} minor units.",
            param="amount",
            code="amount_too_large",
        )


def check_topup_descriptor(text: str | None) -> None:
    """What stands on the bank's statement."""
    if text and not (text.isascii() and _DESCRIPTOR.fullmatch(text)):
        raise InvalidRequest(
            "A top-up's statement descriptor has at most 15 ASCII characters, at least one"
            " letter, and none of < > \\ ' \" *.",
            param="statement_descriptor",
        )


def check_pending(topup: TopupRow, *, verb: str) -> None:
    """Only what the bank has not answered yet can still be changed so."""
    if topup.status != "pending":
        raise InvalidRequest(
            f"Top-up {topup.id} cannot be {verb}: it is {topup.status}, and only pending"
            " top-ups can.",
            code="status_transition_invalid",
        )


def failure_message(code: str) -> str:
    return _MESSAGES.get(code, "The bank did not deliver the money.")
