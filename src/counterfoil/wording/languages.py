"""The language, country and time zone a page is written in.

Signed-in pages are rendered inside `written_for`. Outside it, Django's own active language and
time zone hold. Both are asked some four hundred times for one page, and Django's thread-local
look-up takes 7 µs; a context variable takes 0.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from django.utils import timezone, translation

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Reader:
    """`locale` is Babel's spelling (`de_AT`), `language` Django's (`de-at`)."""

    locale: str
    language: str
    zone: tzinfo


_reader: ContextVar[Reader | None] = ContextVar("reader", default=None)


@contextmanager
def written_for(locale: str | None, country: str | None, zone: str) -> Iterator[None]:
    """Write in a person's language and time zone.

    `locale` is a BCP 47 tag (`de-AT`), or None for English; a bare language takes the account's
    country, so that a British seller reads `27 Nov` and an American one `Nov 27`.
    """
    reader = _reader_of(locale, country, zone)
    before = _reader.set(reader)
    try:
        with translation.override(reader.language), timezone.override(reader.zone):
            yield
    finally:
        _reader.reset(before)


@lru_cache(maxsize=1024)
def _reader_of(tag: str | None, country: str | None, zone: str) -> Reader:
    locale = str(locale_for(tag, country))
    return Reader(locale, locale.replace("_", "-").lower(), ZoneInfo(zone))


def active_locale() -> str:
    """Babel's name of the language in force."""
    if reader := _reader.get():
        return reader.locale
    return str(locale_for(translation.get_language(), None))


def active_zone() -> tzinfo:
    if reader := _reader.get():
        return reader.zone
    return timezone.get_current_timezone()


def gettext(message: str) -> str:
    """Django's `gettext`, remembered: a catalogue does not change while we run."""
    reader = _reader.get()
    language = reader.language if reader else translation.get_language()
    return _translated(message, language or FALLBACK)


@lru_cache(maxsize=8192)
def _translated(message: str, language: str) -> str:
    with translation.override(language):
        return translation.gettext(message)


def text_direction() -> str:
    """`ltr` or `rtl`, for the `dir` attribute."""
    return str(Locale.parse(active_locale()).text_direction)


def language_tag() -> str:
    """BCP 47, for the `lang` attribute."""
    return active_locale().replace("_", "-")


@lru_cache(maxsize=512)
def locale_for(tag: str | None, country: str | None) -> Locale:
    """The nearest locale that CLDR knows; English when it knows none."""
    try:
        locale = Locale.parse((tag or FALLBACK).replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        locale = Locale.parse(FALLBACK)
    if locale.territory is None and country:
        try:
            return Locale(locale.language, territory=country.upper(), script=locale.script)
        except UnknownLocaleError:
            return locale
    return locale
