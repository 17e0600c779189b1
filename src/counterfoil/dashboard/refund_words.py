"""Refunds in a seller's words: why, where they stand, what was noted."""

from __future__ import annotations

from counterfoil.payments.details import read_metadata
from counterfoil.payments.rows import RefundRow
from counterfoil.wording.languages import gettext as _

NOTE = "note"  # the metadata key of what the seller wrote beside "another reason"


def refund_reason_word(refund: RefundRow) -> str:
    words = {
        "duplicate": _("Charged twice"),
        "fraudulent": _("Fraudulent"),
        "requested_by_customer": _("Requested by the customer"),
    }
    return words.get(refund.reason or "", _("Refund"))


def refund_note(refund: RefundRow) -> str:
    return read_metadata(refund.metadata).get(NOTE, "")


def refund_state(refund: RefundRow) -> tuple[str, str, str | None]:
    """The word for a badge, its tone, and its sign where that is not the tone's."""
    if refund.status == "pending" and refund.pending_reason == "insufficient_funds":
        return _("Waits for money"), "caution", "clock"
    words = {
        "pending": (_("On its way"), "caution", "clock"),
        "requires_action": (_("On its way"), "caution", "clock"),
        "succeeded": (_("Done"), "positive", None),
        "failed": (_("Failed"), "negative", None),
        "canceled": (_("Canceled"), "quiet", "cross"),
    }
    return words.get(refund.status, (refund.status, "quiet", None))


def refund_state_words(refund: RefundRow) -> str:
    """Where a refund stands, in one sentence."""
    if refund.status == "failed":
        return _("The customer's card did not take it. The money is back in your balance.")
    if refund.status == "canceled":
        return _("The customer gets nothing. The money is back where it was.")
    if refund.pending_reason == "insufficient_funds":
        return _("Waits until your balance has enough, then goes out by itself.")
    if refund.status == "pending":
        return _("On its way to the customer.")
    return _("The customer sees it in 5 to 10 business days.")
