"""Double entry: what is true of every entry and its postings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

SIGNED: Final = "CASE side WHEN 'credit' THEN amount ELSE -amount END"

_UNBALANCED = f"""
SELECT entry_id, currency, SUM({SIGNED})
FROM ledger_posting
GROUP BY entry_id, currency
HAVING SUM({SIGNED}) <> 0
"""  # noqa: S608 - a constant of this module


def unbalanced(snapshot: Snapshot) -> Iterator[Broken]:
    for entry_id, currency, rest in snapshot.rows(_UNBALANCED):
        yield entry_id, f"Its postings in {currency} sum to {rest}, not to zero."


_ONE_SIDED = """
SELECT e.id, COUNT(p.entry_id)
FROM ledger_entry e LEFT JOIN ledger_posting p ON p.entry_id = e.id
GROUP BY e.id
HAVING COUNT(p.entry_id) < 2
"""


def one_sided(snapshot: Snapshot) -> Iterator[Broken]:
    for entry_id, postings in snapshot.rows(_ONE_SIDED):
        yield entry_id, f"It has {postings} postings; an entry has two or more."


_STRAY_POSTINGS = """
SELECT p.entry_id, COUNT(*)
FROM ledger_posting p LEFT JOIN ledger_entry e ON e.id = p.entry_id
WHERE e.id IS NULL
GROUP BY p.entry_id
"""


def stray_postings(snapshot: Snapshot) -> Iterator[Broken]:
    for entry_id, postings in snapshot.rows(_STRAY_POSTINGS):
        yield entry_id, f"{postings} postings name this entry, which does not exist."


_OTHER_WORLD = """
SELECT e.id, 'A posting'
FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
WHERE p.livemode <> e.livemode
UNION ALL
SELECT e.id, 'A balance transaction'
FROM ledger_balancetransaction t JOIN ledger_entry e ON e.id = t.entry_id
WHERE t.livemode <> e.livemode OR t.platform_id <> e.platform_id
"""


def other_world(snapshot: Snapshot) -> Iterator[Broken]:
    for entry_id, what in snapshot.rows(_OTHER_WORLD):
        yield entry_id, f"{what} of this entry says another platform or mode than the entry."


INVARIANTS: Final = [
    Invariant("entry_balanced", "Every entry's postings sum to zero in each currency.", unbalanced),
    Invariant("entry_two_sided", "Every entry has two postings or more.", one_sided),
    Invariant("posting_has_entry", "Every posting belongs to an entry.", stray_postings),
    Invariant(
        "entry_one_world",
        "An entry, its postings and its balance transactions agree on platform and mode.",
        other_world,
    ),
]
