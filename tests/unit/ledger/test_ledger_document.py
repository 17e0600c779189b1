"""docs/concepts/ledger.md lets a third party verify the books: example and code are true."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.sealing import GENESIS
from counterfoil.ledger.canonical import POSTING_FIELDS, TRANSACTION_FIELDS, entry_digest
from counterfoil.ledger.models import Purpose
from tests.support.books import small_world

TEXT = Path("docs/concepts/ledger.md").read_text()
(EXAMPLE,) = re.findall(r"```json\n(.*?)\n```", TEXT, re.DOTALL)
(CODE,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
(DIGEST,) = re.findall(r"Its digest is `([0-9a-f]{64})`", TEXT)


def third_party() -> dict[str, Any]:
    """The functions that the document shows."""
    names: dict[str, Any] = {}
    exec(compile(CODE, "docs/concepts/ledger.md", "exec"), names)  # noqa: S102 - our own document
    return names


def test_the_example_has_the_digest_that_the_document_gives():
    document = json.loads(EXAMPLE)

    assert hashlib.sha256(EXAMPLE.encode()).hexdigest() == DIGEST
    assert third_party()["canonical"](document) == EXAMPLE.encode()
    fields = {"id": "entry_id", "platform": "platform_id"}
    assert entry_digest(**{fields.get(key, key): one for key, one in document.items()}) == DIGEST


def test_the_document_lists_the_fields_in_their_order():
    words = " ".join(TEXT.split())

    assert f"A posting is `[{', '.join(POSTING_FIELDS)}]`." in words
    assert f"transaction is `[{', '.join(TRANSACTION_FIELDS)}]`" in words


def test_the_document_explains_every_purpose():
    table = TEXT.partition("What a purpose means")[2].partition("\n## ")[0]

    assert set(re.findall(r"`(\w+)`", table)) == set(Purpose.values)


@pytest.mark.django_db
def test_a_third_party_verifies_our_blocks_from_the_tables_alone():
    small_world()
    verify_block = third_party()["verify_block"]
    names = "id platform_id livemode height entry_count merkle_root previous_hash hash sealed_at"
    columns = names.split()
    rows = fetch_all(f"SELECT {', '.join(columns)} FROM ledger_block ORDER BY livemode, height")
    blocks = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [block["height"] for block in blocks] == [1, 2, 1]

    for block in blocks:
        before = GENESIS if block["height"] == 1 else blocks[0]["hash"]
        entries = [
            as_document(entry_id)
            for (entry_id,) in fetch_all(
                "SELECT entry_id FROM ledger_blockentry WHERE block_id = %s ORDER BY position",
                [block["id"]],
            )
        ]
        assert verify_block(block, entries, before)
        entries[0]["effective_at"] += 1
        assert not verify_block(block, entries, before)


def as_document(entry_id: str) -> dict[str, Any]:
    entry = fetch_one(
        "SELECT platform_id, livemode, key, kind, effective_at FROM ledger_entry WHERE id = %s",
        [entry_id],
    )
    assert entry is not None
    return {
        "id": entry_id,
        "platform": entry[0],
        "livemode": bool(entry[1]),
        "key": entry[2],
        "kind": entry[3],
        "effective_at": entry[4],
        "postings": rows_of(entry_id, "ledger_posting", POSTING_FIELDS),
        "transactions": rows_of(entry_id, "ledger_balancetransaction", TRANSACTION_FIELDS),
    }


def rows_of(entry_id: str, table: str, columns: tuple[str, ...]) -> list[list[Any]]:
    rows = fetch_all(
        f"SELECT {', '.join(columns)} FROM {table} WHERE entry_id = %s ORDER BY {columns[0]}",
        [entry_id],
    )
    return [list(row) for row in rows]
