"""Whatever is written in the books: changing it behind their back is seen."""

from __future__ import annotations

import pytest
from django.db import connection

from counterfoil.kit.db import fetch_one
from tests.support.books import broken, rewrite, small_world

pytestmark = pytest.mark.django_db

# For each column of each append-only table, another value for it.
STORED = {
    "ledger_entry": {
        "id": "'je_0'",
        "platform_id": "'acct_x'",
        "livemode": "NOT livemode",
        "key": "'x'",
        "kind": "'x'",
        "digest": "'ab'",
        "effective_at": "effective_at + 1",
    },
    "ledger_posting": {
        "entry_id": "'je_0'",
        "position": "position + 5",
        "owner": "'acct_x'",
        "livemode": "NOT livemode",
        "currency": "'chf'",
        "purpose": "'fx'",
        "side": "CASE side WHEN 'debit' THEN 'credit' ELSE 'debit' END",
        "amount": "amount + 1",
        "available_on": "available_on + 1",
    },
    "ledger_balancetransaction": {
        "id": "'txn_0'",
        "entry_id": "'je_0'",
        "platform_id": "'acct_x'",
        "owner": "'acct_x'",
        "livemode": "NOT livemode",
        "created": "created + 1",
        "type": "'x'",
        "reporting_category": "'x'",
        "balance_type": "'fx'",
        "amount": "amount + 1, net = net + 1",
        "fee": "fee + 1, net = net - 1",
        "net": "net + 1, amount = amount + 1",
        "currency": "'chf'",
        "available_on": "available_on + 1",
        "description": "'x'",
        "source_id": "'ch_x'",
        "exchange_rate": "'1.5'",
        "fee_details": "'[{}]'",
    },
    "ledger_block": {
        "id": "'blk_0'",
        "platform_id": "'acct_x'",
        "livemode": "NOT livemode",
        "height": "7",
        "entry_count": "7",
        "merkle_root": "'ab'",
        "previous_hash": "'ab'",
        "hash": "'ab'",
        "sealed_at": "sealed_at + 1",
    },
    "ledger_blockentry": {
        "entry_id": "'je_0'",
        "block_id": "'blk_0'",
        "position": "position + 5",
    },
}


def test_every_stored_column_is_tried():
    with connection.cursor() as cursor:
        for table, columns in STORED.items():
            described = connection.introspection.get_table_description(cursor, table)
            assert {column.name for column in described} == set(columns)


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table, columns in STORED.items() for column in columns],
)
def test_no_stored_value_changes_unseen(table, column):
    small_world()
    key = {"ledger_posting": "entry_id", "ledger_blockentry": "entry_id"}.get(table, "id")
    row = fetch_one(
        f"SELECT MAX({key}) FROM {table}"
        + (" WHERE NOT livemode" if "livemode" in STORED[table] else "")
    )[0]
    limit = " AND position = 0" if table == "ledger_posting" else ""
    rewrite(f"UPDATE {table} SET {column} = {STORED[table][column]} WHERE {key} = %s{limit}", [row])

    assert broken()
