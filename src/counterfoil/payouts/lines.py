"""What a payout settles: lines taken from the queue of unclaimed balance transactions.

A line is (balance transaction, amount): the whole of what was unclaimed, or a part of it. Lines
are written by the database from the queue itself, and a payout's amount is their sum; no line is
ever computed from the payout. Whoever takes lines holds the owner's funds (`lock_funds`).

The content hash of a payout is the SHA-256 of the canonical JSON of its lines in order,
`[["txn_…",amount],…]`, without spaces.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.kit.db import execute, fetch_all, insert_rows, placeholders, stream

TABLE: Final = "payouts_line"
COLUMNS: Final = ("payout_id", "position", "txn_id", "amount")
# How far back a walk looks at first: an account that is paid out by hand may have millions.
_REACHES: Final = (1_000, 100_000, None)


@dataclass(frozen=True, slots=True)
class Claim:
    """One payout to be, and whose queue it settles."""

    payout_id: str
    owner: str
    currency: str


# The position is that of the oldest first; a part is taken of the last row alone.
_OLDEST: Final = """
INSERT INTO payouts_line (payout_id, position, txn_id, amount)
WITH queue AS (
    SELECT txn_id, rest, available_on, created FROM ledger_unclaimed
    WHERE owner = %s AND livemode = %s AND currency = %s AND available_on <= %s
    ORDER BY available_on, created, txn_id {limit}
), walked AS (
    SELECT txn_id, rest,
           ROW_NUMBER() OVER (ORDER BY available_on, created, txn_id) - 1 AS position,
           SUM(rest) OVER (
               ORDER BY available_on, created, txn_id ROWS UNBOUNDED PRECEDING
           ) AS reached
    FROM queue
)
SELECT %s, position, txn_id, CASE WHEN reached > %s THEN rest - (reached - %s) ELSE rest END
FROM walked
WHERE position <= (SELECT MIN(position) FROM walked WHERE reached >= %s)
"""


def claim_oldest(claim: Claim, *, livemode: bool, amount: int, now: int) -> bool:
    """Lines of `amount`, oldest first, the last row split; False when there is not so much."""
    for reach in _REACHES:
        limit = "" if reach is None else f"LIMIT {reach:d}"
        written = execute(
            _OLDEST.format(limit=limit),
            [claim.owner, livemode, claim.currency, now, claim.payout_id, amount, amount, amount],
        )
        if written:
            return True
    return False


_EVERYTHING: Final = """
INSERT INTO payouts_line (payout_id, position, txn_id, amount)
WITH claim (payout_id, owner, currency) AS (VALUES {values})
SELECT c.payout_id,
       ROW_NUMBER() OVER (PARTITION BY c.payout_id ORDER BY u.created, u.txn_id) - 1,
       u.txn_id, u.rest
FROM claim c JOIN ledger_unclaimed u
  ON u.owner = c.owner AND u.currency = c.currency AND u.livemode = %s AND u.available_on <= %s
"""


def claim_everything(claims: Sequence[Claim], *, livemode: bool, now: int) -> None:
    """For each payout all that is available, in one statement; oldest first."""
    if not claims:
        return
    values = ", ".join(["(%s, %s, %s)"] * len(claims))
    params: list[object] = []
    for claim in claims:
        params += [claim.payout_id, claim.owner, claim.currency]
    execute(_EVERYTHING.format(values=values), [*params, livemode, now])


def add_lines(lines: Iterable[tuple[str, int, str, int]]) -> None:
    """Lines that come from no queue: (payout, position, transaction, amount)."""
    insert_rows(TABLE, COLUMNS, lines)


def sums(payout_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """What the lines of each payout add up to, and how many they are."""
    if not payout_ids:
        return {}
    rows = fetch_all(
        "SELECT payout_id, SUM(amount), COUNT(*) FROM payouts_line"  # noqa: S608 - placeholders
        f" WHERE payout_id IN ({placeholders(payout_ids)}) GROUP BY payout_id",
        list(payout_ids),
    )
    return {ident: (int(total), int(count)) for ident, total, count in rows}


def drop(payout_ids: Sequence[str]) -> None:
    """Forget the lines of payouts that will not be made after all."""
    if payout_ids:
        execute(
            f"DELETE FROM payouts_line WHERE payout_id IN ({placeholders(payout_ids)})",  # noqa: S608
            list(payout_ids),
        )


def leave_queue(payout_ids: Sequence[str]) -> int:
    """Take what the lines claim out of the queue; how many rows left it whole."""
    within = f"payout_id IN ({placeholders(payout_ids)})"
    return execute(
        "DELETE FROM ledger_unclaimed WHERE txn_id IN ("  # noqa: S608 - placeholders
        "SELECT l.txn_id FROM payouts_line l JOIN ledger_unclaimed u"
        f" ON u.txn_id = l.txn_id AND u.rest = l.amount WHERE l.{within})",
        list(payout_ids),
    )


def shorten_split(payout_id: str) -> None:
    """Leave in the queue the rest of the row that a payout settles in part, if there is one.

    Called after `leave_queue`: whatever of the payout's is still there is that row.
    """
    execute(
        "UPDATE ledger_unclaimed SET rest = rest - (SELECT l.amount FROM payouts_line l"
        " WHERE l.txn_id = ledger_unclaimed.txn_id AND l.payout_id = %s)"
        " WHERE txn_id IN (SELECT txn_id FROM payouts_line WHERE payout_id = %s)",
        [payout_id, payout_id],
    )


def give_back(*, original_id: str, payout_id: str) -> None:
    """The lines of a reversal: what the original settled, with the sign turned, is claimable
    again. An original without fee lines is asked for."""
    execute(
        "INSERT INTO payouts_line (payout_id, position, txn_id, amount)"
        " SELECT %s, position, txn_id, -amount FROM payouts_line WHERE payout_id = %s",
        [payout_id, original_id],
    )
    execute(
        "INSERT INTO ledger_unclaimed"
        " (txn_id, owner, livemode, currency, available_on, created, rest)"
        " SELECT t.id, t.owner, t.livemode, t.currency, t.available_on, t.created, l.amount"
        " FROM payouts_line l JOIN ledger_balancetransaction t ON t.id = l.txn_id"
        " WHERE l.payout_id = %s"
        " ON CONFLICT (txn_id) DO UPDATE SET rest = ledger_unclaimed.rest + excluded.rest",
        [original_id],
    )


def content_hashes(payout_ids: Sequence[str]) -> dict[str, str]:
    """The content hash of each payout; its lines are read in a stream, never all in memory."""
    if not payout_ids:
        return {}
    hashes = {ident: _Hash() for ident in payout_ids}
    rows = stream(
        "SELECT payout_id, txn_id, amount FROM payouts_line"  # noqa: S608 - placeholders
        f" WHERE payout_id IN ({placeholders(payout_ids)}) ORDER BY payout_id, position",
        list(payout_ids),
    )
    for payout_id, txn_id, amount in rows:
        hashes[payout_id].add(txn_id, amount)
    return {ident: one.text() for ident, one in hashes.items()}


class _Hash:
    __slots__ = ("_comma", "_sha")

    def __init__(self) -> None:
        self._sha = hashlib.sha256(b"[")
        self._comma = ""

    def add(self, txn_id: str, amount: int) -> None:
        self._sha.update(f'{self._comma}["{txn_id}",{amount}]'.encode())
        self._comma = ","

    def text(self) -> str:
        self._sha.update(b"]")
        return self._sha.hexdigest()
