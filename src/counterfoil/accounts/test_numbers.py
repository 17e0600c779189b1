"""Bank account and card numbers that decide a payout's fate in test mode.

Source: reference test-data §7. Pure tables: a number goes in, its outcome comes out; payouts
look here when the simulated bank answers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PAID: Final = "paid"
BANK_NAME: Final = "STRIPE TEST BANK"

# Without the leading zeros that each country pads with.
_ACCOUNTS: Final = {
    "123456789": PAID,  # US, CA
    "123456": PAID,  # AU
    "12345": PAID,  # GB
    "111111116": "no_account",
    "11111116": "no_account",  # eight digits, as British numbers have
    "111111113": "account_closed",
    "11111113": "account_closed",
    "222222227": "insufficient_funds",
    "22222227": "insufficient_funds",
    "333333335": "debit_not_authorized",
    "33333335": "debit_not_authorized",
    "444444440": "invalid_currency",
    "44444440": "invalid_currency",
    "888888883": PAID,  # but never instantly
    "999999991": PAID,  # ownership verification completes by itself
    "999999992": PAID,  # ownership verification asks for a document
}
# A bank is asked whose account it is: it says so by itself, or a paper has to.
_ASKED_WHOSE: Final = {"999999991": "bank", "999999992": "paper"}
_NEVER_INSTANT: Final = frozenset({"888888883"})

_IBAN_BY_ENDING: Final = {
    "1": "no_account",
    "2": "account_closed",
    "3": "insufficient_funds",
    "4": "debit_not_authorized",
    "5": "invalid_currency",
}
# In most countries these are no valid IBANs; they are test values all the same.
_FAILING_IBAN: Final = re.compile(r"[A-Z]{2}(62|89)37040044053201300([1-5])")


@dataclass(frozen=True, slots=True)
class DebitCard:
    number: str
    brand: str
    outcome: str
    instant: bool = True


_CARDS: Final = {
    card.number: card
    for card in (
        DebitCard("4000056655665556", "Visa", PAID),
        DebitCard("4000056655665572", "Visa", "could_not_process"),
        DebitCard("4000056755665555", "Visa", PAID, instant=False),
        DebitCard("5200828282828210", "MasterCard", PAID),
        DebitCard("6011981111111113", "Discover", PAID),
    )
}
CARD_TOKENS: Final = {
    "tok_visa_debit": "4000056655665556",
    "tok_mastercard_debit": "5200828282828210",
    "tok_visa_debit_us_transferSuccess": "4000056655665556",
    "tok_visa_debit_us_transferFail": "4000056655665572",
    "tok_visa_debit_us_instantPayoutUnsupported": "4000056755665555",
    "tok_mastercard_debit_us_transferSuccess": "5200828282828210",
    "tok_discover_debit_us_transferSuccess": "6011981111111113",
}
# US accounts that the bank has confirmed already.
BANK_TOKENS: Final = {
    "btok_us_verified": "000123456789",
    "btok_us_verified_noAccount": "000111111116",
    "btok_us_verified_accountClosed": "000111111113",
    "btok_us_verified_insufficientFunds": "000222222227",
    "btok_us_verified_debitNotAuthorized": "000333333335",
    "btok_us_verified_invalidCurrency": "000444444440",
}


def bank_account_outcome(number: str) -> str:
    """`paid` or the failure code of a payout to this account.

    `number` is digits, or an IBAN in capitals without spaces; one the tables do not know is paid.
    """
    if failing := _FAILING_IBAN.fullmatch(number):
        return _IBAN_BY_ENDING[failing[2]]
    return _ACCOUNTS.get(number.lstrip("0"), PAID)


def card_outcome(number: str) -> str:
    """`paid` or the failure code of a payout to this debit card."""
    return _CARDS[number].outcome if number in _CARDS else PAID


def is_test_account(number: str) -> bool:
    """Whether the tables name this account number or IBAN."""
    return number.lstrip("0") in _ACCOUNTS or _FAILING_IBAN.fullmatch(number) is not None


def who_tells_the_owner(number: str) -> str | None:
    """`bank` or `paper` where ownership of a bank account is verified, None elsewhere."""
    return _ASKED_WHOSE.get(number.lstrip("0"))


def is_never_instant(number: str) -> bool:
    return number.lstrip("0") in _NEVER_INSTANT


def debit_card(number: str) -> DebitCard | None:
    """The debit card of a test number, None for any other."""
    return _CARDS.get(number)
