"""What negative balances write into the books, as pure functions (money-movement §8).

P is the platform, C the connected account that is below zero.
"""

from __future__ import annotations

from counterfoil.ledger.drafts import EntryDraft, TransactionDraft, move
from counterfoil.ledger.models import Purpose


def reserve_entry(
    *,
    key: str,
    transaction_id: str,
    platform_id: str,
    account_id: str,
    growth: int,
    currency: str,
    at: int,
) -> EntryDraft:
    """P's money held because C owes, or given back (`growth` below zero) because C owes less."""
    payments, reserved = (platform_id, Purpose.PAYMENTS), (platform_id, Purpose.CONNECT_RESERVED)
    debit, credit = (payments, reserved) if growth > 0 else (reserved, payments)
    lines = move(debit=debit, credit=credit, amount=abs(growth), currency=currency, on=at)
    word = "Reserved for" if growth > 0 else "Released from the reserve for"
    seen = TransactionDraft(
        id=transaction_id,
        owner=platform_id,
        type="reserve_transaction",
        reporting_category="connect_reserved_funds",
        amount=-growth,
        currency=currency,
        available_on=at,
        source_id=None,
        description=f"{word} the negative balance of {account_id}",
    )
    return EntryDraft(key, "reserve", lines, [seen])


def write_off_entry(
    *,
    key: str,
    transaction_ids: tuple[str, str],
    platform_id: str,
    account_id: str,
    liable: bool,
    amount: int,
    currency: str,
    at: int,
) -> EntryDraft:
    """C's debt taken over for good: by P, or by the world when P does not bear C's losses."""
    lines = move(
        debit=(platform_id, Purpose.PAYMENTS if liable else Purpose.LOSSES),
        credit=(account_id, Purpose.PAYMENTS),
        amount=amount,
        currency=currency,
        on=at,
    )
    taken, given = transaction_ids
    text = "Balance below zero for 180 days"
    seen = [_collected(given, account_id, amount, currency, at, f"{text}: set to zero")]
    if liable:
        seen.append(_collected(taken, platform_id, -amount, currency, at, f"{text}: {account_id}"))
    return EntryDraft(key, "write_off", lines, seen)


def _collected(
    ident: str, owner: str, amount: int, currency: str, at: int, description: str
) -> TransactionDraft:
    return TransactionDraft(
        id=ident,
        owner=owner,
        type="connect_collection_transfer",
        reporting_category="connect_collection_transfer",
        amount=amount,
        currency=currency,
        available_on=at,
        source_id=None,
        description=description,
    )
