"""Payouts that are still to come, as the activity page tells them: what the schedule sends next,
and what is on its way to the bank."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.urls import reverse

from counterfoil.dashboard import payout_words, schedules
from counterfoil.dashboard.activity import Item, Said
from counterfoil.dashboard.balance import hindrance_of
from counterfoil.dashboard.funds import Funds, funds_by_currency
from counterfoil.dashboard.payouts import arrival_day
from counterfoil.dashboard.queries.balances import balances
from counterfoil.dashboard.queries.payout_terms import Terms, payout_terms
from counterfoil.dashboard.queries.payouts import ListedPayout, on_the_way
from counterfoil.kit.clock import date_start
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller


def upcoming(seller: Seller, *, now: int) -> list[Item]:
    """What comes first is first. Two round trips, and one more for each currency on its way."""
    funds = funds_by_currency(
        balances(seller.account_id, livemode=seller.livemode, now=now), seller.default_currency
    )
    terms = payout_terms(seller.account_id, livemode=seller.livemode)
    found = [
        item
        for held in funds.values()
        for item in (*_sent(seller, held), *_next(terms, held, seller.platform_name, now=now))
    ]
    return sorted(found, key=lambda item: item.created)


def _next(terms: Terms, funds: Funds, platform: str, *, now: int) -> list[Item]:
    """What the next run sends in one currency, if anything stands to be sent."""
    if hindrance_of(terms, funds, platform=platform, now=now) is not None:
        return []
    coming = schedules.next_payout(terms, funds, now=now)
    target = terms.default(funds.currency)
    if coming is None or not coming.amount or target is None:
        return []
    title = _("%(amount)s will be paid out") % {"amount": money_text(coming.amount, funds.currency)}
    note = _("Expected %(day)s at %(place)s.") % {
        "place": payout_words.place(target.object, target.name, target.last4),
        "day": dates.short_day(coming.run.arrives),
    }
    said = Said("calendar", title, note, href=reverse("payout-settings"))
    return [_item(f"next-{funds.currency}", said, coming.run.on)]


def _sent(seller: Seller, funds: Funds) -> list[Item]:
    if not funds.on_the_way:
        return []
    rows = on_the_way(seller.account_id, livemode=seller.livemode, currency=funds.currency)
    return [_item(f"coming-{row.id}", _arriving(row), arrival_day(row)) for row in rows]


def _arriving(payout: ListedPayout) -> Said:
    amount = {"amount": money_text(abs(payout.amount), payout.currency)}
    title = _("%(amount)s arrives at your bank") % amount
    if payout.amount < 0:
        title = _("%(amount)s is taken from your bank") % amount
    return Said("bank", title, payout_words.to(payout.destination), href=f"/payouts/{payout.id}")


def _item(ident: str, said: Said, day: date) -> Item:
    return Item(
        ident, said, said.href, date_start(day), dates.short_day(day), dates.short_day(day), False
    )
