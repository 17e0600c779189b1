"""States and provinces, by the codes that addresses are written with (ISO 3166-2)."""

from __future__ import annotations

from functools import lru_cache

import pycountry


@lru_cache(maxsize=64)
def states(country: str) -> tuple[tuple[str, str], ...]:
    """(what is stored, name) of each, by name; nothing for a country without any.

    The code is stored where people write it (`CA`, `NSW`); where it is only a number, the name.
    """
    found = []
    for one in pycountry.subdivisions.get(country_code=country) or ():
        code = one.code.partition("-")[2]
        found.append((code if code.isalpha() else one.name, one.name))
    return tuple(sorted(found, key=lambda pair: pair[1]))


def state_of(text: str, country: str) -> str | None:
    """What is stored for a code or a name, however it is written; None for no state there."""
    wanted = text.strip().casefold()
    for code, name in states(country):
        if wanted in (code.casefold(), name.casefold()):
            return code
    return None
