"""Words that a seller looks for among transactions: in what a line says, and in what it is about.

Looked at row by row, over the bounded stretch of `transactions.py`: `t` is the row, `c` the
payment that it is of, if it is of one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.kit.db import placeholders


@dataclass(frozen=True, slots=True)
class Word:
    """One word, in small letters, and what our own names of lines make of it."""

    text: str
    types: tuple[str, ...] = ()  # lines of these types are called so
    names_transfers: bool = False  # so is money sent on by the platform, without a description


def _texts(alias: str, *columns: str) -> str:
    return " || ' ' || ".join(f"COALESCE({alias}.{column}, '')" for column in columns)


# What a payment is found by; a refund, a dispute and what a transfer brought are found by the
# payment behind them, where that is the seller's to see.
_OF_PAYMENT: Final = ("description", "payer_name", "payer_email", "order_ref")
_BEHIND: Final = f"""
COALESCE((
    SELECT {_texts("p", *_OF_PAYMENT)} FROM payments_charge p
    WHERE p.seller_id = %s AND p.id = CASE
        WHEN c.source_transfer_id IS NOT NULL THEN (
            SELECT x.source_transaction FROM payments_transfer x WHERE x.id = c.source_transfer_id)
        WHEN t.type IN ('refund', 'payment_refund', 'refund_failure') THEN (
            SELECT r.charge_id FROM payments_refund r WHERE r.id = t.source_id)
        WHEN t.type = 'adjustment' THEN (
            SELECT d.charge_id FROM disputes_dispute d WHERE d.id = t.source_id)
        END
), '')"""
_OWN: Final = f"{_texts('c', *_OF_PAYMENT)} || ' ' || {_texts('t', 'description')}"
_SAID: Final = f"LOWER({_OWN} || ' ' || {_BEHIND})"


def words_checks(words: Sequence[Word], account_id: str) -> list[tuple[str, list[object]]]:
    """One condition for each word, all of which have to hold, each with its values."""
    return [_check(word, account_id) for word in words]


def _check(word: Word, account_id: str) -> tuple[str, list[object]]:
    # What we call a line is asked first: then its texts need not be put together.
    ways, values = list[str](), list[object]()
    if word.types:
        ways.append(f"t.type IN ({placeholders(word.types)})")
        values += word.types
    if word.names_transfers:
        ways.append("(c.description IS NULL AND c.source_transfer_id IS NOT NULL)")
    ways.append(f"{_SAID} LIKE %s ESCAPE '!'")
    mark = word.text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f" AND ({' OR '.join(ways)})", [*values, account_id, f"%{mark}%"]
