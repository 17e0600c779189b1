"""Why a bank returned a payout, in the seller's words: what is wrong, and what to do."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.wording.languages import gettext as _

_WORDS: Final = {
    "account_closed": gettext_noop("Your bank says that this account is closed. Add another one."),
    "account_frozen": gettext_noop(
        "Your bank has frozen this account. Ask your bank, or add another account."
    ),
    "bank_account_restricted": gettext_noop(
        "This account does not take payouts of this kind. Ask your bank, or add another account."
    ),
    "bank_ownership_changed": gettext_noop(
        "This account has moved to another bank. Add it again with its new numbers."
    ),
    "could_not_process": gettext_noop(
        "Your bank could not take this payout and gave no reason. Check the account, or add"
        " another."
    ),
    "debit_not_authorized": gettext_noop("This account does not allow money to be taken from it."),
    "declined": gettext_noop("Your bank declined it. Ask your bank, or add another account."),
    "exceeds_count_limit": gettext_noop(
        "This card has received as many payouts as it may for now. Try again later."
    ),
    "incorrect_account_holder_address": gettext_noop(
        "The address is not the one your bank knows. Correct the account."
    ),
    "incorrect_account_holder_details": gettext_noop(
        "Your details are not those your bank knows. Correct the account."
    ),
    "incorrect_account_holder_name": gettext_noop(
        "The name is not the one your bank knows. Correct the account."
    ),
    "incorrect_account_holder_tax_id": gettext_noop(
        "The tax number is not the one your bank knows. Correct the account."
    ),
    "incorrect_account_type": gettext_noop(
        "This is another type of account than you chose. Add it again."
    ),
    "insufficient_funds": gettext_noop("Your bank account did not hold enough money."),
    "invalid_account_number": gettext_noop(
        "The account number is wrong. Add the account again with the right one."
    ),
    "invalid_account_number_length": gettext_noop(
        "The account number has too many or too few digits. Add the account again."
    ),
    "invalid_card": gettext_noop("The card's number is wrong. Add it again."),
    "invalid_currency": gettext_noop(
        "This account does not take this currency. Add one that does."
    ),
    "issuer_unavailable": gettext_noop("The card's bank could not be reached. It is tried again."),
    "no_account": gettext_noop(
        "Your bank cannot find this account. Check the number, or add another account."
    ),
    "unsupported_card": gettext_noop("This card does not take payouts. Add a bank account."),
}


def failure_words(code: str | None) -> str:
    """A sentence or two for a payout's `failure_code`; a general one for a code we do not know."""
    known = _WORDS.get(code or "")
    return _(known) if known else _("Your bank returned it. Check the account, or add another one.")
