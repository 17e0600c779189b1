"""The German catalogue is whole, and says exactly what the pages say today."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from scripts import messages

REPAIR = "run `make messages` and translate what it lists in locale/de/LC_MESSAGES/django.po"

# Written alike in both languages. Whatever else equals its English was forgotten.
SAME = frozenset(
    """%(amount)s in %(period)s|BSB|CSV|Details|Excel|Export: %(name)s|Format|IBAN|JSON|Live|Name
    |Passkey|Standard|Status|Support|Test|Text""".replace("\n    ", "").split("|")
)
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%")


@pytest.fixture(scope="module")
def german() -> Catalog:
    """The file, as it stands."""
    with messages.path("de").open("rb") as file:
        return read_po(file, locale="de")


@pytest.fixture(scope="module")
def pairs(german: Catalog) -> list[tuple[str, str]]:
    """English and German, one pair for each form of a plural."""
    found = []
    for message in german:
        if message.id:
            english, translated = forms(message.id), forms(message.string)
            assert len(translated) == len(english), f"{english[0]!r} lacks a form; {REPAIR}"
            found += zip(english, translated, strict=True)
    return found


def forms(words: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def key(message: Message) -> tuple[str | None, tuple[str, ...]]:
    return message.context, forms(message.id)


def test_it_holds_the_strings_of_today_and_no_other(german):
    used = {key(message) for message in messages.extracted() if message.id}
    held = {key(message) for message in german if message.id}
    assert used - held == set(), f"not in the German catalogue: {REPAIR}"
    assert held - used == set(), f"used no more, yet in the German catalogue: {REPAIR}"
    assert german.obsolete == {}, f"kept as comments: {REPAIR}"


def test_every_string_has_a_translation(pairs):
    assert [english for english, german in pairs if not german.strip()] == [], REPAIR


def test_nothing_is_guessed(german):
    assert [message.id for message in german if message.id and message.fuzzy] == [], REPAIR


def test_every_placeholder_of_the_source_is_in_the_translation_and_no_other(pairs):
    wrong = [
        (english, german)
        for english, german in pairs
        if set(_PLACEHOLDER.findall(english)) != set(_PLACEHOLDER.findall(german))
    ]
    assert wrong == []


def test_no_translation_is_its_english_again(pairs):
    alike = {english for english, german in pairs if english == german}
    assert alike - SAME == set(), REPAIR
    assert SAME - alike == set(), "these differ now: take them off the list"


def test_no_sentence_ends_on_a_day(pairs):
    """A short German day has a full stop of its own: "bis Do., 3. Dez.." """
    doubled = re.compile(r"%\((?:day|former|moment|month|original|paid)\)s\.")
    assert [german for _, german in pairs if doubled.search(german)] == []


def test_nothing_shouts_or_turns_formal(pairs):
    formal = re.compile(r"!|\b(?:Ihnen|Ihr|Ihre|Ihrem|Ihren|Ihrer)\b")
    assert [german for _, german in pairs if formal.search(german)] == []
