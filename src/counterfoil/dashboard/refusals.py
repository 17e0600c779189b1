"""Refusals in the seller's words. What `/v1` says is written for a developer.

By Stripe code; a code that is missing here is told in general, never in a developer's words.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import gettext as _

_WORDS: Final = {
    "account_not_settled": gettext_noop("Something is still to be settled. Nothing was closed."),
    "amount_too_small": gettext_noop("That is less than the smallest amount possible here."),
    "amount_too_large": gettext_noop("That is more than the largest amount possible here."),
    "balance_insufficient": gettext_noop("That is more than you have available."),
    "charge_already_refunded": gettext_noop("This payment has been refunded in full already."),
    "charge_disputed": gettext_noop(
        "The customer's bank is deciding about this payment, so it cannot be refunded as well."
    ),
    "resource_missing": gettext_noop("This is not here any more. Load the page again."),
    "idempotency_key_in_use": gettext_noop(
        "This is being done at this moment. Wait a little and load the page again."
    ),
    "payouts_not_allowed": gettext_noop("Payouts are paused for this account."),
    "bank_account_held": gettext_noop(
        "This account is new and waits for its first payout. Choose another one until then."
    ),
    "bank_account_unusable": gettext_noop(
        "The bank refused this account before. Confirm it or use another one."
    ),
    "form_incomplete": gettext_noop("The form was not sent as a whole. Load the page again."),
    "instant_payouts_currency_disabled": gettext_noop(
        "Instant payouts are not possible in this currency."
    ),
    "instant_payouts_limit_exceeded": gettext_noop(
        "That is more than can be sent instantly now. Choose less, or the standard way."
    ),
    "invalid_charge_amount": gettext_noop("Banks take whole amounts of this currency only."),
    "not_allowed": gettext_noop("You may not do this here. Nothing was changed."),
    "payouts_by_schedule": gettext_noop(
        "Payouts are made by your schedule. Change it first to ask for them by hand."
    ),
    "instant_payouts_unsupported": gettext_noop(
        "This bank account or card cannot receive instant payouts."
    ),
}


def said(refusal: Refused) -> str:
    """One or two sentences: what is wrong and, where one can, what to do."""
    if word := _WORDS.get(refusal.code or ""):
        return _(word)
    return _("This is not possible now. Nothing was changed.")
