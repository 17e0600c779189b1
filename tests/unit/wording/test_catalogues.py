"""Catalogues are compiled when we start, once, and again when they change."""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path

import pytest

from counterfoil.wording import catalogues
from counterfoil.wording.catalogues import compile_catalogues

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Home"
msgstr "{word}"
"""


@pytest.fixture
def sources(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "sources"
    (folder / "de" / "LC_MESSAGES").mkdir(parents=True)
    monkeypatch.setattr(catalogues, "SOURCES", folder)
    return folder / "de" / "LC_MESSAGES" / "django.po"


def word(target: Path) -> str:
    with (target / "de" / "LC_MESSAGES" / "django.mo").open("rb") as file:
        return GNUTranslations(file).gettext("Home")


def test_a_catalogue_is_compiled_once_and_again_when_it_changes(sources, tmp_path):
    target = tmp_path / "made"
    sources.write_text(PO.format(word="Start"))
    assert compile_catalogues(target) == ["de"]
    assert word(target) == "Start"
    assert compile_catalogues(target) == []

    sources.write_text(PO.format(word="Übersicht"))
    assert compile_catalogues(target) == ["de"]
    assert word(target) == "Übersicht"


def test_a_broken_or_lost_file_is_made_anew(sources, tmp_path):
    target = tmp_path / "made"
    sources.write_text(PO.format(word="Start"))
    compile_catalogues(target)
    (target / "de" / "LC_MESSAGES" / "django.mo").unlink()
    assert compile_catalogues(target) == ["de"]
    assert word(target) == "Start"
