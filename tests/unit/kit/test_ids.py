"""Ids: prefixed, in order of time, unguessable, unique."""

from __future__ import annotations

import random
import string
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.kit.ids import ALPHABET, new_id, predictable, secret_token

SECONDS = st.integers(0, 62**6 - 1)
NOW = 1_762_164_000


def test_the_alphabet_is_in_byte_order():
    assert sorted(ALPHABET) == list(ALPHABET)
    assert set(ALPHABET) == set(string.ascii_letters + string.digits)


@given(now=SECONDS)
def test_an_id_is_a_prefix_and_24_letters_and_digits(now):
    prefix, _, rest = new_id("txn", now).partition("_")

    assert prefix == "txn"
    assert len(rest) == 24
    assert set(rest) <= set(ALPHABET)


@given(a=SECONDS, b=SECONDS)
def test_ids_sort_by_bytes_as_their_seconds_do(a, b):
    one, other = new_id("ch", a), new_id("ch", b)

    if a != b:
        assert (one.encode() < other.encode()) == (a < b)


def test_ids_of_one_second_ascend():
    made = [new_id("txn", 1_762_164_000) for _ in range(5000)]

    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_ids_of_one_second_ascend_though_other_seconds_come_between():
    made = [new_id("txn", 1_762_164_000 + n % 3) for n in range(300)]

    for second in range(3):
        assert made[second::3] == sorted(made[second::3])


def test_threads_never_share_an_id():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: new_id("txn", 1_762_164_000), range(20_000)))

    assert len(set(made)) == len(made)


def test_neighbours_are_far_apart():
    """Knowing one id of a second does not lead to the next: a million tries find nothing."""
    numbers = [_number(new_id("txn", 1_762_164_001)) for _ in range(500)]
    gaps = [after - before for before, after in pairwise(numbers)]

    assert sorted(gaps)[len(gaps) // 2] > 10**9


def test_ids_of_different_seconds_begin_anywhere():
    starts = [new_id("txn", 1_700_000_000 + n)[-18] for n in range(500)]

    assert len(set(starts)) > 40  # of 61 first digits


@pytest.mark.parametrize("letters", [1, 32, 48])
def test_a_secret_has_the_length_asked_for(letters):
    token = secret_token(letters)

    assert len(token) == letters
    assert set(token) <= set(ALPHABET)


def test_secrets_differ():
    assert len({secret_token() for _ in range(1000)}) == 1000


def _number(ident: str) -> int:
    value = 0
    for letter in ident[-18:]:
        value = value * 62 + ALPHABET.index(letter)
    return value


def test_ids_of_a_throwaway_world_follow_from_its_seed():
    def made(seed: int) -> list[str]:
        with predictable(random.Random(seed)):
            return [new_id("txn", NOW), new_id("ch", NOW), secret_token(), new_id("txn", NOW + 1)]

    assert made(1) == made(1)
    assert made(1) != made(2)
    assert not {new_id("txn", NOW), secret_token()} & set(made(1))
