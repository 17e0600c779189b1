"""What owners see is what was posted (reference money-movement, invariants 1 to 3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot
from counterfoil.ledger.check.entries import SIGNED

_WRONG_NET = """
SELECT id, amount, fee, net FROM ledger_balancetransaction WHERE net <> amount - fee
"""


def wrong_net(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, amount, fee, net in snapshot.rows(_WRONG_NET):
        yield ident, f"Its net is {net}, but {amount} less a fee of {fee} is {amount - fee}."


_WITH_FEES = """
SELECT id, fee, currency, fee_details FROM ledger_balancetransaction
WHERE fee <> 0 OR fee_details <> '[]'
"""


def wrong_fee(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, fee, currency, text in snapshot.rows(_WITH_FEES):
        details = _details(text)
        if details is None:
            yield ident, "Its fee details are not a JSON list of amounts and currencies."
        elif (total := sum(amount for amount, _ in details)) != fee:
            yield ident, f"Its fee is {fee}, but its fee details sum to {total}."
        elif any(other != currency for _, other in details):
            yield ident, f"Its fee details are not all in its own currency, {currency}."


def _details(text: str) -> list[tuple[int, str]] | None:
    """(amount, currency) of each part of a fee; None when the text is anything else."""
    try:
        parts: Any = json.loads(text)
    except json.JSONDecodeError:
        return None
    if not isinstance(parts, list):
        return None
    details: list[tuple[int, str]] = []
    for part in parts:
        if not isinstance(part, dict):
            return None
        amount, currency = part.get("amount"), part.get("currency")
        if type(amount) is not int or not isinstance(currency, str):
            return None
        details.append((amount, currency))
    return details


_STRAY = """
SELECT t.id, t.entry_id
FROM ledger_balancetransaction t LEFT JOIN ledger_entry e ON e.id = t.entry_id
WHERE e.id IS NULL
"""


def stray(snapshot: Snapshot) -> Iterator[Broken]:
    for ident, entry_id in snapshot.rows(_STRAY):
        yield ident, f"It names the entry {entry_id}, which does not exist."


# Every posting on these is seen by its owner; what is in transit or reserved for others is
# seen as the payment-side row alone. A row that does exist must always match.
_ALWAYS_SEEN = "'payments', 'prefunding', 'risk_reserved'"

_UNSEEN = f"""
SELECT s.entry_id, s.owner, s.currency, s.purpose, SUM(s.seen), SUM(s.posted)
FROM (
    SELECT entry_id, owner, currency, balance_type AS purpose,
           net AS seen, 0 AS posted, 1 AS transactions
    FROM ledger_balancetransaction
    UNION ALL
    SELECT entry_id, owner, currency, purpose, 0, {SIGNED}, 0
    FROM ledger_posting
) s JOIN ledger_entry e ON e.id = s.entry_id
GROUP BY s.entry_id, s.owner, s.currency, s.purpose
HAVING SUM(s.seen) <> SUM(s.posted)
   AND (SUM(s.transactions) > 0 OR s.purpose IN ({_ALWAYS_SEEN}))
"""  # noqa: S608 - constants of this module


def seen_otherwise(snapshot: Snapshot) -> Iterator[Broken]:
    for entry_id, owner, currency, purpose, seen, posted in snapshot.rows(_UNSEEN):
        yield (
            entry_id,
            f"{owner} sees {seen} {currency} on {purpose}, but {posted} was posted.",
        )


def _not_cancelling(out: str, into: str, *, from_platform: bool) -> str:
    """Entries where what leaves one side is not what arrives at the other, in one currency.

    The sides are the platform and an account. A payment on the platform's own account without a
    transfer to it is a charge by another means than a card.
    """
    giver, taker = ("=", "<>") if from_platform else ("<>", "=")
    return f"""
    SELECT entry_id, SUM(amount) FROM ledger_balancetransaction
    WHERE (type = '{out}' AND owner {giver} platform_id)
       OR (type = '{into}' AND owner {taker} platform_id)
    GROUP BY entry_id
    HAVING SUM(CASE type WHEN '{out}' THEN 1 ELSE 0 END) > 0
       AND COUNT(DISTINCT currency) = 1 AND SUM(amount) <> 0
    """  # noqa: S608 - constants of this module


def transfer_leaks(snapshot: Snapshot) -> Iterator[Broken]:
    for out, into, from_platform in (
        ("transfer", "payment", True),
        ("transfer_refund", "payment_refund", True),
        ("transfer", "payment", False),
    ):
        sql = _not_cancelling(out, into, from_platform=from_platform)
        for entry_id, rest in snapshot.rows(sql):
            yield entry_id, f"Its {out} and {into} should cancel out; {rest} is left."


INVARIANTS: Final = [
    Invariant(
        "transaction_net", "Every balance transaction's net is its amount less its fee.", wrong_net
    ),
    Invariant(
        "transaction_fee",
        "Every balance transaction's fee is the sum of its fee details, in its own currency.",
        wrong_fee,
    ),
    Invariant("transaction_has_entry", "Every balance transaction belongs to an entry.", stray),
    Invariant(
        "transactions_match_postings",
        "What an owner sees of an entry is what was posted, for each currency and purpose.",
        seen_otherwise,
    ),
    Invariant(
        "transfers_cancel_out",
        "A transfer and its payment, or their reversals, cancel out in one currency.",
        transfer_leaks,
    ),
]
