"""Sealed at rest; recognised without being readable."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken

from counterfoil.kit import crypt
from counterfoil.kit.crypt import keyed_hash, seal, unseal


@pytest.fixture
def another_key(settings):
    """Switch to another secret key, and back afterwards."""

    def switch() -> None:
        settings.SECRET_KEY = "another-" * 5
        crypt._fernet.cache_clear()

    yield switch
    crypt._fernet.cache_clear()


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
