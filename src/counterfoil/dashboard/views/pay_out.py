"""`/payouts/new`: an amount, where to, how fast; what that costs and when it arrives; then done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.access.stepup import ask_first
from counterfoil.dashboard import payout_words
from counterfoil.dashboard.balance import hindrance_of
from counterfoil.dashboard.funds import Funds, funds_by_currency
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.pay_out import Method, Preview, largest, pay_out, preview
from counterfoil.dashboard.queries.balances import balances
from counterfoil.dashboard.queries.payout_terms import (
    External,
    Terms,
    has_been_paid,
    payout_terms,
)
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.dashboard.stubs import Line, Stub
from counterfoil.dashboard.typed import Mistyped, amount_for_field, typed_amount
from counterfoil.kit import clock
from counterfoil.kit.clock import utc_date
from counterfoil.kit.refused import Refused
from counterfoil.payouts.policy import INSTANT_LIMITS, is_held, minimum_payout, takes_instant
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

_FIELDS = ("amount", "destination", "method")


@dataclass(slots=True)
class Wish:
    """The form as it was sent, and what is wrong with it, by field ("" for the whole)."""

    currency: str
    method: Method
    amount: str
    destination: str
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where it may go, as the form offers it."""

    id: str
    word: str
    note: str
    usable: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What the seller has and may, in one currency."""

    seller: Seller
    terms: Terms
    funds: Funds
    now: int

    @property
    def methods(self) -> list[Method]:
        on = self.seller.features
        found: list[Method] = []
        if on.manual_payouts and self.terms.schedule.interval == "manual":
            found.append("standard")
        if on.instant_payouts and not self.seller.livemode and any(map(self.is_instant, self.own)):
            found.append("instant")
        return found

    @property
    def own(self) -> list[External]:
        """Bank accounts and cards of this currency, the default first."""
        found = [one for one in self.terms.externals if one.currency == self.funds.currency]
        return sorted(found, key=lambda one: not one.default)

    def is_instant(self, external: External) -> bool:
        return takes_instant(
            external.target, platform_currency=self.terms.platform_currency, now=self.now
        )


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("payouts:write")
def payout_new(request: SellerRequest) -> HttpResponse:
    """`?currency=eur&method=instant`. What is typed first is shown with its cost and arrival; what
    is sent then is what was shown, or it is shown again."""
    sent = request.POST if request.method == "POST" else request.GET
    situation = _situation(request.seller, sent.get("currency", ""))
    wish = _wish(situation, sent)
    if request.method != "POST":
        return _form(request, situation, wish, form_key(), status=200)
    if wish.method not in situation.methods:
        wish.errors[""] = _("Payouts like this are not possible here. Nothing was changed.")
        return _form(request, situation, wish, form_key())
    if sent.get("step") == "send":
        return _sent(request, situation, wish)
    return _previewed(request, situation, wish)


def _situation(seller: Seller, currency: str) -> Situation:
    now = seller.platform_now
    held = funds_by_currency(
        balances(seller.account_id, livemode=seller.livemode, now=now), seller.default_currency
    )
    funds = held.get(currency, held[seller.default_currency])
    return Situation(seller, payout_terms(seller.account_id, livemode=seller.livemode), funds, now)


def _wish(situation: Situation, sent: QueryDict) -> Wish:
    methods, own = situation.methods, situation.own
    method = cast(Method, sent.get("method") if sent.get("method") == "instant" else "standard")
    if "method" not in sent and methods:
        method = methods[0]
    fit = [one for one in own if method == "standard" or situation.is_instant(one)]
    currency = situation.funds.currency
    most = largest(situation.seller, situation.funds.available, currency=currency, method=method)
    return Wish(
        currency=currency,
        method=method,
        amount=sent.get("amount", amount_for_field(most, currency)),
        destination=sent.get("destination", fit[0].id if fit else ""),
    )


def _read(situation: Situation, wish: Wish) -> tuple[int, External] | None:
    """The amount and the place; None with the errors noted."""
    target = situation.terms.external(wish.destination)
    if target is None or target.currency != wish.currency:
        wish.errors["destination"] = _("Choose where to send it.")
    try:
        amount = typed_amount(wish.amount, wish.currency)
    except Mistyped as mistyped:
        wish.errors["amount"] = str(mistyped)
        return None
    return None if target is None or wish.errors else (amount, target)


def _checked(situation: Situation, wish: Wish) -> tuple[Preview, External] | None:
    """What it would be; None with the errors noted."""
    found = _read(situation, wish)
    if found is None:
        return None
    amount, target = found
    try:
        planned = preview(
            seller=situation.seller,
            target=target,
            amount=amount,
            method=wish.method,
            available=situation.funds.available,
            now=situation.now,
        )
    except Refused as refusal:
        _note(situation, wish, refusal)
        return None
    return planned, target


def _previewed(request: SellerRequest, situation: Situation, wish: Wish) -> HttpResponse:
    found = _checked(situation, wish)
    if found is None:
        return _form(request, situation, wish, key_or_new(request))
    return _ask(request, situation, wish, *found)


def _sent(request: SellerRequest, situation: Situation, wish: Wish) -> HttpResponse:
    seller = situation.seller
    read = _read(situation, wish)
    if read is None:
        return _form(request, situation, wish, key_or_new(request))
    amount, target = read
    if (
        not has_been_paid(seller.account_id, target.id, livemode=seller.livemode)
        and (asked := ask_first(request, "payout", back="payouts")) is not None
    ):
        return asked

    def act() -> str:
        # Inside, so that the second of two clicks finds what the first did.
        found = _checked(situation, wish)
        if found is None:
            raise _NotAsWished
        if str(found[0].debited) != request.POST.get("debited"):
            raise _NotAsShown
        row = pay_out(
            seller=seller,
            amount=amount,
            currency=wish.currency,
            target_id=target.id,
            method=wish.method,
            manual_schedule=situation.terms.schedule.interval == "manual",
            now=situation.now,
        )
        return reverse("payout", args=[row.id])

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except _NotAsWished:
        return _form(request, situation, wish, form_key())
    except _NotAsShown:
        found = _checked(situation, wish)
        assert found is not None, "it was checked a moment ago"
        changed = _("Its cost has changed since it was shown. Look at it again.")
        return _ask(request, situation, wish, *found, problem=changed)
    except Refused as refusal:
        _note(situation, wish, refusal)
        return _form(request, situation, wish, form_key())
    notice = _("%(amount)s is on its way to %(place)s.") % {
        "amount": money_text(amount, wish.currency),
        "place": _word(target),
    }
    return leave_for(request, address, notice)


class _NotAsWished(Exception):
    """The balance or the rules have changed since; the errors say how."""


class _NotAsShown(Exception):
    """It would cost something else than what was shown."""


def key_or_new(request: SellerRequest) -> str:
    """The key that the form came with, for the form that follows it."""
    try:
        return key_of(request)
    except Refused:
        return form_key()


def _note(situation: Situation, wish: Wish, refusal: Refused) -> None:
    """Put a refusal beside its cause, in words that hold the limit."""
    currency = wish.currency
    words = {
        "amount_too_small": _("The smallest payout is %(amount)s."),
        "parameter_invalid_integer": _("The smallest payout is %(amount)s."),
        "balance_insufficient": _("You have %(amount)s available."),
    }
    amounts = dict.fromkeys(words, minimum_payout(currency))
    amounts["balance_insufficient"] = situation.funds.available
    if wish.method == "instant" and currency in INSTANT_LIMITS:
        least, limit = INSTANT_LIMITS[currency]
        most = largest(
            situation.seller, situation.funds.available, currency=currency, method="instant"
        )
        at_most = _("At most %(amount)s can be sent instantly now; the fee comes on top.")
        words |= dict.fromkeys(("balance_insufficient", "instant_payouts_limit_exceeded"), at_most)
        amounts |= dict.fromkeys(amounts, max(least, minimum_payout(currency)))
        amounts |= dict.fromkeys(
            ("balance_insufficient", "instant_payouts_limit_exceeded"), min(most, limit)
        )
    code = refusal.code or ""
    text = said(refusal)
    if code in words:
        text = words[code] % {"amount": money_text(amounts[code], currency)}
    wish.errors[refusal.param if refusal.param in _FIELDS else ""] = text


def _form(
    request: SellerRequest, situation: Situation, wish: Wish, key: str, *, status: int = 422
) -> HttpResponse:
    funds, seller = situation.funds, situation.seller
    hindrance = hindrance_of(
        situation.terms, funds, platform=seller.platform_name, now=situation.now
    )
    # With another place to send it to, nothing about the default hinders.
    if hindrance is not None and hindrance.of_default:
        usable = any(_place(one, situation.now).usable for one in situation.own)
        hindrance = None if usable else hindrance
    context = {
        "wish": wish,
        "funds": funds,
        "places_to": [_place(one, situation.now) for one in situation.own],
        "methods": situation.methods,
        "hindrance": hindrance,
        "least": minimum_payout(funds.currency),
        "most": largest(seller, funds.available, currency=wish.currency, method=wish.method),
        "form_key": key,
    }
    return render_page(request, "payouts/new.html", context, here="payouts", status=status)


def _ask(
    request: SellerRequest,
    situation: Situation,
    wish: Wish,
    planned: Preview,
    target: External,
    *,
    problem: str = "",
) -> HttpResponse:
    """The preview, with the button that sends exactly this."""
    context = {
        "wish": wish,
        "planned": planned,
        "to": _word(target),
        "slip": _slip(situation, wish, planned),
        "arrives": dates.long_day(utc_date(planned.arrival_date)),
        "problem": problem,
        "form_key": form_key() if problem else key_or_new(request),
    }
    status = 422 if problem else 200
    return render_page(request, "payouts/confirm.html", context, here="payouts", status=status)


def _slip(situation: Situation, wish: Wish, planned: Preview) -> Stub:
    platform = situation.seller.platform_name
    lines = [Line(_("Taken from your balance"), planned.debited)]
    why = []
    if planned.fee:
        lines.append(Line(_("Fee for the instant payout"), -planned.fee))
        why.append(_("The fee goes to %(platform)s.") % {"platform": platform})
    if wish.method == "instant":
        why.append(_("Instant payouts usually arrive within 30 minutes, on any day."))
    else:
        why.append(_("You can cancel it for an hour; then it is sent."))
    left = situation.funds.available - planned.debited
    return Stub(
        currency=wish.currency,
        lines=tuple(lines),
        total_word=_("Reaches your bank"),
        total=planned.amount,
        why=tuple(why),
        references=(),
        after=left,
    )


def _place(external: External, now: int) -> Place:
    note, held = "", is_held(external.target, now=now)
    if held:
        day = dates.long_day(dates.available_date(external.held_until or 0))
        note = _("New, so it receives its first payout after %(day)s.") % {"day": day}
    elif external.errored:
        note = _("The bank refused it. Confirm or change it first.")
    elif external.default:
        note = _("Where payouts usually go")
    return Place(external.id, _word(external), note, not (external.errored or held))


def _word(external: External) -> str:
    return payout_words.place(external.object, external.name, external.last4)
