"""What a line of money is called (reference express-dashboard §5 and §11)."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.dashboard.queries.transaction_words import Word
from counterfoil.dashboard.queries.transactions import FeeDetail, TransactionRow
from counterfoil.wording.languages import gettext as _

# The filters of the transactions page: their key in the address, and the types they keep.
FILTERS: Final[dict[str, tuple[str, ...]]] = {
    "payments": ("charge", "payment"),
    "refunds": ("refund", "payment_refund", "refund_failure"),
    "payouts": ("payout", "payout_failure", "payout_cancel"),
    "disputes": ("adjustment",),
    "platform": (
        "application_fee",
        "application_fee_refund",
        "stripe_fee",
        "transfer",
        "transfer_refund",
    ),
    "added": ("topup", "topup_reversal"),
    "reserves": (
        "connect_collection_transfer",
        "reserve_hold",
        "reserve_release",
        "reserve_transaction",
        "reserved_funds",
    ),
}

_BY_TYPE: Final = {
    "refund": gettext_noop("Refund"),
    "payment_refund": gettext_noop("Payment taken back by %(platform)s"),
    "refund_failure": gettext_noop("Refund failed, money returned"),
    "payout": gettext_noop("Payout to your bank"),
    "payout_failure": gettext_noop("Payout failed, money returned"),
    "payout_cancel": gettext_noop("Payout canceled, money returned"),
    "transfer": gettext_noop("Debit by %(platform)s"),
    "transfer_refund": gettext_noop("Debit returned by %(platform)s"),
    "application_fee": gettext_noop("Fee from %(platform)s"),
    "application_fee_refund": gettext_noop("Fee returned to %(platform)s"),
    "reserve_hold": gettext_noop("Held in reserve"),
    "reserved_funds": gettext_noop("Held in reserve"),
    "reserve_release": gettext_noop("Released from reserve"),
    "topup": gettext_noop("Added funds"),
    "topup_reversal": gettext_noop("Added funds, returned"),
    "stripe_fee": gettext_noop("Fees"),
    "payout_minimum_balance_hold": gettext_noop("Kept in your balance"),
    "payout_minimum_balance_release": gettext_noop("Kept in your balance before"),
}

# What the processor takes, told apart by what the books call it.
_NAMED_FEES: Final = {
    "Currency conversion fee": gettext_noop("Currency conversion fee"),
    "Dispute fee": gettext_noop("Dispute fee"),
    "Dispute countered fee": gettext_noop("Fee for answering the dispute"),
    "Dispute fee refund": gettext_noop("Fee for answering the dispute, returned"),
}


def filter_word(key: str) -> str:
    """The filter's name on the page."""
    words = {
        "payments": _("Payments"),
        "refunds": _("Refunds"),
        "payouts": _("Payouts"),
        "disputes": _("Disputes and adjustments"),
        "platform": _("Fees and debits"),
        "added": _("Added funds"),
        "reserves": _("Reserves"),
    }
    return words[key]


def description(row: TransactionRow, platform: str) -> str:
    """What the row is, in the seller's words. A charge's own description always wins."""
    if row.type in {"charge", "payment"}:
        if row.charge_description:
            return row.charge_description
        if row.from_transfer:
            return _("Payment from %(platform)s") % {"platform": platform}
        return row.description or _("Payment")
    if row.type == "adjustment":
        return _adjustment(row)
    if word := _BY_TYPE.get(row.type):
        return _(word) % {"platform": platform}
    return row.description or _("Other")


def word_of(text: str, platform: str) -> Word:
    """A word that is looked for, with the lines whose name on the page has it in it."""
    text = text.lower()
    names = {kind: (_(name) % {"platform": platform}).lower() for kind, name in _BY_TYPE.items()}
    unnamed = _("Payment from %(platform)s") % {"platform": platform}
    return Word(
        text,
        types=tuple(kind for kind, name in names.items() if text in name),
        names_transfers=text in unnamed.lower(),
    )


def _adjustment(row: TransactionRow) -> str:
    if row.reporting_category == "dispute":
        return _("Dispute")
    if row.reporting_category == "dispute_reversal":
        return _("Dispute reversed")
    return row.description or _("Adjustment")


def kind_word(row: TransactionRow) -> str:
    """The group of the filter that a row is in."""
    for key, types in FILTERS.items():
        if row.type in types:
            return filter_word(key)
    return _("Other")


def gross_word(row: TransactionRow) -> str:
    """The first line of a stub, before its fees."""
    if row.type in {"charge", "payment"}:
        return _("Payment")
    if row.type in {"refund", "payment_refund"}:
        return _("Refund")
    if row.type.startswith("payout"):
        return _("Payout")
    return _("Amount")


def fee_word(fee: FeeDetail, platform: str) -> str:
    """Who takes the fee. A negative one was given back."""
    if fee.type == "application_fee":
        if fee.amount < 0:
            return _("%(platform)s fee, returned") % {"platform": platform}
        return _("%(platform)s fee") % {"platform": platform}
    if fee.type == "stripe_fee" and (word := _NAMED_FEES.get(fee.description or "")):
        return _(word)
    if fee.type == "stripe_fee":
        return _("Processing fee, returned") if fee.amount < 0 else _("Processing fee")
    if fee.type == "tax":
        return _("Tax on fees")
    if fee.type == "withheld_tax":
        return _("Tax withheld")
    return fee.description or _("Fee")
