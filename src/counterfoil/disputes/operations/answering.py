"""What the seller does: stage evidence, submit it, accept the dispute."""

from __future__ import annotations

from typing import Any

import msgspec

from counterfoil.disputes.evidence import (
    FILES,
    CompellingEvidence,
    Compliance,
    DisputedTransaction,
    EnhancedEvidence,
    Evidence,
    PriorTransaction,
    read_evidence,
)
from counterfoil.disputes.operations.case import Case, close, held_case, submit
from counterfoil.disputes.operations.deciding import decide
from counterfoil.disputes.params import (
    CompellingEvidenceParams,
    EnhancedEvidenceParams,
    EvidenceParams,
    UpdateDispute,
    given_fields,
)
from counterfoil.disputes.policy import (
    NEEDS_RESPONSE,
    check_can_submit,
    check_evidence_size,
    check_move,
    check_open_for_evidence,
)
from counterfoil.disputes.wire import DisputeWire, read_programs
from counterfoil.files.queries import files_by_id
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.details import read_metadata, text_of
from counterfoil.payments.rows import ChargeRow, find_many
from counterfoil.platforms.settings import PlatformSettings


def update_dispute(
    *,
    scope: Scope,
    dispute_id: str,
    params: UpdateDispute,
    settings: PlatformSettings,
    now: int,
) -> DisputeWire:
    """Change evidence and metadata; submit the evidence unless `submit` is false.

    Fields that are not sent keep what was staged before. Metadata alone submits nothing.
    `now` is the platform's clock, UTC seconds. Raises ResourceMissing, and InvalidRequest when
    the dispute takes no evidence (any more), when there is none to submit, or too much of it.
    """
    _check_method(params)
    with unit_of_work():
        case = held_case(dispute_id, scope, now=now)
        row, before = case.row, case.wire()
        submits = params.submit if params.submit is not None else params.evidence is not None
        if submits or params.evidence is not None:
            check_open_for_evidence(row, now=now)
        evidence = read_evidence(row.evidence)
        if params.evidence is not None:
            evidence = merge_evidence(evidence, params.evidence)
            _check_files(params.evidence, scope)
            _check_charges(evidence, scope)
            check_evidence_size(evidence)
            row.evidence = text_of(evidence)
        row.metadata = text_of(merge_metadata(read_metadata(row.metadata), params.metadata))
        if params.intended_submission_method is not None:
            row.intended_submission_method = params.intended_submission_method
        if submits:
            check_can_submit(evidence, programs=read_programs(row.programs))
            submit(case, settings)
        case.batch.change(row)
        case.tell("updated", before)
        if submits and not row.livemode:
            decide(case, evidence, settings)
        case.batch.write()
    return case.wire()


def close_dispute(*, scope: Scope, dispute_id: str, now: int) -> DisputeWire:
    """Accept a dispute: it is lost, for good. An inquiry ends and its money stays.

    Raises ResourceMissing, and InvalidRequest unless a response is needed.
    """
    with unit_of_work():
        case = held_case(dispute_id, scope, now=now)
        check_move(case.row, "accept", allowed=NEEDS_RESPONSE)
        accept(case)
        case.batch.write()
    return case.wire()


def accept(case: Case) -> None:
    """Nobody answers, or somebody says there is no answer."""
    close(case, "lost" if case.row.status == "needs_response" else "warning_closed")
    case.tell("closed")


def merge_evidence(staged: Evidence, params: EvidenceParams) -> Evidence:
    """The evidence after an update. Raises InvalidRequest for what has no place in it."""
    fields = given_fields(params)
    if fields.pop("appeal", None) is not None:
        raise InvalidRequest(
            "An appeal can only be sent while the dispute is appeal_needs_response.",
            param="evidence[appeal]",
            code="status_transition_invalid",
        )
    enhanced = fields.pop("enhanced_evidence", None)
    changes: dict[str, Any] = {name: value or None for name, value in fields.items()}
    if enhanced == "":
        changes["enhanced_evidence"] = EnhancedEvidence()
    elif isinstance(enhanced, EnhancedEvidenceParams):
        changes["enhanced_evidence"] = _merge_enhanced(staged.enhanced_evidence, enhanced)
    return msgspec.structs.replace(staged, **changes)


def _check_files(params: EvidenceParams, scope: Scope) -> None:
    """Files are the account's own and were uploaded as evidence. Raises ResourceMissing."""
    fields = given_fields(params)
    named = {name: str(fields[name]) for name in FILES if fields.get(name)}
    found = files_by_id(
        list(named.values()), platform_id=scope.platform_id, livemode=scope.livemode
    )
    for name, ident in named.items():
        file = found.get(ident)
        if file is None or file.account_id != scope.account_id:
            raise ResourceMissing("file", ident, param=f"evidence[{name}]")
        if file.purpose != "dispute_evidence":
            raise InvalidRequest(
                f"The file {ident} was uploaded as {file.purpose}. Upload it again with"
                " purpose=dispute_evidence.",
                param=f"evidence[{name}]",
            )


def _merge_enhanced(staged: EnhancedEvidence, params: EnhancedEvidenceParams) -> EnhancedEvidence:
    merged = msgspec.structs.replace(staged)
    for program in ("mastercard_compliance", "visa_compliance"):
        given = getattr(params, program)
        if given is not None and given.fee_acknowledged is not None:
            setattr(merged, program, Compliance(given.fee_acknowledged))
    compelling = params.visa_compelling_evidence_3
    if compelling is not None:
        before = staged.visa_compelling_evidence_3
        known = before if isinstance(before, CompellingEvidence) else CompellingEvidence()
        merged.visa_compelling_evidence_3 = _merge_compelling(known, compelling)
    return merged


def _merge_compelling(
    staged: CompellingEvidence, params: CompellingEvidenceParams
) -> CompellingEvidence:
    """The disputed transaction field by field; the prior ones as a whole list."""
    merged = msgspec.structs.replace(staged)
    if params.disputed_transaction is not None:
        known = staged.disputed_transaction or DisputedTransaction()
        merged.disputed_transaction = msgspec.structs.replace(
            known, **_texts(params.disputed_transaction)
        )
    if params.prior_undisputed_transactions is not None:
        merged.prior_undisputed_transactions = [
            PriorTransaction(**_texts(one)) for one in params.prior_undisputed_transactions
        ]
    return merged


def _texts(params: msgspec.Struct) -> dict[str, Any]:
    return {name: value or None for name, value in given_fields(params).items()}


def _check_charges(evidence: Evidence, scope: Scope) -> None:
    """Prior transactions are charges of the same account."""
    given = evidence.enhanced_evidence.visa_compelling_evidence_3
    prior = given.prior_undisputed_transactions if isinstance(given, CompellingEvidence) else []
    found = find_many(
        ChargeRow,
        [one.charge for one in prior],
        platform_id=scope.platform_id,
        livemode=scope.livemode,
    )
    for place, one in enumerate(prior):
        if one.charge not in found or found[one.charge].account_id != scope.account_id:
            path = "evidence[enhanced_evidence][visa_compelling_evidence_3]"
            raise ResourceMissing(
                "charge",
                one.charge,
                param=f"{path}[prior_undisputed_transactions][{place}][charge]",
            )


def _check_method(params: UpdateDispute) -> None:
    if params.intended_submission_method in ("prefer_smart_disputes", "smart_disputes"):
        raise InvalidRequest(
            "Nobody submits evidence here but you: send manual or prefer_manual.",
            param="intended_submission_method",
        )
