"""The state of a payment in one word (reference express-dashboard §6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from counterfoil.wording.languages import gettext as _

State = Literal[
    "successful",
    "pending",
    "uncaptured",
    "incomplete",
    "failed",
    "blocked",
    "canceled",
    "refunded",
    "partially_refunded",
    "refund_pending",
    "disputed",
    "early_fraud_warning",
]
# Those that a list can be narrowed to. No card payment here is ever `pending`.
FILTERS: Final[tuple[State, ...]] = (
    "successful",
    "uncaptured",
    "incomplete",
    "failed",
    "blocked",
    "canceled",
    "refunded",
    "partially_refunded",
    "refund_pending",
    "disputed",
    "early_fraud_warning",
)
TONES: Final[dict[State, str]] = {
    "successful": "positive",
    "pending": "quiet",
    "uncaptured": "caution",
    "incomplete": "quiet",
    "failed": "negative",
    "blocked": "negative",
    "canceled": "quiet",
    "refunded": "quiet",
    "partially_refunded": "quiet",
    "refund_pending": "caution",
    "disputed": "negative",
    "early_fraud_warning": "caution",
}
SIGNS: Final[dict[State, str]] = {
    "canceled": "cross",
    "refunded": "undo",
    "partially_refunded": "undo",
    "refund_pending": "undo",
    "disputed": "shield",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StateFacts:
    """What decides it. `charge_status` is None for an intent that nobody has tried to pay."""

    charge_status: str | None
    intent_status: str | None = None
    captured: bool = False
    amount_captured: int = 0
    amount_refunded: int = 0
    blocked: bool = False
    refund_pending: bool = False
    disputed: bool = False  # a dispute about it is open
    warned: bool = False  # of fraud, and something can be done yet


def state_of(facts: StateFacts) -> State:
    """A dispute that is open comes first, then what was refunded, then the payment itself."""
    if facts.charge_status is None:
        return "canceled" if facts.intent_status == "canceled" else "incomplete"
    if facts.charge_status == "failed":
        return "blocked" if facts.blocked else "failed"
    if facts.charge_status == "pending":
        return "pending"
    if not facts.captured:
        return "canceled" if facts.intent_status == "canceled" else "uncaptured"
    if facts.disputed:
        return "disputed"
    if facts.refund_pending:
        return "refund_pending"
    if facts.amount_refunded:
        whole = facts.amount_refunded == facts.amount_captured
        return "refunded" if whole else "partially_refunded"
    return "early_fraud_warning" if facts.warned else "successful"


def state_word(state: State) -> str:
    words = {
        "successful": _("Succeeded"),
        "pending": _("Pending"),
        "uncaptured": _("Not collected yet"),
        "incomplete": _("Incomplete"),
        "failed": _("Failed"),
        "blocked": _("Blocked"),
        "canceled": _("Canceled"),
        "refunded": _("Refunded"),
        "partially_refunded": _("Partly refunded"),
        "refund_pending": _("Refund pending"),
        "disputed": _("Disputed"),
        "early_fraud_warning": _("Fraud warning"),
    }
    return words[state]
