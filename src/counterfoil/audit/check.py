"""The log, judged: as it was written, in its chain, and guarded (docs/operate/check.md)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Final

from counterfoil.kit.auditing import ChainTables, canonical_hash, missing_guards
from counterfoil.kit.invariants import Broken, Invariant, Snapshot

CHAIN: Final = ChainTables(
    sealed="audit_record",
    blocks="audit_block",
    leaves="audit_blockentry",
    waiting="audit_unsealed",
    noun="a record",
    nouns="records",
    names="audit_",
)
GUARDED: Final = ("audit_block", "audit_blockentry", "audit_record")
# In the order in which docs/concepts/audit-log.md lists them.
_FIELDS: Final = (
    "id platform_id livemode account_id created action object_id actor actor_id network browser"
    " system before after"
).split()
_RECORDS: Final = f"SELECT digest, {', '.join(_FIELDS)} FROM audit_record"  # noqa: S608 - constants


def checks() -> list[Invariant]:
    """The log's invariants, in the order in which one wants to hear them."""
    return [
        Invariant(
            "audit_digest",
            "Every record's digest is the hash of its row as it stands.",
            wrong_digests,
        ),
        *CHAIN.invariants(),
        Invariant(
            "audit_append_only",
            "The database itself refuses to change or remove what is in the audit log.",
            partial(missing_guards, GUARDED),
        ),
    ]


def wrong_digests(snapshot: Snapshot) -> Iterator[Broken]:
    for digest, *values in snapshot.rows(_RECORDS):
        document = dict(zip(_FIELDS, values, strict=True))
        document["livemode"] = bool(document["livemode"])
        if canonical_hash(document) != digest:
            yield values[0], "Its row is not what was written: its digest differs."
