"""What we say: short, with the amount of help a person needs at that moment."""

from __future__ import annotations

from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from counterfoil.messaging.letters import Brand, Letter, mail
from counterfoil.messaging.message import Channel, Message


def phone_replaced(
    *, to: str, channel: Channel, brand: Brand, ending: str, days: int, not_me: str
) -> Message:
    """That sign-in codes go to another number now; `ending` is its last digits, masked.

    `not_me` is a link for whoever did not do it. `days` is how long bank accounts that are added
    now wait for their first payout; 0 for none.
    """
    line = _("Codes for %(brand)s now go to the phone %(ending)s.")
    line %= {"brand": brand.line, "ending": ending}
    if channel == "sms":
        return Message(to=to, channel="sms", text=f"{line} {_('Was this not you?')} {not_me}")
    how = _("It was replaced by somebody who could read this mailbox.")
    held = ngettext(
        "A bank account that is added within %(n)d day waits as long for its first payout.",
        "A bank account that is added within %(n)d days waits as long for its first payout.",
        days,
    )
    letter = Letter(
        subject=_("Your phone for %(brand)s was replaced") % {"brand": brand.line},
        lines=[f"{line} {how}", _("Was this not you?")],
        link=(_("This was not me"), not_me),
        small=[held % {"n": days}] if days else [],
    )
    return mail(letter, to=to, brand=brand)


Change = Literal[
    "bank_account.added",
    "bank_account.changed",
    "bank_account.chosen",
    "bank_account.removed",
    "contact.changed",
    "data.asked",
    "factor.added",
    "factor.removed",
    "factors.taken",
    "session.new_browser",
]


def something_changed(
    change: Change,
    *,
    to: str,
    channel: Channel,
    brand: Brand,
    not_me: str,
    last4: str = "",
    device: str = "",
) -> Message:
    """That something which guards money was changed; `not_me` is for whoever did not do it.

    `last4` names the bank account or card that it is about, `device` the browser.
    """
    name = {"brand": brand.line, "last4": last4, "device": device}
    line, subject = {
        "bank_account.added": (
            _("The bank account or card ·· %(last4)s was added to your account with %(brand)s.")
            % name,
            _("A bank account was added for %(brand)s") % name,
        ),
        "bank_account.changed": (
            _("The bank account or card ·· %(last4)s of your account with %(brand)s was changed.")
            % name,
            _("A bank account was changed for %(brand)s") % name,
        ),
        "bank_account.chosen": (
            _("Payouts from %(brand)s go to the bank account or card ·· %(last4)s from now on.")
            % name,
            _("Where payouts from %(brand)s go was changed") % name,
        ),
        "bank_account.removed": (
            _("The bank account or card ·· %(last4)s was removed from your account with %(brand)s.")
            % name,
            _("A bank account was removed for %(brand)s") % name,
        ),
        "contact.changed": (
            _("The phone number or e-mail address of your account with %(brand)s was changed.")
            % name,
            _("How %(brand)s reaches you was changed") % name,
        ),
        "data.asked": (
            _("A copy of everything about your account with %(brand)s was asked for.") % name,
            _("A copy of your data with %(brand)s was asked for") % name,
        ),
        "factor.added": (
            _("A second step for signing in to %(brand)s was added.") % name,
            _("A second step was added for %(brand)s") % name,
        ),
        "factor.removed": (
            _("A second step for signing in to %(brand)s was removed.") % name,
            _("A second step was removed for %(brand)s") % name,
        ),
        "factors.taken": (
            _("%(brand)s was asked to let you in again, and took your second step away.") % name,
            _("Your second step for %(brand)s was taken away") % name,
        ),
        "session.new_browser": (
            _("A code for %(brand)s was typed in a browser that is new: %(device)s.") % name,
            _("A new browser for %(brand)s") % name,
        ),
    }[change]
    if channel == "sms":
        return Message(to=to, channel="sms", text=f"{line} {_('Was this not you?')} {not_me}")
    what_follows = _(
        "If it was you, there is nothing to do. If not, use the link: everybody is signed out and "
        "payouts wait until %(brand)s has looked at it."
    )
    letter = Letter(
        subject=subject, lines=[line, what_follows % name], link=(_("This was not me"), not_me)
    )
    return mail(letter, to=to, brand=brand)


def account_closed(*, to: str, channel: Channel, brand: Brand, reach: str) -> Message:
    """That an account is closed; `reach` is how the marketplace is reached, empty if unknown."""
    name = {"brand": brand.line, "reach": reach}
    line = _("Your account with %(brand)s is closed.") % name
    wrong = (
        _("Was this not you? Tell %(brand)s at once: %(reach)s")
        if reach
        else _("Was this not you? Tell %(brand)s at once.")
    )
    if channel == "sms":
        return Message(to=to, channel="sms", text=f"{line} {wrong % name}")
    follows = _(
        "Nobody can sign in to it any more. Payments you took can still be refunded or disputed."
    )
    subject = _("Your account with %(brand)s is closed") % name
    return mail(Letter(subject=subject, lines=[line, follows, wrong % name]), to=to, brand=brand)


OperatorChange = Literal["factor.added", "factor.removed"]


def operator_changed(change: OperatorChange, *, to: str, brand: Brand) -> Message:
    """To an operator of a console: that a second step was added or removed."""
    name = {"brand": brand.line}
    line, subject = {
        "factor.added": (
            _("A second step for signing in to the console of %(brand)s was added.") % name,
            _("Console of %(brand)s: a second step was added") % name,
        ),
        "factor.removed": (
            _("A second step for signing in to the console of %(brand)s was removed.") % name,
            _("Console of %(brand)s: a second step was removed") % name,
        ),
    }[change]
    what_follows = _(
        "If it was not you, tell whoever runs the server at once: `counterfoil operators remove` "
        "signs you out everywhere."
    )
    return mail(Letter(subject=subject, lines=[line, what_follows]), to=to, brand=brand)


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
