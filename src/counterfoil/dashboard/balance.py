"""The balance component of home: what comes next of the money, what stands in its way, what the
seller can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from django.urls import reverse

from counterfoil.accounts.shapes import Requirements
from counterfoil.dashboard import payout_words, schedules
from counterfoil.dashboard.funds import Funds
from counterfoil.dashboard.labels import description
from counterfoil.dashboard.payouts import arrival_day
from counterfoil.dashboard.queries.balances import newest_available
from counterfoil.dashboard.queries.payout_terms import Terms, payout_terms
from counterfoil.dashboard.queries.payouts import ListedPayout, on_the_way
from counterfoil.dashboard.schedules import NextPayout
from counterfoil.dashboard.stubs import Line, Stub
from counterfoil.payouts.policy import is_held, minimum_payout, takes_instant
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller

_ROWS: Final = 100  # looked through for what brought a balance below zero


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why nothing is paid out now, and the page on which it is mended, if the seller can."""

    title: str
    text: str
    tone: Literal["accent", "caution", "negative"] = "caution"
    href: str = ""
    action: str = ""
    of_default: bool = False  # another account would do


@dataclass(frozen=True, slots=True)
class Coming:
    """A payout on its way."""

    id: str
    amount: int
    when: str


@dataclass(frozen=True, slots=True)
class BalanceView:
    """Everything that templates/components/balance.html shows."""

    currency: str
    coming: list[Coming]
    next: NextPayout | None
    manual: bool
    schedule: str  # in words
    to: str  # where payouts go, in words
    hindrance: Hindrance | None
    below: Stub | None  # what brought the balance below zero
    filling: tuple[str, ...]  # how it comes above zero again
    prefunding: int
    may_edit_schedule: bool
    may_pay_out: bool
    may_pay_instantly: bool
    may_top_up: bool
    requirements: Requirements  # what is asked of the account
    future_requirements: Requirements  # what is announced


def balance_view(seller: Seller, funds: Funds, *, now: int) -> BalanceView:
    """Two round trips, and a third while the balance is below zero."""
    today = dates.local(now).date()
    terms = payout_terms(seller.account_id, livemode=seller.livemode)
    coming: list[ListedPayout] = []
    if funds.on_the_way:
        coming = on_the_way(seller.account_id, livemode=seller.livemode, currency=funds.currency)
    hindrance = hindrance_of(terms, funds, platform=seller.platform_name, now=now)
    below = _below_zero(seller, funds, now=now) if funds.available < 0 else None
    manual = terms.schedule.interval == "manual"
    free = hindrance is None and funds.available >= minimum_payout(funds.currency)
    on, writes = seller.features, seller.may("payouts:write")
    target = terms.default(funds.currency)
    return BalanceView(
        currency=funds.currency,
        coming=[Coming(one.id, one.amount, _arrives(one, today)) for one in coming],
        next=schedules.next_payout(terms, funds, now=now) if hindrance is None else None,
        manual=manual,
        schedule=schedules.words(terms.schedule),
        to=payout_words.place(target.object, target.name, target.last4) if target else "",
        hindrance=hindrance,
        below=below,
        filling=filling(terms, funds) if below is not None else (),
        prefunding=funds.prefunding,
        may_edit_schedule=on.edit_payout_schedule and writes,
        may_pay_out=on.manual_payouts and writes and manual and free,
        may_pay_instantly=(
            on.instant_payouts
            and writes
            and free
            and not seller.livemode
            and instant_target(terms, funds.currency, now=now) is not None
        ),
        may_top_up=on.top_up_prefunding and writes,
        requirements=terms.requirements,
        future_requirements=terms.future_requirements,
    )


def instant_target(terms: Terms, currency: str, *, now: int) -> str | None:
    """Where an instant payout in this currency can go, the default before others."""
    fit = [
        one
        for one in terms.externals
        if one.currency == currency
        and takes_instant(one.target, platform_currency=terms.platform_currency, now=now)
    ]
    fit.sort(key=lambda one: not one.default)
    return fit[0].id if fit else None


def hindrance_of(terms: Terms, funds: Funds, *, platform: str, now: int) -> Hindrance | None:
    """The first reason for which nothing is paid out in this currency, or None."""
    if terms.paused is not None:
        return Hindrance(
            _("%(platform)s has paused your payouts") % {"platform": platform},
            _("They say: %(reason)s Ask them what is needed. Your money stays in your balance.")
            % {"reason": _sentence(terms.paused)},
        )
    if not terms.enabled:
        return Hindrance(_("Payouts are paused"), _disabled(terms.disabled_reason, platform))
    target = terms.default(funds.currency)
    if target is None:
        return Hindrance(
            _("Add a bank account for %(currency)s") % {"currency": funds.currency.upper()},
            _("Your money stays in your balance until we know where to send it."),
            href=reverse("payout-account-new"),
            action=_("Add a bank account"),
        )
    if target.errored:
        return Hindrance(
            _("Your bank refused %(account)s")
            % {"account": payout_words.place(target.object, target.name, target.last4)},
            _("Confirm it or add another one; the next payout then takes all that is available."),
            "negative",
            reverse("payout-settings"),
            _("Mend it"),
            of_default=True,
        )
    if is_held(target.target, now=now):
        day = dates.long_day(dates.available_date(target.held_until or 0))
        return Hindrance(
            _("Payouts to %(account)s begin after %(day)s")
            % {
                "account": payout_words.place(target.object, target.name, target.last4),
                "day": day,
            },
            _(
                "It was added soon after your phone number was replaced, so it waits, in case that"
                " was not you. Until then your money stays in your balance."
            ),
            href=reverse("payout-settings"),
            action=_("See your accounts"),
            of_default=True,
        )
    if funds.available >= 0 and funds.owes:
        return Hindrance(
            _("Nothing is paid out for now"),
            _(
                "More leaves your balance on the days to come than is in it: %(amount)s is missing."
                " Payouts go on once payments have brought it."
            )
            % {"amount": money_text(-funds.total, funds.currency)},
        )
    return None


def _disabled(reason: str | None, platform: str) -> str:
    kind = reason or ""
    if kind.startswith("rejected"):
        return _("This account has been closed for payouts. Ask %(platform)s.") % {
            "platform": platform
        }
    if kind in ("requirements.pending_verification", "under_review", "listed"):
        return _("Your details are being checked. There is nothing to do for you now.")
    if kind.startswith("requirements"):
        return _("Some of your details are missing. Payouts go on once they are there.")
    return _("Ask %(platform)s what is needed.") % {"platform": platform}


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _arrives(payout: ListedPayout, today: date) -> str:
    if payout.method == "instant":
        return _("within 30 minutes")
    day = arrival_day(payout)
    if day < today:
        return _("was expected %(day)s") % {"day": dates.short_day(day)}
    return _("arrives %(day)s") % {"day": dates.short_day(day)}


def _below_zero(seller: Seller, funds: Funds, *, now: int) -> Stub:
    """What was taken since the balance was last not below zero, and what has come in since."""
    rows = newest_available(
        seller.account_id,
        livemode=seller.livemode,
        currency=funds.currency,
        now=now,
        limit=_ROWS,
    )
    lines: list[Line] = []
    came_in, running = 0, funds.available
    for row in rows:
        if running >= 0:
            break
        running -= row.net
        if row.net < 0:
            day = dates.short_day(dates.local(row.created).date())
            lines.append(Line(description(row, seller.platform_name), row.net, note=day))
        else:
            came_in += row.net
    before = [Line(_("Balance before"), running)]
    since = [Line(_("Came in since"), came_in)] if came_in else []
    return Stub(
        currency=funds.currency,
        lines=(*before, *reversed(lines), *since),
        total_word=_("Below zero"),
        total=funds.available,
        why=(_("More was taken than had become available. New payments fill it first."),),
        references=(),
    )


def filling(terms: Terms, funds: Funds) -> tuple[str, ...]:
    """How it comes above zero again."""
    said = []
    running = funds.available
    for day, amount in sorted(funds.soon.items()):
        running += amount
        if running >= 0 and not funds.owes:
            said.append(
                _("What becomes available by %(day)s fills it.") % {"day": dates.long_day(day)}
            )
            break
    else:
        missing = money_text(-funds.total, funds.currency)
        said.append(_("%(amount)s more in payments fills it.") % {"amount": missing})
    target = terms.default(funds.currency)
    if terms.debits_negative and target is not None and target.object == "bank_account":
        account = payout_words.place(target.object, target.name, target.last4)
        said.append(
            _("If it stays below zero, it may be debited from %(account)s.") % {"account": account}
        )
    said.append(_("Payouts go on as soon as it is above zero."))
    return tuple(said)
