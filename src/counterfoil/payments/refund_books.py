"""What undoing a payment writes into the books, as pure functions from facts to entries.

Source: reference money-movement §§3 and 5; its table of cases is the tests of this file. P is
the platform, C the connected account. Processing fees never come back.
"""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.money import Money
from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, Side, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.payments.settlement import Exchanged


@dataclass(frozen=True, slots=True)
class FeeReturn:
    """The share of an application fee that P gives back to C.

    `amount` is what C gets, in the currency of C's row; `given` what leaves P, when P earned the
    fee in another currency.
    """

    refund_id: str  # fr_…
    transaction_id: str
    amount: int
    of_fee: int  # the part of the fee itself, in the fee's own currency
    given: Exchanged | None = None


@dataclass(frozen=True, slots=True)
class ReversalFacts:
    """The part of a transfer that comes back from C to P.

    `amount` is what P gets back. When C was paid in another currency, `leaving` is what C loses;
    the fee is in that currency too.
    """

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
    leaving: Exchanged | None = None

    @property
    def taken(self) -> Money:
        """What leaves C, before the fee that is returned."""
        if self.leaving is None:
            return Money(self.amount, self.currency)
        return Money(self.leaving.amount, self.leaving.currency)


@dataclass(frozen=True, slots=True)
class RefundFacts:
    """Money back to the cardholder, from the balance of the charge's owner.

    `amount` is in what the charge settled in. When the card was charged in another currency,
    `presented` is what the cardholder gets.
    """

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
    presented: Exchanged | None = None

    @property
    def debit(self) -> int:
        """What leaves the owner's balance in the refund's currency in all."""
        if self.reversal is not None:
            returned = self.reversal.fee
            same = self.reversal.taken.currency == self.currency
            fee = returned.amount if returned and same else 0
            return self.amount - self.reversal.amount + fee
        return self.amount - (self.fee.amount if self.fee else 0)


def refund_entry(facts: RefundFacts) -> EntryDraft:
    """A refund with all that it takes along, in one entry."""
    fee = facts.fee.amount if facts.fee else 0
    owner, network = (facts.owner, facts.purpose), (facts.platform_id, Purpose.CARD_NETWORK)
    if facts.presented:
        fx = (facts.platform_id, Purpose.FX)
        back = [
            Line(*fx, "credit", facts.amount, facts.currency, facts.available_on),
            *move(
                debit=fx,
                credit=network,
                amount=facts.presented.amount,
                currency=facts.presented.currency,
                on=facts.available_on,
            ),
        ]
    else:
        back = [Line(*network, "credit", facts.amount, facts.currency, facts.available_on)]
    lines = [
        *back,
        _taken(owner, facts.amount - fee, facts.currency, on=facts.available_on),
    ]
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
            exchange_rate=facts.presented.rate if facts.presented else None,
        )
    ]
    if facts.fee:
        lines += _given_back(facts.fee, facts, facts.currency)
        transactions.append(_fee_row(facts.fee, facts, facts.currency))
    if facts.reversal:
        reversal = reversal_entry(facts.reversal)
        lines += reversal.lines
        transactions += reversal.transactions
    written = [line for line in lines if line.amount]
    return EntryDraft(f"refund:{facts.refund_id}", "refund", written, transactions)


def reversal_entry(facts: ReversalFacts) -> EntryDraft:
    """A transfer, or part of it, coming back; with the fee P returns on it."""
    fee = facts.fee.amount if facts.fee else 0
    taken = facts.taken
    lines = [
        _taken(
            (facts.destination, Purpose.PAYMENTS),
            taken.amount - fee,
            taken.currency,
            on=facts.available_on,
        ),
        _payments(facts.platform_id, "credit", facts.amount, facts.currency, facts),
    ]
    if facts.leaving:
        fx = (facts.platform_id, Purpose.FX)
        lines += [
            Line(*fx, "credit", taken.amount, taken.currency, facts.available_on),
            Line(*fx, "debit", facts.amount, facts.currency, facts.available_on),
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
            amount=-taken.amount,
            currency=taken.currency,
            available_on=facts.available_on,
            source_id=facts.payment_refund_id,
            description="Refund for payment",
            fees=_returned(facts.fee, taken.currency, facts.application),
            exchange_rate=facts.leaving.rate if facts.leaving else None,
        ),
    ]
    if facts.fee:
        lines += _given_back(facts.fee, facts, taken.currency)
        transactions.append(_fee_row(facts.fee, facts, taken.currency))
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

    @property
    def given(self) -> Money:
        """What leaves P."""
        if self.fee.given is None:
            return Money(self.fee.amount, self.currency)
        return Money(self.fee.given.amount, self.fee.given.currency)


def fee_refund_entry(facts: FeeRefundFacts) -> EntryDraft:
    """P gives back part of a fee; C sees an adjustment (reference §3, modelling)."""
    amount = facts.fee.amount
    lines = [
        *_given_back(facts.fee, facts, facts.currency),
        _payments(facts.account_id, "credit", amount, facts.currency, facts),
    ]
    transactions = [
        _fee_row(facts.fee, facts, facts.currency),
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
    written = [line for line in lines if line.amount]
    return EntryDraft(f"fee_refund:{facts.fee.refund_id}", "fee_refund", written, transactions)


def failed_refund_entry(
    *,
    refund_id: str,
    transaction_id: str,
    platform_id: str,
    owner: str,
    purpose: Purpose,
    amount: int,
    currency: str,
    presented: Exchanged | None,
    now: int,
) -> EntryDraft:
    """Money of a refund that did not reach the cardholder, back where it was taken from.

    At the rate at which it left; `presented` is what the cardholder was to get, when that is
    another currency.
    """
    network, source = (platform_id, Purpose.CARD_NETWORK), (platform_id, Purpose.CARD_NETWORK)
    lines = []
    if presented:
        source = (platform_id, Purpose.FX)
        lines += move(
            debit=network,
            credit=source,
            amount=presented.amount,
            currency=presented.currency,
            on=now,
        )
    lines += move(debit=source, credit=(owner, purpose), amount=amount, currency=currency, on=now)
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
        exchange_rate=presented.rate if presented else None,
    )
    return EntryDraft(f"refund_failure:{refund_id}", "refund_failure", lines, [transaction])


Facts = RefundFacts | ReversalFacts | FeeRefundFacts


def _taken(account: tuple[str, Purpose], amount: int, currency: str, *, on: int) -> Line:
    """`amount` leaves an account. It is negative where more of a fee comes back than is taken:
    a transfer that was reversed by hand before, or a share that was rounded down."""
    side: Side = "debit" if amount >= 0 else "credit"
    return Line(*account, side, abs(amount), currency, on)


def _payments(owner: str, side: Side, amount: int, currency: str, facts: Facts) -> Line:
    return Line(owner, Purpose.PAYMENTS, side, amount, currency, facts.available_on)


def _returned(fee: FeeReturn | None, currency: str, application: str) -> list[FeeDetail]:
    if fee is None or fee.amount == 0:
        return []
    return [
        FeeDetail(-fee.amount, currency, "application_fee", application, "Application fee returned")
    ]


def _given_back(fee: FeeReturn, facts: Facts, currency: str) -> list[Line]:
    """P's side of a returned fee; through the exchange when P earned it in another currency."""
    given = fee.given
    if given is None:
        return [_payments(facts.platform_id, "debit", fee.amount, currency, facts)]
    fx = (facts.platform_id, Purpose.FX)
    return [
        _payments(facts.platform_id, "debit", given.amount, given.currency, facts),
        Line(*fx, "credit", given.amount, given.currency, facts.available_on),
        Line(*fx, "debit", fee.amount, currency, facts.available_on),
    ]


def _fee_row(fee: FeeReturn, facts: Facts, currency: str) -> TransactionDraft:
    given = fee.given
    return TransactionDraft(
        id=fee.transaction_id,
        owner=facts.platform_id,
        type="application_fee_refund",
        reporting_category="platform_earning_refund",
        amount=-(given.amount if given else fee.amount),
        currency=given.currency if given else currency,
        available_on=facts.available_on,
        source_id=fee.refund_id,
        description="Application fee refund",
        exchange_rate=given.rate if given else None,
    )
