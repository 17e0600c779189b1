"""Account debits: a platform charges one of its accounts (reference money-movement §2.6)."""

from __future__ import annotations

from counterfoil.accounts.queries import payment_accounts
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.money import Money
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.ledger.locks import lock_funds
from counterfoil.ledger.queries import available_balance
from counterfoil.payments.books import debit_entry
from counterfoil.payments.details import ChargeDetails, text_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.settling import platform_currency
from counterfoil.payments.params import CreateCharge
from counterfoil.payments.policy import check_charge_amount, check_transfer_group, currency_of
from counterfoil.payments.rows import ChargeRow, TransferRow
from counterfoil.payments.settlement import exchange
from counterfoil.payments.wire import charge_wire, transfer_wire
from counterfoil.platforms.queries import Caller

# What is said of a card's charge, and means nothing for an account's.
_OF_CARDS = (
    "application_fee_amount",
    "customer",
    "destination",
    "on_behalf_of",
    "receipt_email",
    "shipping",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_data",
)


def debit_account(*, platform: Caller, scope: Scope, params: CreateCharge, now: int) -> ChargeRow:
    """Take money from an account's available balance: a transfer there, a payment here.

    `now` is the platform's clock, UTC seconds. The account never goes below zero by it. Raises
    InvalidRequest, ResourceMissing, BalanceInsufficient.
    """
    assert params.source is not None
    money = Money(params.amount, currency_of(params.currency))
    _check(params, scope)
    check_charge_amount(money.amount, money.currency)
    check_transfer_group(params.transfer_group)
    with unit_of_work():
        found = payment_accounts(scope.platform_id, scope.livemode, [params.source], keep=True)
        if params.source not in found:
            raise ResourceMissing("account", params.source, param="source")
        _check_funds(params.source, scope, money, now=now)
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.sees(found[params.source])
        arriving = exchange(
            money,
            platform_currency(platform, money.currency),
            table=platform.settings.exchange,
            livemode=scope.livemode,
        )
        payment = ChargeRow(
            id=new_id("py", now),
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id=scope.platform_id,
            created=now,
            amount=money.amount,
            currency=money.currency,
            status="succeeded",
            captured=True,
            amount_captured=money.amount,
            available_on=now,
            balance_transaction_id=new_id("txn", now),
            source_transfer_id=new_id("tr", now),
            transfer_group=params.transfer_group,
            settled_amount=arriving.amount if arriving else None,
            settled_currency=arriving.currency if arriving else None,
            exchange_rate=arriving.rate if arriving else None,
            description=params.description,
            metadata=text_of(merge_metadata({}, params.metadata)),
            details=text_of(ChargeDetails()),
        )
        transfer = _transfer(payment, params.source)
        assert payment.balance_transaction_id is not None
        batch.add(transfer)
        batch.add(payment)
        batch.entries.append(
            debit_entry(
                transfer_id=transfer.id,
                transaction_id=transfer.balance_transaction_id,
                payment_id=payment.id,
                payment_transaction_id=payment.balance_transaction_id,
                platform_id=scope.platform_id,
                account_id=params.source,
                amount=money.amount,
                currency=money.currency,
                arriving=arriving,
                at=now,
                description=params.description,
            )
        )
        batch.event("transfer.created", transfer.scope, transfer_wire(transfer), transfer.id)
        batch.event("charge.succeeded", scope, charge_wire(payment), payment.id)
        batch.write()
    return payment


def _check(params: CreateCharge, scope: Scope) -> None:
    if not scope.is_platform:
        raise InvalidRequest(
            "Only a platform debits its accounts: leave the Stripe-Account header out.",
            param="source",
            code="platform_account_required",
        )
    for name in _OF_CARDS:
        if getattr(params, name) is not None:
            raise InvalidRequest(
                f"{name} is about charging cards; it cannot go with an account as the source.",
                param=name,
            )
    if not params.capture:
        raise InvalidRequest(
            "An account is debited at once: it cannot be authorised first.", param="capture"
        )


def _check_funds(account_id: str, scope: Scope, wanted: Money, *, now: int) -> None:
    lock_funds(owner=account_id, livemode=scope.livemode, currency=wanted.currency)
    available = available_balance(
        owner=account_id, livemode=scope.livemode, currency=wanted.currency, now=now
    )
    if wanted.amount > available:
        raise BalanceInsufficient(
            f"The account {account_id} has {Money(available, wanted.currency)} available; {wanted}"
            " cannot be debited from it.",
            param="amount",
        )


def _transfer(payment: ChargeRow, account_id: str) -> TransferRow:
    """The account's side: its money on the way to the platform."""
    assert payment.source_transfer_id is not None
    return TransferRow(
        id=payment.source_transfer_id,
        platform_id=payment.platform_id,
        livemode=payment.livemode,
        account_id=account_id,
        created=payment.created,
        amount=payment.amount,
        currency=payment.currency,
        destination=payment.platform_id,
        destination_payment_id=payment.id,
        balance_transaction_id=new_id("txn", payment.created),
        transfer_group=payment.transfer_group,
        description=payment.description,
    )
