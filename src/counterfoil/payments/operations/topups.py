"""Top-ups: money from an owner's bank (reference money-movement §7, api.md §5.4).

A platform's goes to its payments balance; a seller's goes to its refunds-and-disputes balance
(design §7). In test mode the simulated bank answers by the clock; in live mode the owner sends
a bank transfer with a reference, and an operator confirms it.
"""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from counterfoil.audit.operations import record_decision
from counterfoil.kit.db import lock_row_suffix, unit_of_work
from counterfoil.kit.ids import new_id, secret_token
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.ledger.models import Purpose
from counterfoil.payments.details import read_metadata, text_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.debits import debit_failed, reserve_kept_until
from counterfoil.payments.operations.funding import Bank, bank_of
from counterfoil.payments.operations.telling import tell_balance_available
from counterfoil.payments.policy import check_transfer_group, currency_of
from counterfoil.payments.rows import find
from counterfoil.payments.topup_books import TopupFacts, topup_entry, topup_reversal_entry
from counterfoil.payments.topup_params import CreateTopup, UpdateTopup
from counterfoil.payments.topup_policy import (
    PAID,
    check_pending,
    check_topup_amount,
    check_topup_descriptor,
    failure_message,
)
from counterfoil.payments.topup_rows import TopupRow
from counterfoil.payments.wire.topup import topup_wire
from counterfoil.platforms.queries import Caller

_REFERENCE_LETTERS: Final = 8


def create_topup(*, platform: Caller, scope: Scope, params: CreateTopup, now: int) -> TopupRow:
    """Ask a bank for money; it is there once the top-up has succeeded.

    `now` is the platform's clock, UTC seconds. Raises InvalidRequest and ResourceMissing for
    parameters that do not fit; then nothing is written.
    """
    currency = currency_of(params.currency)
    check_topup_amount(params.amount)
    check_topup_descriptor(params.statement_descriptor)
    check_transfer_group(params.transfer_group)
    if scope.livemode and params.source is not None:
        raise InvalidRequest(
            "In live mode a top-up is a bank transfer that you send with the reference we give:"
            " leave source out.",
            param="source",
        )
    with unit_of_work():
        bank = None
        if not scope.livemode:
            country = platform.platform_country
            bank = bank_of(params.source, scope=scope, country=country, currency=currency, now=now)
        row = new_topup(
            scope,
            amount=params.amount,
            currency=currency,
            purpose=Purpose.PAYMENTS if scope.is_platform else Purpose.PREFUNDING,
            bank=bank,
            now=now,
        )
        row.description = params.description
        row.metadata = text_of(merge_metadata({}, params.metadata))
        row.statement_descriptor = params.statement_descriptor
        row.transfer_group = params.transfer_group
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.add(row)
        batch.event("topup.created", scope, topup_wire(row), row.id)
        batch.write()
        record_decision(
            "topup.created",
            scope=scope,
            object_id=row.id,
            after={"amount": row.amount, "currency": currency, "purpose": row.purpose},
        )
    return row


def new_topup(
    scope: Scope,
    *,
    amount: int,
    currency: str,
    purpose: Purpose,
    bank: Bank | None,
    now: int,
) -> TopupRow:
    """A pending top-up: from a test `bank`, or by a transfer with a reference when None."""
    row = TopupRow(
        id=new_id("tu", now),
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        account_id=scope.account_id,
        created=now,
        amount=amount,
        currency=currency,
        status="pending",
        purpose=purpose.value,
    )
    if bank is None:
        row.reference = f"CF-{secret_token(_REFERENCE_LETTERS).upper()}"
    else:
        row.outcome, row.last4 = bank.outcome, bank.last4
        row.external_account_id = bank.external_account_id
        row.expected_on = row.next_at = bank.answers_on(now)
    return row


def update_topup(*, scope: Scope, topup_id: str, params: UpdateTopup, now: int) -> TopupRow:
    """Change a top-up's description and metadata."""
    with unit_of_work():
        row = locked_topup(topup_id, scope)
        if params.description is not UNSET:
            row.description = params.description or None
        row.metadata = text_of(merge_metadata(read_metadata(row.metadata), params.metadata))
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(row)
        batch.write()
    return row


def cancel_topup(*, scope: Scope, topup_id: str, now: int) -> TopupRow:
    """Take a top-up back that the bank has not answered. Raises InvalidRequest afterwards."""
    with unit_of_work():
        row = locked_topup(topup_id, scope)
        check_pending(row, verb="canceled")
        if row.initiated_by == "stripe":
            raise InvalidRequest(
                f"Top-up {row.id} repays a negative balance: it cannot be canceled. Switch"
                " settings[payouts][debit_negative_balances] off to have no more of them.",
                code="status_transition_invalid",
            )
        row.status, row.next_at = "canceled", None
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.change(row)
        batch.event("topup.canceled", scope, topup_wire(row), row.id)
        batch.write()
    return row


def move_topup_on(*, topup_id: str, scope: Scope, now: int) -> TopupRow:
    """What the simulated bank answers once its days have passed."""
    with unit_of_work():
        row = locked_topup(topup_id, scope)
        if row.next_at is None or row.next_at > now:
            return row
        if row.outcome in (None, PAID):
            return settle_topup(topup_id=topup_id, scope=scope, now=now)
        return fail_topup(topup_id=topup_id, scope=scope, code=row.outcome or "", now=now)


def settle_topup(*, topup_id: str, scope: Scope, now: int) -> TopupRow:
    """The money has come: by the clock, or because an operator saw it on the bank's statement."""
    with unit_of_work():
        row = locked_topup(topup_id, scope)
        check_pending(row, verb="confirmed")
        row.status, row.next_at = "succeeded", None
        row.balance_transaction_id = new_id("txn", now)
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.reserve_kept_until = reserve_kept_until(row, now=now)
        batch.change(row)
        batch.entries.append(topup_entry(_facts(row, row.balance_transaction_id, now=now)))
        batch.event("topup.succeeded", scope, topup_wire(row), row.id)
        batch.write()
        tell_balance_available(scope, at=now)
    return row


def fail_topup(*, topup_id: str, scope: Scope, code: str, now: int) -> TopupRow:
    """The money does not come; what had come already is taken back (`reversed`).

    Raises InvalidRequest for a top-up that has ended otherwise.
    """
    with unit_of_work():
        row = locked_topup(topup_id, scope)
        batch = Batch(scope.platform_id, scope.livemode, now)
        if row.status == "succeeded":
            row.status, kind = "reversed", "topup.reversed"
            row.reversal_transaction_id = new_id("txn", now)
            facts = _facts(row, row.reversal_transaction_id, now=now)
            batch.entries.append(topup_reversal_entry(facts))
        else:
            check_pending(row, verb="failed")
            row.status, kind = "failed", "topup.failed"
            if row.initiated_by == "stripe":
                debit_failed(row, now=now)
        row.next_at = None
        row.failure_code, row.failure_message = code, failure_message(code)
        batch.change(row)
        batch.event(kind, scope, topup_wire(row), row.id)
        batch.write()
    return row


def locked_topup(topup_id: str, scope: Scope) -> TopupRow:
    """The top-up, held until the transaction ends. Raises ResourceMissing."""
    row = find(TopupRow, topup_id, scope, suffix=lock_row_suffix())
    if row is None:
        raise ResourceMissing("topup", topup_id, param="id")
    return row


def _facts(row: TopupRow, transaction_id: str, *, now: int) -> TopupFacts:
    return TopupFacts(
        topup_id=row.id,
        transaction_id=transaction_id,
        platform_id=row.platform_id,
        owner=row.account_id,
        purpose=Purpose(row.purpose),
        amount=row.amount,
        currency=row.currency,
        at=now,
        description=row.description,
    )
