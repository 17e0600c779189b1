"""What we say: short, with the amount of help a person needs at that moment."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from counterfoil.messaging.message import Channel, Message


def sign_in_code(
    *,
    to: str,
    channel: Channel,
    platform: str,
    code: str,
    minutes: int,
    host: str | None,
    expires_at: int,
) -> Message:
    """The code that opens a seller's dashboard, in the active language.

    `host` is ours; with it an SMS ends in the line that lets a phone fill in the code on our
    page and on no other ("origin-bound one-time codes", the format browsers agreed on).
    """
    brand = " ".join(platform.split())  # a header of a mail is one line
    life = ngettext("It works for %(n)d minute.", "It works for %(n)d minutes.", minutes)
    life %= {"n": minutes}
    line = _("%(code)s is your code for %(brand)s.") % {"code": code, "brand": brand}
    if channel == "sms":
        bound = f"\n\n@{host} #{code}" if host else ""
        text = f"{line} {life} {_('Share it with nobody.')}{bound}"
        return Message(to=to, channel="sms", text=text, expires_at=expires_at)
    ignore = _("If you did not ask for it, ignore this message: nobody is in without the code.")
    secret = _("Share it with nobody; %(brand)s never asks for it.") % {"brand": brand}
    return Message(
        to=to,
        channel="email",
        subject=_("Your code for %(brand)s") % {"brand": brand},
        text=f"{line} {life}\n\n{secret}\n{ignore}\n",
        expires_at=expires_at,
    )
