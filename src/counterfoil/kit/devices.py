"""A device in two words: what a person recognises their own by."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ua_parser import parse_os, parse_user_agent

_LONGEST: Final = 400
_SYSTEMS: Final = {"Mac OS X": "macOS"}  # as their makers write them today


@dataclass(frozen=True, slots=True)
class Device:
    """Names as their makers write them: the same in every language. None: not known."""

    browser: str | None = None
    system: str | None = None


def device_of(user_agent: str | None) -> Device:
    """Browser and system of a `User-Agent`, without versions, which change by themselves."""
    return _device_of(user_agent[:_LONGEST]) if user_agent else Device()


@lru_cache(maxsize=1024)
def _device_of(user_agent: str) -> Device:
    browser = parse_user_agent(user_agent)
    system = parse_os(user_agent)
    family = system.family if system else None
    return Device(
        browser.family[:40] if browser else None,
        _SYSTEMS.get(family, family)[:40] if family else None,
    )
