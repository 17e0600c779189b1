"""What we say: short, with the amount of help a person needs at that moment."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from counterfoil.messaging.letters import Brand, Letter, mail
from counterfoil.messaging.message import Channel, Message


def phone_replaced(*, to: str, channel: Channel, brand: Brand, ending: str, days: int) -> Message:
    """That sign-in codes go to another number now; `ending` is its last digits, masked.

    `days` is how long bank accounts that are added now wait for their first payout; 0 for none.
    """
    line = _("Codes for %(brand)s now go to the phone %(ending)s.")
    line %= {"brand": brand.line, "ending": ending}
    not_you = _("Was this not you? Tell %(brand)s at once.") % {"brand": brand.line}
    if channel == "sms":
        return Message(to=to, channel="sms", text=f"{line} {not_you}")
    how = _("It was replaced by somebody who could read this mailbox.")
    held = ngettext(
        "A bank account that is added within %(n)d day waits as long for its first payout.",
        "A bank account that is added within %(n)d days waits as long for its first payout.",
        days,
    )
    letter = Letter(
        subject=_("Your phone for %(brand)s was replaced") % {"brand": brand.line},
        lines=[f"{line} {how}", not_you],
        small=[held % {"n": days}] if days else [],
    )
    return mail(letter, to=to, brand=brand)


def sign_in_code(
    *,
    to: str,
    channel: Channel,
    brand: Brand,
    code: str,
    minutes: int,
    host: str | None,
    expires_at: int,
) -> Message:
    """The code that opens a seller's dashboard, in the active language.

    `host` is ours; with it an SMS ends in the line that lets a phone fill in the code on our
    page and on no other ("origin-bound one-time codes", the format browsers agreed on).
    """
    life = ngettext("It works for %(n)d minute.", "It works for %(n)d minutes.", minutes)
    life %= {"n": minutes}
    line = _("%(code)s is your code for %(brand)s.") % {"code": code, "brand": brand.line}
    if channel == "sms":
        bound = f"\n\n@{host} #{code}" if host else ""
        text = f"{line} {life} {_('Share it with nobody.')}{bound}"
        return Message(to=to, channel="sms", text=text, expires_at=expires_at)
    letter = Letter(
        subject=_("Your code for %(brand)s") % {"brand": brand.line},
        lines=[f"{line} {life}"],
        code=code,
        small=[
            _("Share it with nobody; %(brand)s never asks for it.") % {"brand": brand.line},
            _("If you did not ask for it, ignore this message: nobody is in without the code."),
        ],
    )
    return mail(letter, to=to, brand=brand, expires_at=expires_at)
