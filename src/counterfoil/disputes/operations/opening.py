"""Disputes opened by the cardholder's bank: by a test card, or by a test helper."""

from __future__ import annotations

from counterfoil.disputes.operations.case import begin, withdraw
from counterfoil.disputes.operations.warnings import answered_by_dispute
from counterfoil.disputes.params import CreateDispute
from counterfoil.disputes.policy import check_disputable, left_of, respond_by
from counterfoil.disputes.queries import held_by_disputes, waiting_refunds
from counterfoil.disputes.rows import DisputeRow
from counterfoil.disputes.scenarios import Opening, network_code
from counterfoil.disputes.wire import DisputeWire
from counterfoil.kit.db import fetch_all, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.details import read_charge_details, text_of
from counterfoil.payments.operations.charges import locked_charge
from counterfoil.payments.operations.refunds import fail_refund
from counterfoil.payments.rows import ChargeRow
from counterfoil.platforms.settings import PlatformSettings


def open_dispute(
    *, scope: Scope, params: CreateDispute, settings: PlatformSettings, now: int
) -> DisputeWire:
    """What the bank of a cardholder does (test helper). `now`: platform clock, UTC seconds.

    Raises ResourceMissing for a charge of somebody else, InvalidRequest for one that has no
    money left to dispute.
    """
    metadata = text_of(merge_metadata({}, params.metadata))
    opening = Opening(params.reason, params.type)
    ident = new_id("dp", now)
    with unit_of_work():
        try:
            charge = _charge_to_dispute(params.charge, scope, opening, now=now)
        except ResourceMissing:
            raise ResourceMissing("charge", params.charge, param="charge") from None
        amount = check_disputable(
            charge, disputed=held_by_disputes(charge.id), amount=params.amount
        )
        row = _new_row(charge, opening, ident=ident, origin=ident, amount=amount, now=now)
        row.metadata = metadata
        return _open(row, charge, settings)


def open_from_card(
    *,
    scope: Scope,
    charge_id: str,
    number: int,
    opening: Opening,
    settings: PlatformSettings,
    now: int,
) -> bool:
    """The `number`th dispute that a test card brings about; False when there is none to open.

    Once only, however often a worker comes back to it. A charge that was refunded in full
    before the bank heard of it is not disputed (reference money-movement §3).
    """
    origin = f"{charge_id}:{number}"
    with unit_of_work():
        charge = locked_charge(charge_id, scope)
        if fetch_all("SELECT 1 FROM disputes_dispute WHERE origin = %s", [origin]):
            return False
        now = max(now, charge.created)
        charge = _charge_to_dispute(charge_id, scope, opening, now=now)
        left = left_of(charge, disputed=held_by_disputes(charge.id))
        if left <= 0:
            return False
        amount = max(left // opening.parts, 1)
        row = _new_row(
            charge, opening, ident=new_id("dp", now), origin=origin, amount=amount, now=now
        )
        _open(row, charge, settings)
    return True


def _charge_to_dispute(charge_id: str, scope: Scope, opening: Opening, *, now: int) -> ChargeRow:
    """The charge, held until the end. Raises ResourceMissing."""
    charge = locked_charge(charge_id, scope)
    if opening.case_type == "inquiry":
        return charge  # nothing is withdrawn yet
    return without_waiting_refunds(charge, now=now)


def _new_row(
    charge: ChargeRow, opening: Opening, *, ident: str, origin: str, amount: int, now: int
) -> DisputeRow:
    card = read_charge_details(charge.details).card
    assert card is not None, "only card payments are disputed"
    inquiry = opening.case_type == "inquiry"
    return DisputeRow(
        id=ident,
        platform_id=charge.platform_id,
        livemode=charge.livemode,
        account_id=charge.account_id,
        created=now,
        origin=origin,
        charge_id=charge.id,
        charge_created=charge.created,
        seller_id=charge.seller_id,
        payment_intent_id=charge.payment_intent_id,
        amount=amount,
        currency=charge.currency,
        status="warning_needs_response" if inquiry else "needs_response",
        reason=opening.reason,
        case_type=opening.case_type,
        network_reason_code=network_code(card.brand, opening.reason),
        programs=text_of(opening.programs),
        due_by=respond_by(now),
    )


def _open(row: DisputeRow, charge: ChargeRow, settings: PlatformSettings) -> DisputeWire:
    """Write a new dispute; an inquiry moves no money."""
    case = begin(row, charge, now=row.created)
    case.batch.add(row)
    if row.case_type == "inquiry":
        case.enter(row.status)
        case.tell("created")
    else:
        withdraw(case, settings)
        case.tell("created")
        case.tell("funds_withdrawn")
        answered_by_dispute(case.batch, charge)
    case.batch.write()
    return case.wire()


def without_waiting_refunds(charge: ChargeRow, *, now: int) -> ChargeRow:
    """The charge after refunds that still wait for funds have failed: the bank was faster.

    Paid out later they would give the cardholder the same money twice (api.md §4.3,
    `charge_for_pending_refund_disputed`).
    """
    waiting = waiting_refunds(charge.id)
    for refund_id in waiting:
        fail_refund(
            refund_id=refund_id,
            scope=charge.scope,
            reason="charge_for_pending_refund_disputed",
            now=now,
        )
    return locked_charge(charge.id, charge.scope) if waiting else charge
