"""Reading COUNTERFOIL_EMAIL_URL and _SMS_URL: one URL says all that a transport needs."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit


@dataclass(frozen=True, slots=True)
class Address:
    """A setting that names a transport. Methods raise ValueError, naming variable and remedy."""

    variable: str
    parts: SplitResult
    options: dict[str, str]

    @property
    def scheme(self) -> str:
        return self.parts.scheme

    @property
    def user(self) -> str:
        return unquote(self.parts.username or "")

    @property
    def password(self) -> str:
        return unquote(self.parts.password or "")

    @property
    def host(self) -> str:
        return self.parts.hostname or ""

    def port(self, usual: int) -> int:
        try:
            return self.parts.port or usual
        except ValueError as error:
            raise ValueError(f"{self.variable}: the port must be a number up to 65535.") from error

    def check_options(self, *known: str) -> None:
        if unknown := self.options.keys() - set(known):
            raise ValueError(
                f"{self.variable}: unknown option {min(unknown)}; there are {_listed(known)}."
            )

    def switch(self, option: str, usual: str = "on") -> bool:
        chosen = self.options.get(option, usual)
        if chosen not in ("on", "off"):
            raise ValueError(f"{self.variable}: {option} is either on or off.")
        return chosen == "on"


def read_address(url: str, *, variable: str) -> Address:
    parts = urlsplit(url)
    options = parse_qs(parts.query, keep_blank_values=True)
    return Address(variable, parts, {name: values[-1] for name, values in options.items()})


def _listed(words: Collection[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
