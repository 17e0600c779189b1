"""What a payout writes into the books, as pure functions from facts to entries.

Source: reference money-movement §6. P is the platform, C the account that is paid.

    created    C payments → C in transit           row payout −x (an instant one with its fee)
    paid       C in transit → P's bank             no row
    failed     C in transit, or P's bank → C payments, with the fee       row payout_failure +x
    canceled   likewise                                                   row payout_cancel +x

A payout that collects money again (a reversal) is the same with a negative amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, TransactionDraft, move
from counterfoil.ledger.models import Purpose

DESCRIPTION = "STRIPE PAYOUT"
Pocket = tuple[str, Purpose]


@dataclass(frozen=True, slots=True)
class PayoutFee:
    """The platform's fee for an instant payout, or its return: with P's row for it."""

    object_id: str  # fee_…, or fr_… when it is returned
    transaction_id: str
    amount: int
    application: str


@dataclass(frozen=True, slots=True)
class ProviderFee:
    """What the provider charges P for an instant payout, with P's row for it."""

    transaction_id: str
    amount: int


@dataclass(frozen=True, slots=True)
class PayoutFacts:
    """A payout, as the books need it. Minor units of `currency`; negative: collected."""

    payout_id: str
    transaction_id: str
    platform_id: str
    account_id: str
    amount: int
    currency: str
    at: int
    description: str | None = None
    fee: PayoutFee | None = None
    provider_fee: ProviderFee | None = None


def payout_entry(facts: PayoutFacts) -> EntryDraft:
    """Money leaving C's balance for the bank."""
    account, platform = _payments(facts.account_id), _payments(facts.platform_id)
    lines = _signed(facts, account, (facts.account_id, Purpose.IN_TRANSIT), facts.amount)
    fee = facts.fee.amount if facts.fee else 0
    lines += _signed(facts, account, platform, fee)
    transactions = [
        TransactionDraft(
            id=facts.transaction_id,
            owner=facts.account_id,
            type="payout",
            reporting_category="payout",
            amount=-facts.amount,
            currency=facts.currency,
            available_on=facts.at,
            source_id=facts.payout_id,
            description=facts.description or DESCRIPTION,
            fees=_fee_details(facts, sign=1),
        )
    ]
    if facts.fee:
        transactions.append(_earned(facts, facts.fee, sign=1))
    if facts.provider_fee:
        cost = facts.provider_fee.amount
        lines += _signed(facts, platform, (facts.platform_id, Purpose.PROCESSING_FEES), cost)
        transactions.append(_provider_paid(facts, facts.provider_fee, sign=1))
    return EntryDraft(f"payout:{facts.payout_id}", "payout", lines, transactions)


def paid_entry(
    *, payout_id: str, platform_id: str, account_id: str, amount: int, currency: str, at: int
) -> EntryDraft:
    """Money that has arrived: it is with the bank now."""
    facts = PayoutFacts(payout_id, "", platform_id, account_id, amount, currency, at)
    lines = _signed(facts, (account_id, Purpose.IN_TRANSIT), (platform_id, Purpose.BANK), amount)
    return EntryDraft(f"payout_paid:{payout_id}", "payout_paid", lines)


def returned_entry(
    facts: PayoutFacts, *, kind: Literal["payout_failure", "payout_cancel"], had_arrived: bool
) -> EntryDraft:
    """Money back in C's balance, exactly as it left, with the fees it paid."""
    account, platform = _payments(facts.account_id), _payments(facts.platform_id)
    source = (
        (facts.platform_id, Purpose.BANK) if had_arrived else (facts.account_id, Purpose.IN_TRANSIT)
    )
    lines = _signed(facts, source, account, facts.amount)
    transactions = [
        TransactionDraft(
            id=facts.transaction_id,
            owner=facts.account_id,
            type=kind,
            reporting_category="payout_reversal",
            amount=facts.amount,
            currency=facts.currency,
            available_on=facts.at,
            source_id=facts.payout_id,
            description=facts.description or DESCRIPTION,
            fees=_fee_details(facts, sign=-1),
        )
    ]
    if facts.fee:
        lines += _signed(facts, platform, account, facts.fee.amount)
        transactions.append(_earned(facts, facts.fee, sign=-1))
    if facts.provider_fee:
        cost = facts.provider_fee.amount
        lines += _signed(facts, (facts.platform_id, Purpose.PROCESSING_FEES), platform, cost)
        transactions.append(_provider_paid(facts, facts.provider_fee, sign=-1))
    return EntryDraft(f"{kind}:{facts.payout_id}", kind, lines, transactions)


def kept_back_entry(
    *,
    payout_id: str,
    account_id: str,
    hold_id: str,
    release_id: str,
    amount: int,
    currency: str,
    at: int,
) -> EntryDraft:
    """The balance that an automatic payout leaves: held while it settles all there is, and
    released at once, for the next one to find (reference api.md §3)."""
    account = _payments(account_id)
    lines = move(debit=account, credit=account, amount=amount, currency=currency, on=at)
    transactions = [
        TransactionDraft(
            id=ident,
            owner=account_id,
            type=f"payout_minimum_balance_{word}",
            reporting_category=f"payout_minimum_balance_{word}",
            amount=signed,
            currency=currency,
            available_on=at,
            source_id=payout_id,
            description=f"Minimum balance {past}",
        )
        for ident, word, past, signed in (
            (hold_id, "hold", "held", -amount),
            (release_id, "release", "released", amount),
        )
    ]
    return EntryDraft(
        f"payout_minimum_balance:{payout_id}", "payout_minimum_balance", lines, transactions
    )


def _payments(owner: str) -> Pocket:
    return owner, Purpose.PAYMENTS


def _signed(facts: PayoutFacts, giver: Pocket, taker: Pocket, amount: int) -> list[Line]:
    if amount < 0:
        giver, taker = taker, giver
    return move(debit=giver, credit=taker, amount=abs(amount), currency=facts.currency, on=facts.at)


def _fee_details(facts: PayoutFacts, *, sign: int) -> list[FeeDetail]:
    if facts.fee is None:
        return []
    amount = sign * facts.fee.amount
    return [
        FeeDetail(
            amount,
            facts.currency,
            "application_fee",
            facts.fee.application,
            "Instant payout fee" if sign > 0 else "Instant payout fee returned",
        )
    ]


def _earned(facts: PayoutFacts, fee: PayoutFee, *, sign: int) -> TransactionDraft:
    earned = sign > 0
    return TransactionDraft(
        id=fee.transaction_id,
        owner=facts.platform_id,
        type="application_fee" if earned else "application_fee_refund",
        reporting_category="platform_earning" if earned else "platform_earning_refund",
        amount=sign * fee.amount,
        currency=facts.currency,
        available_on=facts.at,
        source_id=fee.object_id,
        description=f"Instant payout fee of {facts.payout_id}",
    )


def _provider_paid(facts: PayoutFacts, fee: ProviderFee, *, sign: int) -> TransactionDraft:
    return TransactionDraft(
        id=fee.transaction_id,
        owner=facts.platform_id,
        type="stripe_fee",
        reporting_category="fee",
        amount=-sign * fee.amount,
        currency=facts.currency,
        available_on=facts.at,
        source_id=facts.payout_id,
        description=f"Instant payout fee for {facts.payout_id}",
    )
