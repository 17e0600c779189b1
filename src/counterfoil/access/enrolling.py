"""What pages that set up a second factor share: the drawing, and why a code was not accepted."""

from __future__ import annotations

import segno
from django.utils.translation import gettext as _

from counterfoil.access.factors import Setup, WrongFactor, confirm_app
from counterfoil.access.holders import Holder
from counterfoil.access.limits import TooManySends
from counterfoil.access.onetime import NotACode


def qr_of(setup: Setup) -> str:
    """What an authenticator app scans, as SVG of ours."""
    return segno.make(setup.uri, micro=False).svg_inline(
        omitsize=True, border=2, svgclass="qr", lineclass=None, dark="#000", light="#fff"
    )


def secret_in_fours(setup: Setup) -> str:
    """What one types instead."""
    return " ".join(setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4))


def try_app(holder: Holder, setup: Setup, typed: str, *, now_wall: int) -> tuple[str, int] | None:
    """None when the app is set up; otherwise what to say, and the status of the answer."""
    try:
        confirm_app(holder, setup, typed, now_wall=now_wall)
    except NotACode:
        return _("The app shows six digits."), 422
    except WrongFactor:
        words = _("That is not the code that the app shows now. Is the clock of the phone right?")
        return words, 422
    except TooManySends:
        return _("Too many codes were tried. Wait half an hour."), 429
    return None
