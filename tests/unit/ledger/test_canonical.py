"""The bytes that are hashed: what the document promises, and what the auditor computes."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.kit import auditing as auditor
from counterfoil.kit import sealing
from counterfoil.ledger import canonical

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
NUMBER = st.integers(-(2**63), 2**63 - 1)
ROW = st.lists(st.one_of(TEXT, NUMBER, st.none()), max_size=6)
DIGEST = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(
    entry_id=TEXT,
    platform_id=TEXT,
    livemode=st.booleans(),
    key=TEXT,
    kind=TEXT,
    effective_at=NUMBER,
    postings=st.lists(ROW, max_size=3),
    transactions=st.lists(ROW, max_size=3),
)
def test_the_writer_and_the_auditor_hash_alike(**entry):
    document = dict(entry)
    document["id"] = document.pop("entry_id")
    document["platform"] = document.pop("platform_id")

    assert canonical.entry_digest(**entry) == auditor.canonical_hash(document)


@given(
    platform_id=TEXT,
    livemode=st.booleans(),
    height=NUMBER,
    entry_count=NUMBER,
    root=DIGEST,
    previous_hash=DIGEST,
    sealed_at=NUMBER,
)
def test_the_sealer_and_the_auditor_hash_headers_alike(**header):
    document = dict(header)
    document["platform"] = document.pop("platform_id")
    document["merkle_root"] = document.pop("root")

    assert sealing.block_hash(**header) == auditor.canonical_hash(document)


@given(leaves=st.lists(DIGEST, min_size=1, max_size=70))
def test_both_make_the_same_tree(leaves):
    assert sealing.merkle_root(leaves) == auditor.merkle_root(leaves)


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def test_the_tree_is_that_of_rfc_6962():
    """Section 2.1's example of seven leaves, written out."""
    d = [sha256(bytes([n])) for n in range(7)]
    a, b, c, dd, e, f, j = (sha256(b"\x00" + leaf) for leaf in d)
    g, h, i = sha256(b"\x01" + a + b), sha256(b"\x01" + c + dd), sha256(b"\x01" + e + f)
    k, m = sha256(b"\x01" + g + h), sha256(b"\x01" + i + j)

    root = sha256(b"\x01" + k + m).hex()
    leaves = [leaf.hex() for leaf in d]
    assert sealing.merkle_root(leaves) == auditor.merkle_root(leaves) == root


def test_a_tree_of_one_leaf_is_not_that_leaf():
    leaf = "ab" * 32

    assert sealing.merkle_root([leaf]) == sha256(b"\x00" + bytes.fromhex(leaf)).hex()


def test_a_block_without_entries_has_no_root():
    with pytest.raises(AssertionError, match="at least one entry"):
        sealing.merkle_root([])


@given(leaves=st.lists(DIGEST, min_size=2, max_size=20, unique=True), data=st.data())
def test_another_order_or_another_leaf_is_another_root(leaves, data):
    place = data.draw(st.integers(1, len(leaves) - 1))
    swapped = [*leaves[: place - 1], leaves[place], leaves[place - 1], *leaves[place + 1 :]]

    roots = {sealing.merkle_root(one) for one in (leaves, swapped, leaves[:-1])}
    assert len(roots) == 3
