"""Transfers from a platform to its accounts (reference api.md §5.1, money-movement §2.5)."""

from __future__ import annotations

from msgspec import UNSET

from counterfoil.accounts.queries import PaymentAccount, payment_accounts
from counterfoil.kit.db import fetch_one, lock_row_suffix, unit_of_work
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.money import Money
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.ledger.locks import lock_funds
from counterfoil.ledger.queries import available_balance
from counterfoil.payments.details import read_metadata, text_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charges import locked_charge
from counterfoil.payments.operations.charging import post_transfer, transfer_rows
from counterfoil.payments.operations.settling import paid_in
from counterfoil.payments.params import CreateTransfer, UpdateTransfer
from counterfoil.payments.policy import (
    check_can_receive,
    check_transfer_group,
    currency_of,
    source_exhausted,
)
from counterfoil.payments.rows import ChargeRow, TransferRow, find
from counterfoil.payments.settlement import Exchanged, exchange
from counterfoil.payments.wire import transfer_wire
from counterfoil.platforms.queries import platform_facts


def create_transfer(*, scope: Scope, params: CreateTransfer, now: int) -> TransferRow:
    """Move money from the platform to an account; with a source charge, out of that charge.

    `now` is the platform's clock, UTC seconds. Raises BalanceInsufficient when the platform's
    available balance does not cover a transfer without a source.
    """
    if not scope.is_platform:
        raise InvalidRequest(
            "Transfers start from the platform: leave the Stripe-Account header out.",
            code="transfers_not_allowed",
        )
    currency = currency_of(params.currency)
    _check_amount(params.amount, required=params.source_transaction is None)
    check_transfer_group(params.transfer_group)
    with unit_of_work():
        destination = _destination(params.destination, scope)
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.sees(destination)
        source = None
        if params.source_transaction is not None:
            source = _source(params.source_transaction, scope)
            amount = _within_source(params.amount, source, currency)
        else:
            assert params.amount is not None
            amount = params.amount
            _check_funds(scope, Money(amount, currency), now=now)
        moved = Money(amount, currency)
        # Out of a charge, money is available when the charge's is; otherwise at once.
        on = source.available_on if source and source.available_on is not None else now
        transfer, payment = transfer_rows(
            batch,
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            destination=destination.id,
            moved=moved,
            arriving=_arriving(moved, destination, scope),
            on=on,
            source_transaction=source.id if source else None,
            transfer_group=_group(params.transfer_group, source, batch),
            description=params.description,
            metadata=merge_metadata({}, params.metadata),
        )
        post_transfer(batch, transfer, payment, on=on, fee=None)
        batch.write()
    return transfer


def update_transfer(
    *, scope: Scope, transfer_id: str, params: UpdateTransfer, now: int
) -> TransferRow:
    """Change a transfer's description and metadata."""
    with unit_of_work():
        transfer = find(TransferRow, transfer_id, scope, suffix=lock_row_suffix())
        if transfer is None:
            raise ResourceMissing("transfer", transfer_id, param="id")
        before = transfer_wire(transfer)
        if params.description is not UNSET:
            transfer.description = params.description or None
        transfer.metadata = text_of(
            merge_metadata(read_metadata(transfer.metadata), params.metadata)
        )
        after = transfer_wire(transfer)
        previous = {
            name: getattr(before, name)
            for name in ("description", "metadata")
            if getattr(before, name) != getattr(after, name)
        }
        if previous:
            batch = Batch(scope.platform_id, scope.livemode, now)
            batch.change(transfer)
            batch.event("transfer.updated", scope, after, transfer.id, previous)
            batch.write()
    return transfer


def _arriving(moved: Money, destination: PaymentAccount, scope: Scope) -> Exchanged | None:
    """What the destination gets, when it is paid in another currency (reference §9)."""
    currency = paid_in(destination, moved.currency)
    if currency == moved.currency:
        return None
    table = platform_facts(scope.platform_id, livemode=scope.livemode).settings.exchange
    return exchange(moved, currency, table=table, livemode=scope.livemode)


def _check_amount(amount: int | None, *, required: bool) -> None:
    if amount is None and required:
        raise InvalidRequest(
            "Missing required param: amount.", param="amount", code="parameter_missing"
        )
    if amount is not None and amount <= 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            param="amount",
            code="parameter_invalid_integer",
        )
    if amount is not None and amount > 999_999_999_999:
        raise InvalidRequest(
            "Amount must be no more than 999999999999 minor units.",
            param="amount",
            code="amount_too_large",
        )


def _destination(ident: str, scope: Scope) -> PaymentAccount:
    found = payment_accounts(scope.platform_id, scope.livemode, [ident], keep=True)
    if ident not in found:
        raise ResourceMissing("destination", ident, param="destination")
    check_can_receive(found[ident], param="destination")
    return found[ident]


def _source(ident: str, scope: Scope) -> ChargeRow:
    try:
        source = locked_charge(ident, scope)
    except ResourceMissing:
        raise ResourceMissing("charge", ident, param="source_transaction") from None
    if not source.captured:
        raise InvalidRequest(
            f"The charge {ident} has not been captured: there is nothing to transfer yet.",
            param="source_transaction",
        )
    return source


def _within_source(amount: int | None, source: ChargeRow, currency: str) -> int:
    """The transfer's amount, at most what earlier transfers left of the charge.

    Those that were reversed count in full: their money is in the platform's balance again, and a
    transfer out of the charge would not ask for it (docs/concepts/transfers.md).
    """
    settled = source.settled
    if currency != settled.currency:
        raise InvalidRequest(
            f"The currency of the transfer ({currency}) must be that of the charge's balance"
            f" transaction ({settled.currency}).",
            param="currency",
            code="transfer_source_balance_parameters_mismatch",
        )
    row = fetch_one(
        "SELECT COALESCE(SUM(amount), 0), COUNT(*) FROM payments_transfer"
        " WHERE source_transaction = %s",
        [source.id],
    )
    assert row is not None
    moved, count = int(row[0]), int(row[1])
    left = settled.amount - moved
    wanted = left if amount is None else amount
    if wanted > left or left <= 0:
        raise InvalidRequest(
            source_exhausted(settled, moved=moved, count=count),
            param="amount",
            code="charge_exceeds_source_limit",
        )
    return wanted


def _check_funds(scope: Scope, wanted: Money, *, now: int) -> None:
    lock_funds(owner=scope.account_id, livemode=scope.livemode, currency=wanted.currency)
    available = available_balance(
        owner=scope.account_id, livemode=scope.livemode, currency=wanted.currency, now=now
    )
    if wanted.amount > available:
        raise BalanceInsufficient(
            f"You have insufficient available funds: {Money(available, wanted.currency)} is"
            f" available and {wanted} is to be transferred. In test mode, charge the card"
            " 4000000000000077 (pm_card_bypassPending) to add available funds at once, or send"
            " source_transaction to transfer out of a charge.",
            param="amount",
        )


def _group(given: str | None, source: ChargeRow | None, batch: Batch) -> str | None:
    """The given group, the charge's, or one made for both (reference api.md §5.1)."""
    if given is not None or source is None:
        return given
    if source.transfer_group is None:
        source.transfer_group = f"group_{source.payment_intent_id or source.id}"
        batch.change(source)
    return source.transfer_group
