"""Mail with a marketplace's name on it: one letter, written out as text and as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from django.template.loader import render_to_string
from django.utils import translation

from counterfoil.messaging.message import Message

OURSELVES: Final = "Counterfoil"  # who writes when no single marketplace does
_OUR_COLOR: Final = "#2f5d9b"
_HEX: Final = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class Brand:
    """Whose name a message carries; the colour is `#rrggbb`, or anything else for ours."""

    name: str = OURSELVES
    color: str | None = None

    @property
    def line(self) -> str:
        """The name on one line: it stands in a header of the mail."""
        return " ".join(self.name.split())

    @property
    def safe_color(self) -> str:
        return self.color if self.color and _HEX.fullmatch(self.color) else _OUR_COLOR


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, from top to bottom. `code` stands large; `link` is (words, address)."""

    subject: str
    lines: list[str]
    code: str | None = None
    link: tuple[str, str] | None = None
    small: list[str] = field(default_factory=list)


def mail(letter: Letter, *, to: str, brand: Brand, expires_at: int | None = None) -> Message:
    """The letter in both forms, in the active language; they say the same."""
    html = render_to_string(
        "messages/mail.html",
        {
            "letter": letter,
            "brand": brand.line,
            "color": brand.safe_color,
            "lang": translation.get_language(),
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
        },
    )
    return Message(
        to=to,
        channel="email",
        subject=letter.subject,
        text=_text(letter, brand),
        html=html,
        expires_at=expires_at,
    )


def _text(letter: Letter, brand: Brand) -> str:
    parts = list(letter.lines)
    if letter.link is not None:
        words, address = letter.link
        parts.append(f"{words}:\n{address}")
    if letter.small:
        parts.append("\n".join(letter.small))
    return "\n\n".join([*parts, f"-- \n{brand.line}"]) + "\n"
