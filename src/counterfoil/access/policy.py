"""Rules of the way in, as pure functions and numbers (design §7, "Life of links and codes")."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from counterfoil.kit.refused import InvalidRequest

NOT_ONBOARDED: Final = (
    "Cannot create a login link for an account that has not completed onboarding."
)
NOT_EXPRESS: Final = (
    "Cannot create a login link for an account that does not use the Express Dashboard. "
    "Only accounts with controller.stripe_dashboard.type=express (or type=express) have one."
)

CLOSED: Final = (
    "Cannot create a login link for an account that is closed: it is no longer connected to your"
    " platform."
)

CODE_DIGITS: Final = 6
TEST_CODE: Final = "000000"  # accepted in test mode, there only (design §2)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """Seconds, and counts. What counts is `settings.LIFETIMES`, which the environment changes."""

    link: int = 5 * 60
    code: int = 10 * 60
    tries: int = 5  # per code
    sends: int = 5  # per window, destination and account
    sends_prefix: int = 30  # per window and range of numbers: all but the last four digits
    sends_network: int = 30  # per window and network of the browser
    send_window: int = 30 * 60
    sign_in: int = 30 * 60  # how long a browser may take at /login
    fresh: int = 10 * 60  # how long a proof of who one is serves for what needs a fresh one
    held_form: int = 15 * 60  # how long a form waits for such a proof
    lost_phone: int = 30 * 60  # from "I lost it" to the new number's code
    session_idle: int = 12 * 60 * 60
    session_ends: int = 14 * 24 * 60 * 60
    operator_idle: int = 2 * 60 * 60  # of whoever looks after a marketplace
    operator_ends: int = 24 * 60 * 60
    viewing: int = 30 * 60  # how long an operator may look at what a seller sees
    onboarding: int = 2 * 60 * 60  # how long an opened account link may be worked on
    session_touch: int = 5 * 60  # how often `last_seen` may be written


def check_may_have_link(*, dashboard_type: str, details_submitted: bool) -> None:
    """Raise InvalidRequest unless the account may be linked to (reference api §2.6)."""
    if dashboard_type != "express":
        raise InvalidRequest(NOT_EXPRESS)
    if not details_submitted:
        raise InvalidRequest(NOT_ONBOARDED)


def checked_redirect_url(url: str | None, param: str = "redirect_url") -> str | None:
    """An absolute http(s) address that a browser may be sent to; empty is None.

    Raises InvalidRequest (`url_invalid`) for anything else: another scheme, an address without
    a host, a name and password in front of it, spaces, control characters or backslashes.
    """
    if not url:
        return None
    if len(url) > 2048 or not _is_web_address(url):
        raise InvalidRequest(
            "Not a valid URL: give an absolute address that begins with http:// or https://.",
            param=param,
            code="url_invalid",
        )
    return url


def _is_web_address(url: str) -> bool:
    # Browsers drop tabs and newlines, and read a backslash as a slash: urlsplit does not.
    if any(letter.isspace() or letter == "\\" or not letter.isprintable() for letter in url):
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it checks it
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc


def typed_code(text: str) -> str:
    """What a person typed as ASCII digits, without the spaces and dashes people put between.

    Empty when it cannot be a code. Digits of any script count: an Arabic keyboard types ٠.
    """
    letters = [letter for letter in text if not (letter.isspace() or letter in "-–—")]
    digits = [unicodedata.decimal(letter, None) for letter in letters]
    if len(digits) != CODE_DIGITS or None in digits:
        return ""
    return "".join(str(digit) for digit in digits)


def masked(channel: str, destination: str) -> str:
    """Enough for its owner to recognise a destination, too little for anyone else.

    `•••• 67` for a phone, `a•••@example.com` for an e-mail address.
    """
    if channel == "sms":
        digits = [letter for letter in destination if letter.isdigit()]
        return "•••• " + "".join(digits[-2:])
    name, _, host = destination.rpartition("@")
    return f"{name[:1]}•••@{host}"
