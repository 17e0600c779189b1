"""What top-ups write into the books, as pure functions (reference money-movement §§7, 8)."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.ledger.drafts import EntryDraft, TransactionDraft, move
from counterfoil.ledger.models import Purpose


@dataclass(frozen=True, slots=True)
class TopupFacts:
    """Money between an owner's bank and one of its balances. `amount` is minor units."""

    topup_id: str
    transaction_id: str
    platform_id: str
    owner: str
    purpose: Purpose
    amount: int
    currency: str
    at: int
    description: str | None


def topup_entry(facts: TopupFacts) -> EntryDraft:
    """The bank's money has come: the owner has it at once."""
    lines = move(
        debit=(facts.platform_id, Purpose.BANK),
        credit=(facts.owner, facts.purpose),
        amount=facts.amount,
        currency=facts.currency,
        on=facts.at,
    )
    seen = _row(facts, "topup", facts.amount, facts.description or "Top-up")
    return EntryDraft(f"topup:{facts.topup_id}", "topup", lines, [seen])


def topup_reversal_entry(facts: TopupFacts) -> EntryDraft:
    """The bank took back what it had delivered."""
    lines = move(
        debit=(facts.owner, facts.purpose),
        credit=(facts.platform_id, Purpose.BANK),
        amount=facts.amount,
        currency=facts.currency,
        on=facts.at,
    )
    seen = _row(facts, "topup_reversal", -facts.amount, f"Reversal of top-up {facts.topup_id}")
    return EntryDraft(f"topup_reversal:{facts.topup_id}", "topup_reversal", lines, [seen])


def withdrawal_entry(
    *,
    withdrawal_id: str,
    transaction_ids: tuple[str, str],
    owner: str,
    amount: int,
    currency: str,
    at: int,
) -> EntryDraft:
    """A seller's own money out of its refunds-and-disputes balance, to be paid out from there.

    Two rows that cancel out; neither is earned, as the top-up that brought the money was not.
    """
    lines = move(
        debit=(owner, Purpose.PREFUNDING),
        credit=(owner, Purpose.PAYMENTS),
        amount=amount,
        currency=currency,
        on=at,
    )
    out, into = transaction_ids
    text = "Withdrawal from the refunds and disputes balance"
    rows = [
        TransactionDraft(
            id=ident,
            owner=owner,
            type=kind,
            reporting_category=kind,
            amount=signed,
            currency=currency,
            available_on=at,
            source_id=None,
            description=text,
            balance_type=purpose,
        )
        for ident, kind, signed, purpose in (
            (out, "topup_reversal", -amount, Purpose.PREFUNDING),
            (into, "topup", amount, Purpose.PAYMENTS),
        )
    ]
    return EntryDraft(f"withdrawal:{withdrawal_id}", "withdrawal", lines, rows)


def _row(facts: TopupFacts, kind: str, amount: int, description: str) -> TransactionDraft:
    return TransactionDraft(
        id=facts.transaction_id,
        owner=facts.owner,
        type=kind,
        reporting_category=kind,
        amount=amount,
        currency=facts.currency,
        available_on=facts.at,
        source_id=facts.topup_id,
        description=description,
        balance_type=facts.purpose,
    )
