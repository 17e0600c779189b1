"""What a payment writes into the books, as pure functions from facts to entries.

Sources: reference money-movement §2 (charges) and §2.5 (transfers); their worked examples
are the tests of this file. P is the platform, C the connected account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, Side, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.payments.settlement import Exchanged

Account = tuple[str, Purpose]  # of the books: whose, and for what


@dataclass(frozen=True, slots=True)
class ChargeFacts:
    """A captured charge, as the books need it. Amounts are minor units of `currency`.

    That is what its owner settles in. When the card was charged in another currency, `presented`
    is what the network owes, with the rate at which it became `amount`.
    """

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
    presented: Exchanged | None = None
    conversion_fee: int = 0  # the part of the processing fee that is for the conversion
    platform_paid: Exchanged | None = None  # the processing fee, when P pays in another currency


@dataclass(frozen=True, slots=True)
class FeeFacts:
    """An application fee, with the platform's balance transaction for it.

    `amount` is what C gives, in the currency of C's row; `earned` what becomes of it on P, when
    P keeps another currency.
    """

    fee_id: str
    transaction_id: str
    amount: int
    earned: Exchanged | None = None


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
    application_fee: FeeFacts | None = None  # of a destination charge, in C's currency
    arriving: Exchanged | None = None  # on C, when C settles in another currency than `currency`


def charge_entry(facts: ChargeFacts, *, extra_transaction_id: str | None = None) -> EntryDraft:
    """A charge reaching its owner, less the processor's fee and, when direct, the platform's.

    `extra_transaction_id` names the row of a platform that bears a direct charge's fee.
    """
    owner_fee = 0 if facts.platform_pays_processing else facts.processing_fee
    fee = facts.application_fee
    share = fee.amount if fee else 0
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
            fees=_fees(facts, processing=owner_fee, share=share, currency=facts.currency),
            exchange_rate=facts.presented.rate if facts.presented else None,
        )
    ]
    source = (facts.platform_id, Purpose.CARD_NETWORK)
    lines = []
    if facts.presented:
        # What the network owes goes into the exchange, and what settles comes out of it.
        source = (facts.platform_id, Purpose.FX)
        lines += move(
            debit=(facts.platform_id, Purpose.CARD_NETWORK),
            credit=source,
            amount=facts.presented.amount,
            currency=facts.presented.currency,
            on=facts.available_on,
        )
    lines += _out_of(source, facts, to=facts.owner, amount=facts.amount - owner_fee - share)
    if fee:
        if fee.earned:
            lines += exchanged(
                source,
                (facts.platform_id, Purpose.PAYMENTS),
                share,
                facts.currency,
                fee.earned,
                platform_id=facts.platform_id,
                on=facts.available_on,
            )
        else:
            lines += _out_of(source, facts, to=facts.platform_id, amount=share)
        transactions.append(_fee_earned(fee, facts, facts.currency))
    lines += move(
        debit=source,
        credit=(facts.platform_id, Purpose.PROCESSING_FEES),
        amount=facts.processing_fee,
        currency=facts.currency,
        on=facts.available_on,
    )
    if facts.platform_pays_processing and facts.processing_fee:
        assert extra_transaction_id is not None
        lines += _platform_pays(source, facts)
        transactions.append(_processing_paid(facts, extra_transaction_id))
    return EntryDraft(f"charge:{facts.charge_id}", "charge", lines, transactions)


def transfer_entry(facts: TransferFacts) -> EntryDraft:
    """Money from P to C; with a fee, as of a destination charge, P keeps that part.

    C's currency is what arrives; the fee is in it too, and stays in it on P (reference §9).
    """
    share = facts.application_fee.amount if facts.application_fee else 0
    gross = facts.arriving.amount if facts.arriving else facts.amount
    currency = facts.arriving.currency if facts.arriving else facts.currency
    lines = [_payments(facts.platform_id, "debit", facts.amount, facts.currency, facts)]
    if facts.arriving:
        fx = (facts.platform_id, Purpose.FX)
        lines += [
            Line(*fx, "credit", facts.amount, facts.currency, facts.available_on),
            Line(*fx, "debit", gross, currency, facts.available_on),
        ]
    lines += [
        _payments(facts.destination, "credit", gross - share, currency, facts),
        _payments(facts.platform_id, "credit", share, currency, facts),
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
            amount=gross,
            currency=currency,
            available_on=facts.available_on,
            source_id=facts.payment_id,
            description=facts.payment_description,
            fees=_fees(facts, processing=0, share=share, currency=currency),
            exchange_rate=facts.arriving.rate if facts.arriving else None,
        ),
    ]
    if facts.application_fee:
        transactions.append(_fee_earned(facts.application_fee, facts, currency))
    written = [line for line in lines if line.amount]
    return EntryDraft(f"transfer:{facts.transfer_id}", "transfer", written, transactions)


def debit_entry(
    *,
    transfer_id: str,
    transaction_id: str,
    payment_id: str,
    payment_transaction_id: str,
    platform_id: str,
    account_id: str,
    amount: int,
    currency: str,
    arriving: Exchanged | None,
    at: int,
    description: str | None,
) -> EntryDraft:
    """Money from C to P, as P asked for it (reference §2.6; row types as between P and C)."""
    giver, taker = (account_id, Purpose.PAYMENTS), (platform_id, Purpose.PAYMENTS)
    if arriving:
        lines = exchanged(giver, taker, amount, currency, arriving, platform_id=platform_id, on=at)
    else:
        lines = move(debit=giver, credit=taker, amount=amount, currency=currency, on=at)
    transactions = [
        TransactionDraft(
            id=transaction_id,
            owner=account_id,
            type="transfer",
            reporting_category="transfer",
            amount=-amount,
            currency=currency,
            available_on=at,
            source_id=transfer_id,
            description=description,
        ),
        TransactionDraft(
            id=payment_transaction_id,
            owner=platform_id,
            type="payment",
            reporting_category="charge",
            amount=arriving.amount if arriving else amount,
            currency=arriving.currency if arriving else currency,
            available_on=at,
            source_id=payment_id,
            description=description,
            exchange_rate=arriving.rate if arriving else None,
        ),
    ]
    return EntryDraft(f"transfer:{transfer_id}", "account_debit", lines, transactions)


def exchanged(
    source: Account,
    target: Account,
    amount: int,
    currency: str,
    becomes: Exchanged,
    *,
    platform_id: str,
    on: int,
) -> list[Line]:
    """`amount` from the source into the platform's exchange, and what it becomes to the target."""
    fx = (platform_id, Purpose.FX)
    into = (
        []
        if source == fx
        else move(debit=source, credit=fx, amount=amount, currency=currency, on=on)
    )
    out = (
        []
        if target == fx
        else move(debit=fx, credit=target, amount=becomes.amount, currency=becomes.currency, on=on)
    )
    return into + out


def _payments(
    owner: str, side: Side, amount: int, currency: str, facts: ChargeFacts | TransferFacts
) -> Line:
    return Line(owner, Purpose.PAYMENTS, side, amount, currency, facts.available_on)


def _platform_pays(source: Account, facts: ChargeFacts) -> list[Line]:
    """The network still owes the gross: P pays for what the processor kept."""
    payer = (facts.platform_id, Purpose.PAYMENTS)
    if facts.platform_paid is None:
        return move(
            debit=payer,
            credit=source,
            amount=facts.processing_fee,
            currency=facts.currency,
            on=facts.available_on,
        )
    paid = facts.platform_paid
    kept = Exchanged(facts.processing_fee, facts.currency, paid.rate)
    return exchanged(
        payer,
        source,
        paid.amount,
        paid.currency,
        kept,
        platform_id=facts.platform_id,
        on=facts.available_on,
    )


def _out_of(source: Account, facts: ChargeFacts, *, to: str, amount: int) -> list[Line]:
    owner = (to, Purpose.PAYMENTS)
    # Fees may be more than a small charge: the owner then owes the rest.
    debit, credit = (source, owner) if amount >= 0 else (owner, source)
    return move(
        debit=debit,
        credit=credit,
        amount=abs(amount),
        currency=facts.currency,
        on=facts.available_on,
    )


def _fees(
    facts: ChargeFacts | TransferFacts, *, processing: int, share: int, currency: str
) -> Sequence[FeeDetail]:
    fees = []
    if share:
        application = facts.application
        fees.append(FeeDetail(share, currency, "application_fee", application, "Application fee"))
    if processing and isinstance(facts, ChargeFacts):
        conversion = facts.conversion_fee
        if processing != conversion:
            card = processing - conversion
            fees.append(FeeDetail(card, currency, "stripe_fee", None, "Processing fee"))
        if conversion:
            text = "Currency conversion fee"
            fees.append(FeeDetail(conversion, currency, "stripe_fee", None, text))
    return fees


def _fee_earned(
    fee: FeeFacts, facts: ChargeFacts | TransferFacts, currency: str
) -> TransactionDraft:
    return TransactionDraft(
        id=fee.transaction_id,
        owner=facts.platform_id,
        type="application_fee",
        reporting_category="platform_earning",
        amount=fee.earned.amount if fee.earned else fee.amount,
        currency=fee.earned.currency if fee.earned else currency,
        available_on=facts.available_on,
        source_id=fee.fee_id,
        description=facts.description,
        exchange_rate=fee.earned.rate if fee.earned else None,
    )


def _processing_paid(facts: ChargeFacts, transaction_id: str) -> TransactionDraft:
    paid = facts.platform_paid
    return TransactionDraft(
        id=transaction_id,
        owner=facts.platform_id,
        type="stripe_fee",
        reporting_category="fee",
        amount=-(paid.amount if paid else facts.processing_fee),
        currency=paid.currency if paid else facts.currency,
        available_on=facts.available_on,
        source_id=facts.charge_id,
        description=f"Processing fee for {facts.charge_id}",
        exchange_rate=paid.rate if paid else None,
    )
