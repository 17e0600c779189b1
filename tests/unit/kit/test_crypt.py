"""Sealed at rest; recognised without being readable."""

from __future__ import annotations

import json

import pytest
from cryptography.fernet import InvalidToken

from counterfoil.kit.crypt import keyed_hash, seal, under_newest_key, unseal

OLD, NEW = "old-" * 8, "new-" * 8


@pytest.fixture
def another_key(settings):
    """Switch to another secret key, and back afterwards."""

    def switch() -> None:
        settings.SECRET_KEY = "another-" * 5

    return switch


def test_what_is_sealed_can_be_read_again_and_shows_nothing():
    sealed = seal("000123456789")

    assert unseal(sealed) == "000123456789"
    assert "000123456789" not in sealed


def test_the_same_text_is_sealed_differently_each_time():
    assert seal("000123456789") != seal("000123456789")


def test_a_sealed_text_that_was_changed_is_not_read():
    sealed = seal("000123456789")

    with pytest.raises(InvalidToken):
        unseal(sealed[:-4] + "AAA=")


def test_another_key_reads_nothing(another_key):
    sealed = seal("000123456789")
    another_key()

    with pytest.raises(InvalidToken):
        unseal(sealed)


def test_equal_texts_have_equal_hashes_for_one_purpose_alone():
    one = keyed_hash("bank-account", "000123456789")

    assert one == keyed_hash("bank-account", "000123456789")
    assert one != keyed_hash("bank-account", "000123456780")
    assert one != keyed_hash("card", "000123456789")


def test_a_hash_says_nothing_without_the_key(another_key):
    one = keyed_hash("bank-account", "000123456789")
    another_key()

    assert keyed_hash("bank-account", "000123456789") != one


def test_a_new_key_in_front_opens_what_the_others_sealed(settings):
    by_secret_key = seal("by the secret key")
    settings.ENCRYPTION_KEYS = (OLD,)
    by_old = seal("by the old key")
    settings.ENCRYPTION_KEYS = (NEW, OLD)

    assert [unseal(by_secret_key), unseal(by_old)] == ["by the secret key", "by the old key"]
    by_new = seal("by the new key")
    settings.ENCRYPTION_KEYS = (OLD,)
    with pytest.raises(InvalidToken):
        unseal(by_new)


def test_hashes_stay_when_encryption_keys_change(settings):
    before = keyed_hash("bank-account", "000123456789")
    settings.ENCRYPTION_KEYS = (NEW,)

    assert keyed_hash("bank-account", "000123456789") == before


def test_sealed_values_inside_a_text_come_under_the_newest_key_and_nothing_else_changes(settings):
    settings.ENCRYPTION_KEYS = (OLD,)
    text = f'{{"name": "gAAAAA", "dob": "{seal("1901")}", "other": "{seal("x" * 500)}"}}'
    settings.ENCRYPTION_KEYS = (NEW, OLD)

    again, unreadable = under_newest_key(text)

    assert unreadable == 0
    settings.ENCRYPTION_KEYS = (NEW,)
    assert under_newest_key(again) == (again, 0)
    parts = json.loads(again)
    assert parts["name"] == "gAAAAA"
    assert (unseal(parts["dob"]), unseal(parts["other"])) == ("1901", "x" * 500)


def test_what_no_key_opens_is_counted_and_kept(settings):
    settings.ENCRYPTION_KEYS = (OLD,)
    sealed = seal("lost")
    settings.ENCRYPTION_KEYS = (NEW,)

    assert under_newest_key(f'["{sealed}"]') == (f'["{sealed}"]', 1)
