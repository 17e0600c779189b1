"""Answering a dispute: gathering evidence, sending it once, or accepting the dispute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from counterfoil.access.guard import Seller
from counterfoil.audit.operations import record_decision
from counterfoil.dashboard.evidence_form import TEXTS
from counterfoil.dashboard.operations import check_may, platform_of, scope_of
from counterfoil.dashboard.queries.disputes import DisputeCase
from counterfoil.dashboard.visibility import may_answer_disputes
from counterfoil.disputes.evidence import FILES
from counterfoil.disputes.operations.answering import close_dispute, update_dispute
from counterfoil.disputes.params import (
    CompellingEvidenceParams,
    EnhancedEvidenceParams,
    EvidenceParams,
    UpdateDispute,
)
from counterfoil.disputes.policy import check_open_for_evidence
from counterfoil.disputes.wire import read_programs
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.files.operations import create_file
from counterfoil.files.rows import FileRow
from counterfoil.files.wire import file_wire
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.refused import Forbidden

PURPOSE = "dispute_evidence"


def save_evidence(
    *,
    seller: Seller,
    case: DisputeCase,
    texts: Mapping[str, str],
    compelling: CompellingEvidenceParams | None = None,
    now: int,
) -> None:
    """Keep the draft; nothing is sent. An empty text takes a field out, a field that is not
    named stays. `compelling`: of a dispute that qualifies for it. `now` is the platform's clock.
    Raises Forbidden, InvalidRequest, and ResourceMissing for a charge of somebody else's."""
    _check(seller, case)
    named: dict[str, Any] = {name: text for name, text in texts.items() if name in TEXTS}
    if compelling is not None:
        named["enhanced_evidence"] = EnhancedEvidenceParams(visa_compelling_evidence_3=compelling)
    _update(seller, case, UpdateDispute(evidence=_evidence(named), submit=False), now=now)


def attach_file(
    *,
    seller: Seller,
    case: DisputeCase,
    field: str,
    filename: str | None,
    content: bytes,
    base: str,
    now: int,
    now_wall: int,
) -> FileRow:
    """Keep a file as evidence of one kind, in the place of an earlier one.

    `base` is the address we are reached at. Raises Forbidden, and InvalidRequest for a file that
    no bank takes.
    """
    _check(seller, case)
    assert field in FILES, field
    with unit_of_work():
        check_open_for_evidence(case.row, now=now)
        scope = case.row.scope
        file = create_file(
            scope=scope, purpose=PURPOSE, filename=filename, content=content, now=now
        )
        wire = file_wire(file, [], base=base, now_wall=now_wall)
        record_events([EventDraft("file.created", scope, wire, file.id, now)])
        evidence = _evidence({field: file.id})
        _update(seller, case, UpdateDispute(evidence=evidence, submit=False), now=now)
    return file


def take_file_out(*, seller: Seller, case: DisputeCase, field: str, now: int) -> None:
    """The file is no longer part of the evidence."""
    _check(seller, case)
    assert field in FILES, field
    evidence = _evidence({field: ""})
    _update(seller, case, UpdateDispute(evidence=evidence, submit=False), now=now)


def send_evidence(*, seller: Seller, case: DisputeCase, accepts_fee: bool, now: int) -> None:
    """Send to the bank what has been gathered, once. `accepts_fee`: of a compliance case.

    Raises Forbidden, and InvalidRequest: sent already, too late, nothing there.
    """
    _check(seller, case)
    evidence = None
    programs = [name for name in read_programs(case.row.programs) if name.endswith("_compliance")]
    if programs and accepts_fee:
        acknowledged = {name: {"fee_acknowledged": True} for name in programs}
        evidence = _evidence({"enhanced_evidence": acknowledged})
    with unit_of_work():
        _update(seller, case, UpdateDispute(evidence=evidence, submit=True), now=now)
        record_decision("dispute.answered", scope=scope_of(seller), object_id=case.row.id)


def accept_dispute(*, seller: Seller, case: DisputeCase, now: int) -> None:
    """Give up: the dispute is lost, an inquiry ends. Raises Forbidden and InvalidRequest."""
    _check(seller, case)
    with unit_of_work():
        close_dispute(scope=case.row.scope, dispute_id=case.row.id, now=now)
        record_decision("dispute.accepted", scope=scope_of(seller), object_id=case.row.id)


def _evidence(fields: Mapping[str, Any]) -> EvidenceParams:
    return msgspec.convert(fields, EvidenceParams)


def _update(seller: Seller, case: DisputeCase, params: UpdateDispute, *, now: int) -> None:
    update_dispute(
        scope=case.row.scope,
        dispute_id=case.row.id,
        params=params,
        settings=platform_of(seller).settings,
        now=now,
    )


def _check(seller: Seller, case: DisputeCase) -> None:
    check_may(seller, "disputes:write", "manage_disputes")
    if not may_answer_disputes(case.payment.kind, seller.features):
        raise Forbidden("This dispute is the platform's to answer.", code="not_allowed")
