"""`/settings/payouts`: when payouts run, and where they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from counterfoil.access.guard import SellerRequest
from counterfoil.access.stepup import ask_first, needs_fresh
from counterfoil.accounts.countries import country_of
from counterfoil.accounts.payout_schedule import WEEKDAYS, offered_intervals
from counterfoil.accounts.profile import Schedule
from counterfoil.dashboard import payout_words, schedules
from counterfoil.dashboard.account_fields import Fields, countries, fields_of
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.change_schedule import change_schedule
from counterfoil.dashboard.operations.payout_accounts import (
    add_bank_account,
    card_problem,
    confirm_account,
    make_default,
    remove_account,
)
from counterfoil.dashboard.queries.payout_terms import External, Terms, payout_terms
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import leave_for, render_page, seller_page, seller_page_for
from counterfoil.dashboard.views.pay_out import key_or_new
from counterfoil.kit import clock
from counterfoil.kit.refused import InvalidRequest, Refused
from counterfoil.payouts.policy import is_held, takes_instant
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

_RUNS: Final = 4  # shown of a schedule
_BANK_DAYS: Final = WEEKDAYS[:5]


@dataclass(frozen=True, slots=True)
class Listed:
    """A bank account or card as the page lists it."""

    id: str
    word: str
    note: str
    default: bool
    errored: bool
    removable: bool


@require_safe
@seller_page
def payout_settings(request: SellerRequest) -> HttpResponse:
    seller = request.seller
    terms = _terms(request)
    bank_country = _bank_country(terms, seller.default_currency, seller.country)
    context = {
        "schedule": schedules.words(terms.schedule),
        "manual": terms.schedule.interval == "manual",
        "runs": schedules.next_runs(
            terms.schedule,
            country=terms.country,
            bank_country=bank_country,
            now=seller.platform_now,
            count=_RUNS,
        ),
        "may_edit_schedule": seller.features.edit_payout_schedule and seller.may("payouts:write"),
        "may_change": seller.may("account:write"),
        "may_add_card": seller.may("account:write") and not card_problem(seller),
        "accounts": [
            _listed(terms, one, seller.default_currency, now=seller.platform_now)
            for one in terms.externals
        ],
        "form_key": form_key(),
    }
    return render_page(request, "payouts/settings.html", context, here="payout-settings")


# ---- The schedule ----


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("payouts:write", "edit_payout_schedule")
def payout_schedule(request: SellerRequest) -> HttpResponse:
    """Shows the next days before it is saved; `step=save` saves."""
    terms = _terms(request)
    if request.method != "POST":
        return _schedule_form(request, terms, terms.schedule, {}, shown=True)
    wished, errors = _wished(request.POST)
    if errors or request.POST.get("step") != "save":
        return _schedule_form(request, terms, wished, errors, shown=not errors)
    seller = request.seller

    def act() -> str:
        change_schedule(
            seller=seller,
            interval=wished.interval,
            weekdays=wished.weekly_payout_days or (),
            month_days=wished.monthly_payout_days or (),
            now=seller.platform_now,
        )
        return reverse("payout-settings")

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except Refused as refusal:
        return _schedule_form(request, terms, wished, {"": said(refusal)}, shown=False)
    notice = _("Saved: %(schedule)s.") % {"schedule": schedules.words(wished)}
    return leave_for(request, address, notice)


def _wished(sent: QueryDict) -> tuple[Schedule, dict[str, str]]:
    """The schedule as it was chosen, and what is missing of it."""
    interval = sent.get("interval", "")
    wished, errors = Schedule(interval), dict[str, str]()
    weekdays: list[str] = [name for name in _BANK_DAYS if name in sent.getlist("weekday")]
    numbers = sorted({int(text) for text in sent.getlist("day") if _is_day(text)})
    if interval == "weekly":
        wished.weekly_payout_days = weekdays
        if not weekdays:
            errors["weekday"] = _("Choose at least one day.")
    elif interval == "monthly":
        wished.monthly_payout_days = numbers
        if not numbers:
            errors["day"] = _("Choose at least one day.")
    elif interval not in ("daily", "manual"):
        errors["interval"] = _("Choose when payouts are made.")
    return wished, errors


def _is_day(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 31


def _schedule_form(
    request: SellerRequest,
    terms: Terms,
    wished: Schedule,
    errors: dict[str, str],
    *,
    shown: bool,
) -> HttpResponse:
    seller = request.seller
    runs = []
    if shown and wished.interval != "manual":
        runs = schedules.next_runs(
            wished,
            country=terms.country,
            bank_country=_bank_country(terms, seller.default_currency, seller.country),
            now=seller.platform_now,
            count=_RUNS,
        )
    offered = offered_intervals(terms.country)
    weekdays = wished.weekly_payout_days or [wished.weekly_anchor or "friday"]
    context = {
        "wished": wished,
        "offered": offered,
        "limited": len(offered) < len(offered_intervals("US")),
        "weekdays": [
            (name, schedules.weekday_name(number), name in weekdays)
            for number, name in enumerate(_BANK_DAYS)
        ],
        "month_days": wished.monthly_payout_days or [wished.monthly_anchor or 1],
        "runs": runs,
        "words": schedules.words(wished) if shown else "",
        "errors": errors,
        "form_key": form_key() if request.method != "POST" else key_or_new(request),
    }
    return render_page(
        request,
        "payouts/schedule.html",
        context,
        here="payout-settings",
        status=422 if errors else 200,
    )


# ---- Bank accounts ----


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def payout_account_new(request: SellerRequest) -> HttpResponse:
    """`?country=DE`: the fields of that country. `step=add` adds; anything else looks again."""
    seller = request.seller
    sent = request.POST if request.method == "POST" else request.GET
    country = sent.get("country", "")
    country = country if country_of(country) is not None else seller.country
    fields = fields_of(country)
    if request.method != "POST" or sent.get("step") != "add":
        return _account_form(request, fields, sent, {}, status=200)
    numbers, errors = fields.read(sent)
    if errors:
        return _account_form(request, fields, sent, errors)
    if (asked := ask_first(request, "bank_account", back="payout-settings")) is not None:
        return asked

    def act() -> str:
        add_bank_account(
            seller=seller,
            numbers=numbers,
            make_default=sent.get("default") == "yes",
            now=seller.platform_now,
        )
        return reverse("payout-settings")

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except Refused as refusal:
        return _account_form(request, fields, sent, fields.said(refusal))
    last4 = numbers["account_number"][-4:]
    return leave_for(request, address, _("Account ·· %(last4)s was added.") % {"last4": last4})


def _account_form(
    request: SellerRequest,
    fields: Fields,
    sent: QueryDict,
    errors: dict[str, str],
    *,
    status: int = 422,
) -> HttpResponse:
    seller = request.seller
    context = {
        "fields": fields,
        "typed": sent,
        "countries": countries(),
        "bank": bank_behind(sent.get("account_number", "")),
        "errors": errors,
        "test_numbers": "" if seller.livemode else fields.test_example,
        "form_key": form_key() if request.method != "POST" else key_or_new(request),
    }
    return render_page(
        request, "payouts/account_new.html", context, here="payout-settings", status=status
    )


def bank_behind(text: str) -> str:
    """The bank that an IBAN names; empty for what is none, or of a bank nobody lists."""
    try:
        return IBAN("".join(text.split())).bank_name or ""
    except SchwiftyException:
        return ""


@require_POST
@seller_page_for("account:write")
@needs_fresh("bank_account", back="payout-settings")
def payout_account_default(request: SellerRequest, external_id: str) -> HttpResponse:
    return _changed(request, external_id, make_default, _("Payouts go to %(place)s from now on."))


@require_POST
@seller_page_for("account:write")
@needs_fresh("bank_account", back="payout-settings")
def payout_account_confirmation(request: SellerRequest, external_id: str) -> HttpResponse:
    words = _("Payouts to %(place)s are tried again with the next run.")
    return _changed(request, external_id, confirm_account, words)


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
@needs_fresh("bank_account", back="payout-settings")
def payout_account_removal(request: SellerRequest, external_id: str) -> HttpResponse:
    """Asks first."""
    if request.method == "POST":
        return _changed(request, external_id, remove_account, _("%(place)s was removed."))
    return _ask_to_remove(request, _external(request, external_id), "", status=200)


def _ask_to_remove(
    request: SellerRequest, external: External, problem: str, *, status: int
) -> HttpResponse:
    context = {
        "external": external,
        "word": payout_words.place(external.object, external.name, external.last4),
        "problem": problem,
        "form_key": form_key(),
    }
    return render_page(
        request, "payouts/account_removal.html", context, here="payout-settings", status=status
    )


def _changed(
    request: SellerRequest, external_id: str, change: Callable[..., None], words: str
) -> HttpResponse:
    """One of the changes that need nothing but a click; a second click finds what it did."""
    seller = request.seller
    terms = _terms(request)
    external = terms.external(external_id)
    word = ""
    if external is not None:
        word = payout_words.place(external.object, external.name, external.last4)

    def act() -> str:
        if external is None:
            raise Http404
        change(seller=seller, external_id=external_id, now=seller.platform_now)
        return reverse("payout-settings")

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except Refused as refusal:
        assert external is not None, "it was looked for before"
        problem = said(refusal)
        if change is remove_account and isinstance(refusal, InvalidRequest) and not refusal.code:
            problem = _("Payouts need this one. Add another and make it the default first.")
        return _ask_to_remove(request, external, problem, status=422)
    return leave_for(request, address, words % {"place": word} if word else "")


def _external(request: SellerRequest, external_id: str) -> External:
    found = _terms(request).external(external_id)
    if found is None:
        raise Http404
    return found


def _terms(request: SellerRequest) -> Terms:
    return payout_terms(request.seller.account_id, livemode=request.seller.livemode)


def _bank_country(terms: Terms, currency: str, country: str) -> str:
    default = terms.default(currency)
    return country if default is None else default.country


def _listed(terms: Terms, external: External, default_currency: str, *, now: int) -> Listed:
    notes = [external.currency.upper()]
    if external.holder:
        notes.append(external.holder)
    if external.expires:
        notes.append(_("expires %(month)s") % {"month": external.expires})
    if takes_instant(external.target, platform_currency=terms.platform_currency, now=now):
        notes.append(_("takes instant payouts"))
    if is_held(external.target, now=now):
        day = dates.long_day(dates.available_date(external.held_until or 0))
        notes.append(_("receives its first payout after %(day)s") % {"day": day})
    alone = sum(one.currency == external.currency for one in terms.externals) == 1
    needed = external.currency == default_currency or not alone
    return Listed(
        id=external.id,
        word=payout_words.place(external.object, external.name, external.last4),
        note=" · ".join(notes),
        default=external.default,
        errored=external.errored,
        removable=not (external.default and needed),
    )
