"""Payouts whose money comes back: failed, canceled. It returns exactly, with the fees it paid."""

from __future__ import annotations

from typing import Literal

from counterfoil.accounts.operations import mark_errored
from counterfoil.audit.operations import record_decision
from counterfoil.kit.db import lock_row_suffix, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.undoing import give_fee_back, new_fee_return
from counterfoil.payments.rows import ApplicationFeeRow, find
from counterfoil.payments.wire.intent import application_of
from counterfoil.payouts.books import PayoutFacts, PayoutFee, ProviderFee, returned_entry
from counterfoil.payouts.policy import FAILURES
from counterfoil.payouts.rows import IN_FLIGHT, PayoutRow
from counterfoil.payouts.wire import payout_wire


def locked_payout(payout_id: str, scope: Scope) -> PayoutRow:
    """The account's payout, held until the transaction ends. Raises ResourceMissing."""
    row = find(PayoutRow, payout_id, scope, suffix=lock_row_suffix())
    if row is None:
        raise ResourceMissing("payout", payout_id, param="id")
    return row


def fail_payout(*, scope: Scope, payout_id: str, code: str, now: int) -> PayoutRow:
    """The bank did not keep the money: it is the account's again, and nothing more is sent
    there until the bank account is updated (reference money-movement §6).

    `code` is one of `policy.FAILURES`; `now` the platform's clock, UTC seconds. Raises
    ResourceMissing, and InvalidRequest for a payout that has ended.
    """
    assert code in FAILURES, f"{code} is no failure code"
    with unit_of_work():
        row = locked_payout(payout_id, scope)
        if row.status not in (*IN_FLIGHT, "paid"):
            raise InvalidRequest(
                f"Payout {row.id} has a status of {row.status}: it cannot fail any more.",
                code="status_transition_invalid",
            )
        had_arrived = row.status == "paid"
        row.status, row.failure_code, row.failure_message = "failed", code, FAILURES[code]
        batch = Batch(scope.platform_id, scope.livemode, now)
        _return(batch, row, kind="payout_failure", had_arrived=had_arrived)
        batch.event("payout.failed", scope, payout_wire(row), row.id)
        mark_errored(
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id=scope.account_id,
            external_id=row.destination_id,
            now=now,
        )
        batch.write()
    return row


def cancel_payout(*, scope: Scope, payout_id: str, now: int) -> PayoutRow:
    """Take back a payout that nobody has begun to hand over. Raises InvalidRequest otherwise."""
    with unit_of_work():
        row = locked_payout(payout_id, scope)
        if row.automatic:
            raise InvalidRequest(
                f"Payout {row.id} was made by the account's schedule: only payouts made by hand can"
                " be canceled.",
                code="status_transition_invalid",
            )
        if row.status != "pending" or row.attempts or row.batch_id is not None:
            gone = "is being handed to the bank" if row.status == "pending" else row.status
            raise InvalidRequest(
                f"Payout {row.id} {gone}: only pending payouts can be canceled.",
                code="status_transition_invalid",
            )
        row.status = "canceled"
        batch = Batch(scope.platform_id, scope.livemode, now)
        _return(batch, row, kind="payout_cancel", had_arrived=False)
        batch.event("payout.canceled", scope, payout_wire(row), row.id)
        batch.write()
        record_decision("payout.canceled", scope=scope, object_id=row.id)
    return row


def _return(
    batch: Batch,
    row: PayoutRow,
    *,
    kind: Literal["payout_failure", "payout_cancel"],
    had_arrived: bool,
) -> None:
    """The money and the fees, back where they came from."""
    row.next_at = None
    row.failure_transaction_id = new_id("txn", batch.at)
    batch.change(row)
    provider = None
    if row.provider_fee:
        provider = ProviderFee(new_id("txn", batch.at), row.provider_fee)
    facts = PayoutFacts(
        payout_id=row.id,
        transaction_id=row.failure_transaction_id,
        platform_id=row.platform_id,
        account_id=row.account_id,
        amount=row.amount,
        currency=row.currency,
        at=batch.at,
        description=row.description,
        fee=_fee_back(batch, row),
        provider_fee=provider,
    )
    batch.entries.append(returned_entry(facts, kind=kind, had_arrived=had_arrived))


def _fee_back(batch: Batch, row: PayoutRow) -> PayoutFee | None:
    """What is left of the platform's fee for an instant payout."""
    if row.application_fee_id is None:
        return None
    platform = row.scope.of(row.platform_id)
    fee = find(ApplicationFeeRow, row.application_fee_id, platform, suffix=lock_row_suffix())
    assert fee is not None
    left = fee.amount - fee.amount_refunded
    if left == 0:
        return None
    returned = new_fee_return(fee, left, batch)
    give_fee_back(batch, fee, returned)
    application = application_of(row.platform_id)
    return PayoutFee(returned.refund_id, returned.transaction_id, left, application)
