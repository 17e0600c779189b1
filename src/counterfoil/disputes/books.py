"""What a dispute writes into the books, as pure functions from facts to entries.

Source: reference money-movement §4; its worked example is the tests of this file. P is the
platform, C the connected account; the owner of the charge is debited, C for a direct charge.
"""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, Side, TransactionDraft
from counterfoil.ledger.models import Purpose
from counterfoil.payments.settlement import Exchanged


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """A dispute, as the books need it. Amounts are minor units of `currency`.

    That is what the charge was settled in. When the card was charged in another currency,
    `presented` is what the cardholder's bank takes.
    """

    dispute_id: str
    charge_id: str
    platform_id: str
    owner: str  # of the charge: P, or C for a direct charge
    platform_pays_fees: bool  # of a direct charge: P bears what the dispute costs
    amount: int
    currency: str
    available_on: int
    presented: Exchanged | None = None

    @property
    def rate(self) -> str | None:
        return self.presented.rate if self.presented else None


@dataclass(frozen=True, slots=True)
class Charged:
    """A fee of a dispute, the balance it comes from or goes to, and the row that shows it.

    `transaction_id` is of a row of its own: always when P pays, and when there is no other row.
    """

    amount: int
    purpose: Purpose
    transaction_id: str


def withdrawal_entry(
    facts: DisputeFacts, *, transaction_id: str, purpose: Purpose, fee: Charged | None
) -> EntryDraft:
    """A chargeback opened: the amount goes back to the network, the fee to the processor."""
    own_fee = 0 if fee is None or facts.platform_pays_fees else fee.amount
    lines = [
        *_line(facts, facts.owner, purpose, -facts.amount - own_fee),
        *_network(facts, facts.amount),
        *_processor(facts, fee.amount if fee else 0),
    ]
    row = TransactionDraft(
        id=transaction_id,
        owner=facts.owner,
        type="adjustment",
        reporting_category="dispute",
        amount=-facts.amount,
        currency=facts.currency,
        available_on=facts.available_on,
        source_id=facts.dispute_id,
        description=f"Chargeback withdrawal for {facts.charge_id}",
        fees=_fees(facts, own_fee, "Dispute fee"),
        balance_type=purpose,
        exchange_rate=facts.rate,
    )
    transactions = [row]
    if fee and facts.platform_pays_fees:
        lines += _line(facts, facts.platform_id, fee.purpose, -fee.amount)
        transactions.append(_paid_by_platform(facts, fee, -fee.amount, "Dispute fee"))
    return EntryDraft(f"dispute:{facts.dispute_id}", "dispute", lines, transactions)


def countering_entry(facts: DisputeFacts, *, fee: Charged, times: int) -> EntryDraft:
    """The fee for submitting evidence; `times` is how often it was submitted by now."""
    payer = facts.platform_id if facts.platform_pays_fees else facts.owner
    lines = [*_line(facts, payer, fee.purpose, -fee.amount), *_processor(facts, fee.amount)]
    row = (
        _paid_by_platform(facts, fee, -fee.amount, "Dispute countered fee")
        if facts.platform_pays_fees
        else _fee_alone(facts, fee, fee.amount, "Dispute countered fee")
    )
    return EntryDraft(
        f"dispute_countered:{facts.dispute_id}:{times}", "dispute_countered", lines, [row]
    )


def reversal_entry(
    facts: DisputeFacts, *, transaction_id: str, purpose: Purpose, returned: Charged | None
) -> EntryDraft:
    """A dispute won: the amount comes back, and with it the fee for countering.

    The fee stands in the same row when it was taken from the same balance.
    """
    in_row = returned is not None and not facts.platform_pays_fees and returned.purpose == purpose
    own_fee = returned.amount if returned and in_row else 0
    lines = [
        *_network(facts, -facts.amount),
        *_line(facts, facts.owner, purpose, facts.amount + own_fee),
        *_processor(facts, -returned.amount if returned else 0),
    ]
    row = TransactionDraft(
        id=transaction_id,
        owner=facts.owner,
        type="adjustment",
        reporting_category="dispute_reversal",
        amount=facts.amount,
        currency=facts.currency,
        available_on=facts.available_on,
        source_id=facts.dispute_id,
        description=f"Chargeback reversal for {facts.charge_id}",
        fees=_fees(facts, -own_fee, "Dispute fee refund"),
        balance_type=purpose,
        exchange_rate=facts.rate,
    )
    transactions = [row]
    if returned and not in_row:
        payer = facts.platform_id if facts.platform_pays_fees else facts.owner
        lines += _line(facts, payer, returned.purpose, returned.amount)
        transactions.append(
            _paid_by_platform(facts, returned, returned.amount, "Dispute fee refund")
            if facts.platform_pays_fees
            else _fee_alone(facts, returned, -returned.amount, "Dispute fee refund")
        )
    return EntryDraft(
        f"dispute_reversal:{facts.dispute_id}", "dispute_reversal", lines, transactions
    )


def _line(
    facts: DisputeFacts, owner: str, purpose: Purpose, amount: int, currency: str | None = None
) -> list[Line]:
    """What an account gains (a credit), or gives when `amount` is negative; nothing for zero."""
    if amount == 0:
        return []
    side: Side = "credit" if amount > 0 else "debit"
    unit = currency or facts.currency
    return [Line(owner, purpose, side, abs(amount), unit, facts.available_on)]


def _network(facts: DisputeFacts, amount: int) -> list[Line]:
    """To the card network, or from it; through the exchange when the card paid otherwise."""
    if facts.presented is None:
        return _line(facts, facts.platform_id, Purpose.CARD_NETWORK, amount)
    card, unit = facts.presented.amount, facts.presented.currency
    card = card if amount > 0 else -card
    return [
        *_line(facts, facts.platform_id, Purpose.FX, amount),
        *_line(facts, facts.platform_id, Purpose.FX, -card, unit),
        *_line(facts, facts.platform_id, Purpose.CARD_NETWORK, card, unit),
    ]


def _processor(facts: DisputeFacts, amount: int) -> list[Line]:
    return _line(facts, facts.platform_id, Purpose.PROCESSING_FEES, amount)


def _fees(facts: DisputeFacts, amount: int, description: str) -> list[FeeDetail]:
    if amount == 0:
        return []
    return [FeeDetail(amount, facts.currency, "stripe_fee", None, description)]


def _fee_alone(
    facts: DisputeFacts, fee: Charged, amount: int, description: str
) -> TransactionDraft:
    """A row of the owner that is nothing but a fee, or one returned when `amount` is negative."""
    return TransactionDraft(
        id=fee.transaction_id,
        owner=facts.owner,
        type="adjustment",
        reporting_category="dispute" if amount > 0 else "dispute_reversal",
        amount=0,
        currency=facts.currency,
        available_on=facts.available_on,
        source_id=facts.dispute_id,
        description=f"{description} for {facts.charge_id}",
        fees=_fees(facts, amount, description),
        balance_type=fee.purpose,
    )


def _paid_by_platform(
    facts: DisputeFacts, fee: Charged, amount: int, description: str
) -> TransactionDraft:
    """P bears a fee of C's dispute, as it bears C's processing fees (reference §2.1)."""
    return TransactionDraft(
        id=fee.transaction_id,
        owner=facts.platform_id,
        type="stripe_fee",
        reporting_category="fee",
        amount=amount,
        currency=facts.currency,
        available_on=facts.available_on,
        source_id=facts.dispute_id,
        description=f"{description} for {facts.charge_id}",
        balance_type=fee.purpose,
    )
