"""Corrupted digests and blocks."""

from __future__ import annotations

from counterfoil.kit.db import execute, fetch_one, insert_rows
from counterfoil.kit.sealing import block_hash
from counterfoil.ledger.sealing import digests_of, seal_block
from tests.support.books import NOW, OTHER, PLATFORM, SELLER, rewrite, unguarded
from tests.unit.ledger.corruptions.registry import breaks


def describe_otherwise(owner: str) -> None:
    rewrite(
        "UPDATE ledger_balancetransaction SET description = 'x'"
        " WHERE owner = %s AND type = 'charge'",
        [owner],
    )


@breaks("entry_digest")
def a_sealed_row_is_described_otherwise():
    describe_otherwise(SELLER)


@breaks("entry_digest")
def an_unsealed_entry_is_dated_back():
    rewrite("UPDATE ledger_entry SET effective_at = effective_at - 1 WHERE key = 'payout:1'")


@breaks("entry_digest")
def an_unsealed_digest_is_replaced():
    rewrite("UPDATE ledger_entry SET digest = %s WHERE key = 'payout:1'", ["ab" * 32])


# ---- The chain ----


def rehash(block_id: str) -> None:
    """Give a rewritten block the hash of what it now says, as a forger would."""
    platform_id, livemode, height, count, root, previous, sealed_at = fetch_one(
        "SELECT platform_id, livemode, height, entry_count, merkle_root, previous_hash, sealed_at"
        " FROM ledger_block WHERE id = %s",
        [block_id],
    )
    new = block_hash(
        platform_id=platform_id,
        livemode=bool(livemode),
        height=height,
        entry_count=count,
        root=root,
        previous_hash=previous,
        sealed_at=sealed_at,
    )
    rewrite("UPDATE ledger_block SET hash = %s WHERE id = %s", [new, block_id])


def head() -> str:
    """The id of the last block of test mode; nothing links to it."""
    return fetch_one(
        "SELECT id FROM ledger_block WHERE livemode = %s ORDER BY height DESC LIMIT 1", [False]
    )[0]


def rewrite_head(change: str, *params: object) -> None:
    rewrite(f"UPDATE ledger_block SET {change} WHERE id = %s", [*params, head()])
    rehash(head())


@breaks("entry_sealed_or_waiting")
def an_entry_is_forgotten_by_the_sealer():
    waiting = fetch_one("SELECT MIN(entry_id) FROM ledger_unsealed")[0]
    execute("DELETE FROM ledger_unsealed WHERE entry_id = %s", [waiting])


@breaks("entry_sealed_or_waiting")
def a_sealed_entry_waits_again():
    sealed = fetch_one("SELECT entry_id FROM ledger_blockentry LIMIT 1")[0]
    _wait(
        sealed, livemode=fetch_one("SELECT livemode FROM ledger_entry WHERE id = %s", [sealed])[0]
    )


@breaks("entry_sealed_or_waiting")
def an_entry_that_does_not_exist_waits():
    _wait("je_nowhere", livemode=False)


@breaks("entry_sealed_or_waiting")
def an_entry_waits_in_the_other_mode():
    execute("UPDATE ledger_unsealed SET livemode = %s", [True])


def _wait(entry_id: str, *, livemode: bool) -> None:
    columns = ("entry_id", "platform_id", "livemode")
    insert_rows("ledger_unsealed", columns, [(entry_id, PLATFORM, bool(livemode))])


@breaks("leaf_in_own_chain")
def a_leaf_of_no_block():
    waiting = fetch_one("SELECT MIN(entry_id) FROM ledger_unsealed")[0]
    execute("DELETE FROM ledger_unsealed WHERE entry_id = %s", [waiting])
    row = (waiting, "blk_nowhere", 0)
    insert_rows("ledger_blockentry", ("entry_id", "block_id", "position"), [row])


@breaks("leaf_in_own_chain")
def entries_of_test_mode_sealed_in_the_live_chain():
    execute("UPDATE ledger_unsealed SET livemode = %s", [True])
    seal_block(platform_id=PLATFORM, livemode=True, now=NOW)


@breaks("block_heights")
def a_height_is_left_out():
    rewrite_head("height = 3")


@breaks("block_heights")
def the_first_block_is_gone_and_the_second_hides_it():
    first = fetch_one("SELECT id FROM ledger_block WHERE height = 1 AND livemode = %s", [False])[0]
    rewrite("DELETE FROM ledger_block WHERE id = %s", [first])
    with unguarded():
        execute(
            "INSERT INTO ledger_unsealed SELECT l.entry_id, e.platform_id, e.livemode"
            " FROM ledger_blockentry l JOIN ledger_entry e ON e.id = l.entry_id"
            " WHERE l.block_id = %s",
            [first],
        )
        execute("DELETE FROM ledger_blockentry WHERE block_id = %s", [first])
    rewrite_head("previous_hash = %s", "0" * 64)


@breaks("block_links")
def a_block_follows_another_one():
    rewrite_head("previous_hash = %s", "ab" * 32)


@breaks("block_hash")
def a_hash_is_replaced():
    rewrite("UPDATE ledger_block SET hash = %s WHERE id = %s", ["ab" * 32, head()])


@breaks("block_hash")
def a_seal_is_dated_back():
    rewrite("UPDATE ledger_block SET sealed_at = sealed_at - 1 WHERE id = %s", [head()])


@breaks("block_entry_count")
def a_block_says_it_holds_more():
    rewrite_head("entry_count = entry_count + 1")


@breaks("block_entry_count")
def a_block_without_entries():
    row = fetch_one("SELECT hash, sealed_at FROM ledger_block WHERE id = %s", [head()])
    fields = {
        "platform_id": PLATFORM,
        "livemode": False,
        "height": 3,
        "entry_count": 0,
        "merkle_root": "ab" * 32,
        "previous_hash": row[0],
        "sealed_at": row[1],
        "id": "blk_empty",
        "hash": "",
    }
    insert_rows("ledger_block", tuple(fields), [tuple(fields.values())])
    rehash("blk_empty")


@breaks("block_positions")
def a_leaf_moves_up():
    rewrite(
        "UPDATE ledger_blockentry SET position = position + 1 WHERE block_id = %s AND position = 2",
        [head()],
    )


@breaks("block_merkle_root")
def a_root_over_other_entries():
    rewrite_head("merkle_root = %s", "ab" * 32)


@breaks("block_merkle_root")
def two_leaves_change_places():
    for old, new in ((0, 9), (1, 0), (9, 1)):
        rewrite(
            "UPDATE ledger_blockentry SET position = %s WHERE block_id = %s AND position = %s",
            [new, head(), old],
        )


@breaks("block_merkle_root")
def an_amount_and_its_digest_are_rewritten_together():
    describe_otherwise(OTHER)
    redigest("charge:3")


def redigest(key: str) -> None:
    ident = fetch_one("SELECT id FROM ledger_entry WHERE key = %s AND NOT livemode", [key])[0]
    new = digests_of([ident])[ident]
    rewrite("UPDATE ledger_entry SET digest = %s WHERE id = %s", [new, ident])
