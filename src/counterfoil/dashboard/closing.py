"""What has to be settled before an account can be closed, and the way to settle each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import ngettext

from counterfoil.dashboard import schedules
from counterfoil.dashboard.balance import filling, hindrance_of
from counterfoil.dashboard.funds import Funds, funds_by_currency
from counterfoil.dashboard.payouts import arrival_day
from counterfoil.dashboard.queries.balances import balances
from counterfoil.dashboard.queries.closing import UnderWay, open_disputes, refunds_under_way
from counterfoil.dashboard.queries.payout_terms import Terms, payout_terms
from counterfoil.dashboard.queries.payouts import on_the_way
from counterfoil.payouts.policy import minimum_payout
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One reason why not yet: with its amount, what mends it, and where, if the seller can."""

    title: str
    text: str
    href: str = ""
    action: str = ""


def obstacles(seller: Seller, *, now: int) -> list[Obstacle]:
    """Everything that stands against closing, money first; empty when nothing does.

    `now` is the platform's clock. Call it inside `written_for`.
    """
    rows = balances(seller.account_id, livemode=seller.livemode, now=now)
    terms = payout_terms(seller.account_id, livemode=seller.livemode)
    found: list[Obstacle] = []
    for funds in funds_by_currency(rows, seller.default_currency).values():
        found += _of_money(seller, terms, funds, now=now)
    found += [
        _disputes(seller, one) for one in open_disputes(seller.account_id, livemode=seller.livemode)
    ]
    found += [
        _refunds(one) for one in refunds_under_way(seller.account_id, livemode=seller.livemode)
    ]
    return found


def _of_money(seller: Seller, terms: Terms, funds: Funds, *, now: int) -> list[Obstacle]:
    found = []
    if funds.available < 0 or funds.total < 0:
        found.append(_owed(seller, terms, funds))
    elif funds.available > 0:
        found.append(_left(seller, terms, funds, now=now))
    if funds.soon and not (funds.available < 0 or funds.total < 0):
        found.append(_pending(funds))
    found += _travelling(seller, funds)
    if funds.prefunding:
        found.append(_set_aside(seller, funds))
    if funds.reserved:
        found.append(
            Obstacle(
                _("%(amount)s is held back") % _sum(funds.reserved, funds),
                _(
                    "%(platform)s keeps it for refunds and disputes that may come. Ask when it is"
                    " let go."
                )
                % {"platform": seller.platform_name},
            )
        )
    return found


def _owed(seller: Seller, terms: Terms, funds: Funds) -> Obstacle:
    owed = -min(funds.available, funds.total)
    ways = [*filling(terms, funds)[:-1]]  # the last is about payouts
    ways.append(_("Or ask %(platform)s how to pay it back.") % {"platform": seller.platform_name})
    return Obstacle(_("You owe %(amount)s") % _sum(owed, funds), " ".join(ways))


def _left(seller: Seller, terms: Terms, funds: Funds, *, now: int) -> Obstacle:
    """Money that is there: paid out by hand, by the next run, or not without help."""
    title = _("%(amount)s is still in your balance") % _sum(funds.available, funds)
    hindrance = hindrance_of(terms, funds, platform=seller.platform_name, now=now)
    if hindrance is not None:
        return Obstacle(
            title, f"{hindrance.title}. {hindrance.text}", hindrance.href, hindrance.action
        )
    least = minimum_payout(funds.currency)
    if funds.available < least:
        words = _(
            "That is less than the smallest payout, %(least)s. Ask %(platform)s to settle it."
        )
        return Obstacle(
            title,
            words % {"least": money_text(least, funds.currency), "platform": seller.platform_name},
        )
    if terms.schedule.interval == "manual":
        if seller.features.manual_payouts and seller.may("payouts:write"):
            href = f"{reverse('payout-new')}?currency={funds.currency}"
            return Obstacle(title, _("Pay it out to your bank first."), href, _("Pay out"))
        words = _("Ask %(platform)s to pay it out.") % {"platform": seller.platform_name}
        return Obstacle(title, words)
    coming = schedules.next_payout(terms, funds, now=now)
    if coming is None or coming.amount < funds.available:
        words = _("Not all of it is paid out by itself. Ask %(platform)s.")
        return Obstacle(title, words % {"platform": seller.platform_name})
    words = _("It is sent to your bank on %(day)s by itself.")
    return Obstacle(title, words % {"day": dates.long_day(coming.run.on)})


def _pending(funds: Funds) -> Obstacle:
    last = funds.last_day
    assert last is not None, "what is pending has a day"
    title = _("%(amount)s is not available yet") % _sum(funds.pending, funds)
    words = _("It becomes available by %(day)s, and can be paid out then.")
    return Obstacle(title, words % {"day": dates.long_day(last)})


def _travelling(seller: Seller, funds: Funds) -> list[Obstacle]:
    if not funds.on_the_way:
        return []
    coming = on_the_way(seller.account_id, livemode=seller.livemode, currency=funds.currency)
    title = _("%(amount)s is on its way to your bank") % _sum(funds.on_the_way, funds)
    text = _("Close the account once it has arrived: if the bank sends it back, it returns here.")
    if not coming:
        return [Obstacle(title, text)]
    last: date = max(arrival_day(one) for one in coming)
    arrives = _("It arrives by %(day)s.") % {"day": dates.long_day(last)}
    href = reverse("payout", args=[coming[0].id]) if len(coming) == 1 else reverse("payouts")
    return [Obstacle(title, f"{arrives} {text}", href, _("See it"))]


def _set_aside(seller: Seller, funds: Funds) -> Obstacle:
    if funds.prefunding < 0:
        words = _("It was taken for refunds and disputes. Add as much, or ask %(platform)s.")
        title = _("%(amount)s is missing for refunds") % _sum(-funds.prefunding, funds)
        return Obstacle(title, words % {"platform": seller.platform_name})
    title = _("%(amount)s is set aside for refunds") % _sum(funds.prefunding, funds)
    if seller.features.top_up_prefunding and seller.may("payouts:write"):
        href = f"{reverse('prefunding-withdrawal')}?currency={funds.currency}"
        return Obstacle(title, _("Move it back into your balance."), href, _("Move it back"))
    words = _("Ask %(platform)s to move it back.") % {"platform": seller.platform_name}
    return Obstacle(title, words)


def _disputes(seller: Seller, of: UnderWay) -> Obstacle:
    title = ngettext(
        "%(n)d dispute about %(amount)s is open",
        "%(n)d disputes about %(amount)s are open",
        of.count,
    )
    on = seller.features
    words = _("Wait until the bank has decided.")
    if on.view_payments and on.manage_disputes:
        words = _("Wait until the bank has decided, or accept it, which ends it at once.")
    return Obstacle(
        title % {"n": of.count, "amount": money_text(of.amount, of.currency)},
        words,
        reverse("disputes") if on.view_payments else "",
        _("See disputes"),
    )


def _refunds(of: UnderWay) -> Obstacle:
    title = ngettext(
        "%(n)d refund of %(amount)s is on its way",
        "%(n)d refunds of %(amount)s are on their way",
        of.count,
    )
    return Obstacle(
        title % {"n": of.count, "amount": money_text(of.amount, of.currency)},
        _("Wait until it has reached the customer: if it comes back, it returns here."),
    )


def _sum(amount: int, funds: Funds) -> dict[str, str]:
    return {"amount": money_text(amount, funds.currency)}
