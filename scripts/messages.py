"""Brings the catalogues up to date with the strings in the code and the templates.

`make messages` calls it. New strings are added empty, strings that are gone are dropped; nothing is
guessed. What is missing is said at the end, and `make test` fails on it.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "counterfoil"
LANGUAGES = ("de",)
# Without dates and names, which only churn.
HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Counterfoil\\n"
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
_OPTIONS = {
    "**/templates/**.html": {
        "extensions": "jinja2.ext.i18n",
        "newstyle_gettext": "true",
        "silent": "false",
    }
}
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
}


def main() -> int:
    missing = 0
    for language in LANGUAGES:
        catalog = updated(language)
        path(language).write_bytes(as_text(catalog))
        empty = [message.id for message in catalog if message.id and not is_translated(message)]
        missing += len(empty)
        print(f"{language}: {len(catalog)} strings, {len(empty)} without a translation")
        for ident in empty[:40]:
            print(f"  - {ident}")
    return 1 if missing else 0


def updated(language: str) -> Catalog:
    """The catalogue as it is, with exactly the strings that are used today."""
    with path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def extracted() -> Catalog:
    """Every string of the code and the templates. Line numbers are left out: they only churn."""
    catalog = Catalog(charset="utf-8")
    for name, _line, message, comments, context in extract_from_dir(
        SOURCE, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS
    ):
        catalog.add(message, None, [(name, 0)], auto_comments=comments, context=context)
    return catalog


def is_translated(message: object) -> bool:
    words = message.string  # type: ignore[attr-defined] # Babel ships no types for it
    return all(words) if isinstance(words, tuple) else bool(words)


def as_text(catalog: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalog, width=0, sort_output=True, omit_header=True, include_lineno=False)
    return HEADER.format(language=catalog.locale, plurals=catalog.plural_forms).encode() + (
        buffer.getvalue().lstrip(b"\n")
    )


def path(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    sys.exit(main())
