"""What a payment writes into the books, as pure functions from facts to entries.

Sources: reference money-movement §2 (charges) and §2.5 (transfers); their worked examples
are the tests of this file. P is the platform, C the connected account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, Side, TransactionDraft, move
from counterfoil.ledger.models import Purpose


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """A captured charge, as the books need it. Amounts are minor units of `currency`."""

    charge_id: str
    transaction_id: str
    platform_id: str
    owner: str  # whose charge it is: P, or C for a direct charge
    amount: int
    currency: str
    processing_fee: int
    platform_pays_processing: bool  # a direct charge whose fees the platform bears
    available_on: int
    description: str | None
    application: str | None = None
    application_fee: FeeFacts | None = None


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """An application fee, with the platform's balance transaction for it."""

    fee_id: str
    transaction_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """Money from P to C, with the payment it makes there."""

    transfer_id: str
    transaction_id: str
    payment_id: str
    payment_transaction_id: str
    platform_id: str
    destination: str
    amount: int
    currency: str
    available_on: int
    description: str | None
    payment_description: str | None
    application: str | None = None
    application_fee: FeeFacts | None = None  # of a destination charge


def charge_entry(facts: ChargeFacts, *, extra_transaction_id: str | None = None) -> EntryDraft:
    """A charge reaching its owner, less the processor's fee and, when direct, the platform's.

    `extra_transaction_id` names the row of a platform that bears a direct charge's fee.
    """
    owner_fee = 0 if facts.platform_pays_processing else facts.processing_fee
    share = facts.application_fee.amount if facts.application_fee else 0
    fees = _fees(facts.currency, processing=owner_fee, share=share, application=facts.application)
    transactions = [
        TransactionDraft(
            id=facts.transaction_id,
            owner=facts.owner,
            type="charge",
            reporting_category="charge",
            amount=facts.amount,
            currency=facts.currency,
            available_on=facts.available_on,
            source_id=facts.charge_id,
            description=facts.description,
            fees=fees,
        )
    ]
    lines = _from_network(facts, to=facts.owner, amount=facts.amount - owner_fee - share)
    if facts.application_fee:
        lines += _from_network(facts, to=facts.platform_id, amount=share)
        transactions.append(_fee_earned(facts.application_fee, facts))
    lines += move(
        debit=(facts.platform_id, Purpose.CARD_NETWORK),
        credit=(facts.platform_id, Purpose.PROCESSING_FEES),
        amount=facts.processing_fee,
        currency=facts.currency,
        on=facts.available_on,
    )
    if facts.platform_pays_processing and facts.processing_fee:
        assert extra_transaction_id is not None
        # The network still owes the gross: P pays for what the processor kept.
        lines += move(
            debit=(facts.platform_id, Purpose.PAYMENTS),
            credit=(facts.platform_id, Purpose.CARD_NETWORK),
            amount=facts.processing_fee,
            currency=facts.currency,
            on=facts.available_on,
        )
        transactions.append(_processing_paid(facts, extra_transaction_id))
    return EntryDraft(f"charge:{facts.charge_id}", "charge", lines, transactions)


def transfer_entry(facts: TransferFacts) -> EntryDraft:
    """Money from P to C; with a fee, as of a destination charge, P keeps that part."""
    share = facts.application_fee.amount if facts.application_fee else 0
    lines = [
        _payments(facts.platform_id, "debit", facts.amount, facts),
        _payments(facts.destination, "credit", facts.amount - share, facts),
        _payments(facts.platform_id, "credit", share, facts),
    ]
    transactions = [
        TransactionDraft(
            id=facts.transaction_id,
            owner=facts.platform_id,
            type="transfer",
            reporting_category="transfer",
            amount=-facts.amount,
            currency=facts.currency,
            available_on=facts.available_on,
            source_id=facts.transfer_id,
            description=facts.description,
        ),
        TransactionDraft(
            id=facts.payment_transaction_id,
            owner=facts.destination,
            type="payment",
            reporting_category="charge",
            amount=facts.amount,
            currency=facts.currency,
            available_on=facts.available_on,
            source_id=facts.payment_id,
            description=facts.payment_description,
            fees=_fees(facts.currency, processing=0, share=share, application=facts.application),
        ),
    ]
    if facts.application_fee:
        transactions.append(_fee_earned(facts.application_fee, facts))
    written = [line for line in lines if line.amount]
    return EntryDraft(f"transfer:{facts.transfer_id}", "transfer", written, transactions)


def _payments(owner: str, side: Side, amount: int, facts: ChargeFacts | TransferFacts) -> Line:
    return Line(owner, Purpose.PAYMENTS, side, amount, facts.currency, facts.available_on)


def _from_network(facts: ChargeFacts, *, to: str, amount: int) -> list[Line]:
    network, owner = (facts.platform_id, Purpose.CARD_NETWORK), (to, Purpose.PAYMENTS)
    # Fees may be more than a small charge: the owner then owes the rest.
    debit, credit = (network, owner) if amount >= 0 else (owner, network)
    return move(
        debit=debit,
        credit=credit,
        amount=abs(amount),
        currency=facts.currency,
        on=facts.available_on,
    )


def _fees(
    currency: str, *, processing: int, share: int, application: str | None
) -> Sequence[FeeDetail]:
    fees = []
    if share:
        fees.append(FeeDetail(share, currency, "application_fee", application, "Application fee"))
    if processing:
        fees.append(FeeDetail(processing, currency, "stripe_fee", None, "Processing fee"))
    return fees


def _fee_earned(fee: FeeFacts, facts: ChargeFacts | TransferFacts) -> TransactionDraft:
    return TransactionDraft(
        id=fee.transaction_id,
        owner=facts.platform_id,
        type="application_fee",
        reporting_category="platform_earning",
        amount=fee.amount,
        currency=facts.currency,
        available_on=facts.available_on,
        source_id=fee.fee_id,
        description=facts.description,
    )


def _processing_paid(facts: ChargeFacts, transaction_id: str) -> TransactionDraft:
    return TransactionDraft(
        id=transaction_id,
        owner=facts.platform_id,
        type="stripe_fee",
        reporting_category="fee",
        amount=-facts.processing_fee,
        currency=facts.currency,
        available_on=facts.available_on,
        source_id=facts.charge_id,
        description=f"Processing fee for {facts.charge_id}",
    )
