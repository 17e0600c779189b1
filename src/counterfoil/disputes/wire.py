"""Dispute and EarlyFraudWarning as the API and its events show them (SDK types; api.md §4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.disputes.evidence import (
    Compliance,
    Evidence,
    has_evidence,
    missing_for_compelling_evidence,
    read_evidence,
)
from counterfoil.disputes.rows import DisputeRow, WarningRow
from counterfoil.kit.wire import Expandable
from counterfoil.ledger.queries import TransactionRow
from counterfoil.ledger.wire import BalanceTransactionWire, balance_transaction_wire
from counterfoil.payments.details import read_charge_details, read_metadata
from counterfoil.payments.rows import ChargeRow

# The last three are other networks' states: no dispute of ours gets there.
Status = Literal[
    "warning_needs_response",
    "warning_under_review",
    "warning_closed",
    "needs_response",
    "under_review",
    "won",
    "lost",
    "prevented",
    "appeal_needs_response",
    "appeal_under_review",
]
CaseType = Literal["block", "chargeback", "compliance", "inquiry", "resolution"]

_programs = msgspec.json.Decoder(list[str])
read_programs = _programs.decode


class Eligibility(msgspec.Struct):
    """Of one program: where it stands, and for Visa's evidence what is missing."""

    status: str
    required_actions: list[str] | UnsetType = UNSET


class EnhancedEligibility(msgspec.Struct):
    mastercard_compliance: Eligibility | UnsetType = UNSET
    visa_compelling_evidence_3: Eligibility | UnsetType = UNSET
    visa_compliance: Eligibility | UnsetType = UNSET


class EvidenceDetails(msgspec.Struct):
    due_by: int | None
    enhanced_eligibility: EnhancedEligibility
    has_evidence: bool
    submission_count: int
    submission_method: Literal["manual", "not_submitted", "smart_disputes"]
    past_due: bool = False  # late evidence is refused, so none was ever submitted late


class DisputedCard(msgspec.Struct):
    brand: str
    case_type: CaseType
    network: str
    network_reason_code: str | None


class DisputedMethod(msgspec.Struct):
    card: DisputedCard
    type: str = "card"


class DisputeWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "charge": "charge",
        "payment_intent": "payment_intent",
    }

    id: str
    amount: int
    balance_transactions: list[BalanceTransactionWire]
    charge: Expandable
    created: int
    currency: str
    enhanced_eligibility_types: list[str]
    evidence: Evidence
    evidence_details: EvidenceDetails
    intended_submission_method: str | None
    is_charge_refundable: bool
    livemode: bool
    metadata: dict[str, str]
    payment_intent: Expandable | None
    payment_method_details: DisputedMethod
    reason: str
    status: Status
    object: str = "dispute"


def dispute_wire(
    row: DisputeRow, charge: ChargeRow, transactions: Sequence[TransactionRow], *, now: int
) -> DisputeWire:
    """`transactions` are the owner's, oldest first; `now` is the platform's clock."""
    evidence = read_evidence(row.evidence)
    programs = read_programs(row.programs)
    card = read_charge_details(charge.details).card
    assert card is not None, "only card payments are disputed"
    return DisputeWire(
        id=row.id,
        amount=row.amount,
        balance_transactions=[balance_transaction_wire(one, now=now) for one in transactions],
        charge=row.charge_id,
        created=row.created,
        currency=row.currency,
        enhanced_eligibility_types=programs,
        evidence=evidence,
        evidence_details=EvidenceDetails(
            due_by=row.due_by,
            enhanced_eligibility=_eligibility(programs, evidence),
            has_evidence=has_evidence(evidence),
            submission_count=row.submission_count,
            submission_method="manual" if row.submission_count else "not_submitted",
        ),
        intended_submission_method=row.intended_submission_method,
        # As payments decides it: refunds stop once the bank has taken the money.
        is_charge_refundable=not charge.disputed
        and charge.amount_refunded < charge.amount_captured,
        livemode=row.livemode,
        metadata=read_metadata(row.metadata),
        payment_intent=row.payment_intent_id,
        payment_method_details=DisputedMethod(
            DisputedCard(
                brand=card.brand,
                case_type=_case_type(row.case_type),
                network=card.brand,
                network_reason_code=row.network_reason_code,
            )
        ),
        reason=row.reason,
        status=_status(row.status),
    )


def _eligibility(programs: Sequence[str], evidence: Evidence) -> EnhancedEligibility:
    shown = EnhancedEligibility()
    for program in programs:
        if program == "visa_compelling_evidence_3":
            missing = missing_for_compelling_evidence(evidence)
            shown.visa_compelling_evidence_3 = Eligibility(
                "requires_action" if missing else "qualified", missing
            )
        else:
            given = getattr(evidence.enhanced_evidence, program)
            acknowledged = isinstance(given, Compliance) and given.fee_acknowledged
            status = "fee_acknowledged" if acknowledged else "requires_fee_acknowledgement"
            setattr(shown, program, Eligibility(status))
    return shown


def _status(text: str) -> Status:
    status: Status = msgspec.convert(text, Status)
    return status


def _case_type(text: str) -> CaseType:
    case_type: CaseType = msgspec.convert(text, CaseType)
    return case_type


def previous_of(before: DisputeWire, after: DisputeWire) -> dict[str, Any]:
    """What an update changed, with the former values: an event's previous_attributes."""
    return _changed(msgspec.to_builtins(before), msgspec.to_builtins(after))


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for name in {**before, **after}:
        old, new = before.get(name), after.get(name)
        if old != new:
            both = isinstance(old, dict) and isinstance(new, dict)
            changed[name] = _changed(old or {}, new or {}) if both else old
    return changed


class WarningWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {
        "charge": "charge",
        "payment_intent": "payment_intent",
    }

    id: str
    actionable: bool
    charge: Expandable
    created: int
    fraud_type: str
    livemode: bool
    payment_intent: Expandable | UnsetType
    object: str = "radar.early_fraud_warning"


def warning_wire(row: WarningRow) -> WarningWire:
    return WarningWire(
        id=row.id,
        actionable=row.actionable,
        charge=row.charge_id,
        created=row.created,
        fraud_type=row.fraud_type,
        livemode=row.livemode,
        payment_intent=UNSET if row.payment_intent_id is None else row.payment_intent_id,
    )
