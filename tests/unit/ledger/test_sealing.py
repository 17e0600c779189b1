"""Blocks: what waits is sealed once, in a chain per platform and mode."""

from __future__ import annotations

import pytest

from counterfoil.kit import sealing
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.sealing import GENESIS
from counterfoil.ledger.drafts import EntryDraft
from counterfoil.ledger.operations import post_entries
from counterfoil.ledger.sealing import seal_all, seal_block
from tests.support.books import (
    NOW,
    PLATFORM,
    behind_the_scenes,
    broken,
    charge,
    post,
    rewrite,
    transfer,
)

pytestmark = pytest.mark.django_db


def blocks(*, livemode: bool = False, platform: str = PLATFORM) -> list[tuple]:
    """(height, entries, previous hash, hash, sealed at) of a chain."""
    return fetch_all(
        "SELECT height, entry_count, previous_hash, hash, sealed_at FROM ledger_block"
        " WHERE platform_id = %s AND livemode = %s ORDER BY height",
        [platform, livemode],
    )


def waiting() -> int:
    return fetch_one("SELECT COUNT(*) FROM ledger_unsealed")[0]


def test_nothing_waiting_seals_nothing():
    assert seal_all(NOW) == 0
    assert blocks() == []


def test_the_first_block_follows_nothing_and_holds_all_that_waits():
    post(charge("1"), charge("2"))
    post(transfer("1"))

    assert seal_all(NOW) == 3
    ((height, entries, previous, _, sealed_at),) = blocks()
    assert (height, entries, previous, sealed_at) == (1, 3, GENESIS, NOW)
    assert waiting() == 0


def test_sealing_twice_seals_once():
    post(charge("1"))

    assert [seal_all(NOW), seal_all(NOW)] == [1, 0]
    assert len(blocks()) == 1
    assert broken() == set()


def test_each_block_carries_the_hash_of_the_one_before():
    for n in range(4):
        post(charge(str(n)))
        seal_all(NOW + n)

    chain = blocks()
    assert [block[0] for block in chain] == [1, 2, 3, 4]
    assert [block[2] for block in chain[1:]] == [block[3] for block in chain[:-1]]
    assert broken() == set()


def test_modes_and_platforms_have_chains_of_their_own():
    post(charge("1"))
    post(charge("1"), livemode=True)
    zones = {"acct_seller": "Etc/UTC"}
    post_entries([charge("1")], platform_id="acct_two", livemode=False, at=NOW, zones=zones)

    assert seal_all(NOW) == 3
    for chain in (blocks(), blocks(livemode=True), blocks(platform="acct_two")):
        assert [block[:3] for block in chain] == [(1, 1, GENESIS)]


def test_a_chain_is_sealed_alone_when_asked_for():
    post(charge("1"))
    post(charge("1"), livemode=True)

    assert seal_block(platform_id=PLATFORM, livemode=True, now=NOW) == 1
    assert waiting() == 1


def test_many_entries_make_several_full_blocks(monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK_SIZE", 4)
    for n in range(10):
        post(charge(str(n)))

    assert seal_all(NOW) == 10
    assert [block[1] for block in blocks()] == [4, 4, 2]
    assert broken() == set()


def test_a_block_of_a_thousand_entries_is_sealed_in_one_go():
    post(*(charge(str(n)) for n in range(1001)))

    assert seal_all(NOW) == 1001
    assert [block[1] for block in blocks()] == [1000, 1]
    assert broken() == set()


def test_the_seal_is_over_what_is_stored_not_over_what_the_writer_said():
    post(behind_the_scenes("1"))
    rewrite("UPDATE ledger_posting SET available_on = available_on + 1")
    seal_all(NOW)

    # The root is that of the rows, so the digest the writer left differs from both.
    assert broken() == {"entry_digest", "block_merkle_root"}


def test_an_entry_without_any_transaction_is_sealed_too():
    post(EntryDraft("loss:1", "loss", behind_the_scenes("x").lines))

    assert seal_all(NOW) == 1
    assert broken() == set()
