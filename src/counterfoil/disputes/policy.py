"""Rules of disputes as pure functions: states, deadlines, and what is refused in which words.

Sources: reference api.md §4.4 (states), test-data.md §4 (magic words), money-movement.md §4.
"""

from __future__ import annotations

from typing import Final

from counterfoil.disputes.evidence import (
    ALL_TEXTS,
    Compliance,
    Evidence,
    characters,
    has_evidence,
)
from counterfoil.disputes.rows import DisputeRow
from counterfoil.kit.clock import DAY, utc_day_start
from counterfoil.kit.money import Money
from counterfoil.kit.refused import InvalidRequest
from counterfoil.payments.rows import ChargeRow

INQUIRY: Final = frozenset({"warning_needs_response", "warning_under_review"})
CHARGEBACK: Final = frozenset({"needs_response", "under_review"})
NEEDS_RESPONSE: Final = frozenset({"warning_needs_response", "needs_response"})
OPEN: Final = INQUIRY | CHARGEBACK

RESPONSE_DAYS: Final = 9
INQUIRY_DAYS: Final = 120

WINNING: Final = "winning_evidence"
LOSING: Final = "losing_evidence"
ESCALATING: Final = "escalate_inquiry_evidence"


def respond_by(moment: int) -> int:
    """The end of the ninth day after `moment`, UTC: the last second at which evidence counts."""
    return utc_day_start(moment) + (RESPONSE_DAYS + 1) * DAY - 1


def next_move(row: DisputeRow) -> int | None:
    """When the clock moves a dispute on: the first second too late, or an inquiry's end."""
    if row.status in INQUIRY:
        return row.created + INQUIRY_DAYS * DAY
    if row.status == "needs_response" and row.due_by is not None:
        return row.due_by + 1
    return None


def check_disputable(charge: ChargeRow, *, disputed: int, amount: int | None) -> int:
    """How much of a charge a new dispute is about: what was asked for, or all that is left.

    `disputed` is what other disputes hold of it. Raises InvalidRequest for a charge that took
    no money from a card, or has none left that anybody could dispute.
    """
    if charge.source_transfer_id is not None:
        raise InvalidRequest(
            f"{charge.id} came by a transfer: only the card payment behind it can be disputed.",
            param="charge",
        )
    if charge.status != "succeeded" or not charge.captured:
        raise InvalidRequest(
            f"The charge {charge.id} took no money, so there is nothing to dispute.",
            param="charge",
        )
    left = left_of(charge, disputed=disputed)
    if left <= 0:
        raise InvalidRequest(
            f"All of the charge {charge.id} is refunded or disputed already.", param="charge"
        )
    if amount is not None and amount > left:
        raise InvalidRequest(
            f"The dispute is about {Money(amount, charge.currency)}, but only"
            f" {Money(left, charge.currency)} of the charge is neither refunded nor disputed.",
            param="amount",
            code="amount_too_large",
        )
    return left if amount is None else amount


def left_of(charge: ChargeRow, *, disputed: int) -> int:
    """What of a charge is neither refunded nor held by other disputes."""
    return charge.amount_captured - charge.amount_refunded - disputed


def check_open_for_evidence(row: DisputeRow, *, now: int) -> None:
    """Evidence may be changed while a response is needed, until the deadline."""
    if row.status not in OPEN:
        raise InvalidRequest(
            f"The dispute {row.id} is closed ({row.status}): its evidence can no longer be"
            " changed.",
            param="evidence",
            code="status_transition_invalid",
        )
    if row.status not in NEEDS_RESPONSE:
        raise InvalidRequest(
            f"The evidence of dispute {row.id} is with the bank already ({row.status}). It can"
            " be submitted once, so stage it with submit=false until it is complete.",
            param="evidence",
            code="status_transition_invalid",
        )
    if row.due_by is not None and now > row.due_by:
        raise InvalidRequest(
            f"The time to respond to dispute {row.id} is over.",
            param="evidence",
            code="status_transition_invalid",
        )


def check_evidence_size(evidence: Evidence) -> None:
    length = characters(evidence)
    if length > ALL_TEXTS:
        raise InvalidRequest(
            f"All evidence together has {length} characters, and at most {ALL_TEXTS} are allowed.",
            param="evidence",
        )


def check_can_submit(evidence: Evidence, *, programs: list[str]) -> None:
    """There is something to submit, and a compliance case's fee is acknowledged."""
    if not has_evidence(evidence):
        raise InvalidRequest(
            "There is no evidence to submit: send it in evidence[…], or close the dispute to"
            " accept it.",
            param="evidence",
            code="parameter_missing",
        )
    for program in ("mastercard_compliance", "visa_compliance"):
        given = getattr(evidence.enhanced_evidence, program)
        acknowledged = isinstance(given, Compliance) and given.fee_acknowledged
        if program in programs and not acknowledged:
            path = f"evidence[enhanced_evidence][{program}][fee_acknowledged]"
            raise InvalidRequest(
                "Countering a compliance case costs a network fee: acknowledge it by sending"
                f" {path}=true.",
                param=path,
            )


def check_move(row: DisputeRow, wanted: str, *, allowed: frozenset[str]) -> None:
    """`wanted` says in a word what is to happen: win, lose, escalate, close."""
    if row.status not in allowed:
        raise InvalidRequest(
            f"The dispute {row.id} is {row.status}: one can only {wanted} a dispute that is"
            f" {' or '.join(sorted(allowed))}.",
            code="status_transition_invalid",
        )


def verdict(evidence: Evidence) -> str | None:
    """What test mode's bank decides by: the magic words, nothing else."""
    text = (evidence.uncategorized_text or "").strip()
    return text if text in (WINNING, LOSING, ESCALATING) else None
