"""What undoing a payment writes into the books, as pure functions from facts to entries.

Source: reference money-movement §§3 and 5; its table of cases is the tests of this file. P is
the platform, C the connected account. Processing fees never come back.
"""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, Side, TransactionDraft
from counterfoil.ledger.models import Purpose


@dataclass(frozen=True, slots=True)
class FeeReturn:
    """The share of an application fee that P gives back to C."""

    refund_id: str  # fr_…
    transaction_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class ReversalFacts:
    """The part of a transfer that comes back from C to P."""

    reversal_id: str  # trr_…
    transaction_id: str
    payment_refund_id: str  # pyr_…
    payment_transaction_id: str
    platform_id: str
    destination: str
    amount: int
    currency: str
    available_on: int
    application: str
    fee: FeeReturn | None = None


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """Money back to the cardholder, from the balance of the charge's owner."""

    refund_id: str
    transaction_id: str
    charge_id: str
    platform_id: str
    owner: str  # C for a direct charge, P otherwise
    amount: int
    currency: str
    purpose: Purpose  # payments, or prefunding when payments did not suffice
    available_on: int
    description: str
    application: str
    fee: FeeReturn | None = None  # of a direct charge; a destination's is in the reversal
    reversal: ReversalFacts | None = None

    @property
    def debit(self) -> int:
        """What leaves the owner's balance in all."""
        if self.reversal is not None:
            fee = self.reversal.fee.amount if self.reversal.fee else 0
            return self.amount - self.reversal.amount + fee
        return self.amount - (self.fee.amount if self.fee else 0)


def refund_entry(facts: RefundFacts) -> EntryDraft:
    """A refund with all that it takes along, in one entry."""
    fee = facts.fee.amount if facts.fee else 0
    network = Line(
        facts.platform_id,
        Purpose.CARD_NETWORK,
        "credit",
        facts.amount,
        facts.currency,
        facts.available_on,
    )
    owner = Line(
        facts.owner,
        facts.purpose,
        "debit",
        facts.amount - fee,
        facts.currency,
        facts.available_on,
    )
    lines = [network, owner]
    transactions = [
        TransactionDraft(
            id=facts.transaction_id,
            owner=facts.owner,
            type="refund",
            reporting_category="refund",
            amount=-facts.amount,
            currency=facts.currency,
            available_on=facts.available_on,
            source_id=facts.refund_id,
            description=facts.description,
            fees=_returned(facts.fee, facts.currency, facts.application),
            balance_type=facts.purpose,
        )
    ]
    if facts.fee:
        lines.append(_line(facts.platform_id, "debit", fee, facts))
        transactions.append(_fee_given_back(facts.fee, facts))
    if facts.reversal:
        reversal = reversal_entry(facts.reversal)
        lines += reversal.lines
        transactions += reversal.transactions
    written = [line for line in lines if line.amount]
    return EntryDraft(f"refund:{facts.refund_id}", "refund", written, transactions)


def reversal_entry(facts: ReversalFacts) -> EntryDraft:
    """A transfer, or part of it, coming back; with the fee P returns on it."""
    fee = facts.fee.amount if facts.fee else 0
    lines = [
        _line(facts.destination, "debit", facts.amount - fee, facts),
        _line(facts.platform_id, "credit", facts.amount, facts),
        _line(facts.platform_id, "debit", fee, facts),
    ]
    transactions = [
        TransactionDraft(
            id=facts.transaction_id,
            owner=facts.platform_id,
            type="transfer_refund",
            reporting_category="transfer_reversal",
            amount=facts.amount,
            currency=facts.currency,
            available_on=facts.available_on,
            source_id=facts.reversal_id,
            description="Transfer reversed",
        ),
        TransactionDraft(
            id=facts.payment_transaction_id,
            owner=facts.destination,
            type="payment_refund",
            reporting_category="refund",
            amount=-facts.amount,
            currency=facts.currency,
            available_on=facts.available_on,
            source_id=facts.payment_refund_id,
            description="Refund for payment",
            fees=_returned(facts.fee, facts.currency, facts.application),
        ),
    ]
    if facts.fee:
        transactions.append(_fee_given_back(facts.fee, facts))
    written = [line for line in lines if line.amount]
    return EntryDraft(f"reversal:{facts.reversal_id}", "reversal", written, transactions)


@dataclass(frozen=True, slots=True)
class FeeRefundFacts:
    """A stand-alone return of an application fee."""

    fee: FeeReturn
    account_transaction_id: str
    platform_id: str
    account_id: str
    currency: str
    available_on: int


def fee_refund_entry(facts: FeeRefundFacts) -> EntryDraft:
    """P gives back part of a fee; C sees an adjustment (reference §3, modelling)."""
    amount = facts.fee.amount
    lines = [
        _line(facts.platform_id, "debit", amount, facts),
        _line(facts.account_id, "credit", amount, facts),
    ]
    transactions = [
        _fee_given_back(facts.fee, facts),
        TransactionDraft(
            id=facts.account_transaction_id,
            owner=facts.account_id,
            type="adjustment",
            reporting_category="fee",
            amount=amount,
            currency=facts.currency,
            available_on=facts.available_on,
            source_id=facts.fee.refund_id,
            description="Application fee refund",
        ),
    ]
    return EntryDraft(f"fee_refund:{facts.fee.refund_id}", "fee_refund", lines, transactions)


def failed_refund_entry(
    *,
    refund_id: str,
    transaction_id: str,
    platform_id: str,
    owner: str,
    purpose: Purpose,
    amount: int,
    currency: str,
    now: int,
) -> EntryDraft:
    """Money of a refund that did not reach the cardholder, back where it was taken from."""
    lines = [
        Line(platform_id, Purpose.CARD_NETWORK, "debit", amount, currency, now),
        Line(owner, purpose, "credit", amount, currency, now),
    ]
    transaction = TransactionDraft(
        id=transaction_id,
        owner=owner,
        type="refund_failure",
        reporting_category="refund_failure",
        amount=amount,
        currency=currency,
        available_on=now,
        source_id=refund_id,
        description=f"Refund {refund_id} failed: its amount is returned",
        balance_type=purpose,
    )
    return EntryDraft(f"refund_failure:{refund_id}", "refund_failure", lines, [transaction])


def _line(
    owner: str, side: Side, amount: int, facts: RefundFacts | ReversalFacts | FeeRefundFacts
) -> Line:
    return Line(owner, Purpose.PAYMENTS, side, amount, facts.currency, facts.available_on)


def _returned(fee: FeeReturn | None, currency: str, application: str) -> list[FeeDetail]:
    if fee is None or fee.amount == 0:
        return []
    return [
        FeeDetail(-fee.amount, currency, "application_fee", application, "Application fee returned")
    ]


def _fee_given_back(
    fee: FeeReturn, facts: RefundFacts | ReversalFacts | FeeRefundFacts
) -> TransactionDraft:
    return TransactionDraft(
        id=fee.transaction_id,
        owner=facts.platform_id,
        type="application_fee_refund",
        reporting_category="platform_earning_refund",
        amount=-fee.amount,
        currency=facts.currency,
        available_on=facts.available_on,
        source_id=fee.refund_id,
        description="Application fee refund",
    )
