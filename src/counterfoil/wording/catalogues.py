"""Translations, compiled when a process starts: what is kept is what people can read and mend."""

from __future__ import annotations

import tempfile
from hashlib import sha256
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCES: Final = Path(__file__).resolve().parent.parent / "locale"
_PART: Final = Path("LC_MESSAGES") / "django"


def compile_catalogues(target: Path) -> list[str]:
    """Compile each catalogue that differs from what was compiled last; the languages compiled.

    Several processes may start at once: each writes a file of its own and moves it into place.
    """
    compiled = []
    for source in sorted(SOURCES.glob(f"*/{_PART}.po")):
        language = source.parent.parent.name
        made = target / language / f"{_PART}.mo"
        mark = made.with_suffix(".sha256")
        digest = sha256(source.read_bytes()).hexdigest()
        if mark.exists() and made.exists() and mark.read_text() == digest:
            continue
        made.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as file:
            catalog = read_po(file, locale=language)
        with tempfile.NamedTemporaryFile(dir=made.parent, delete=False) as half:
            write_mo(half, catalog)
        Path(half.name).replace(made)
        mark.write_text(digest)
        compiled.append(language)
    return compiled
