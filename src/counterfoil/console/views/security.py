"""`/console/security`: an operator's second factors."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterfoil.access.audit_words import device_words
from counterfoil.access.enrolling import qr_of, secret_in_fours, try_app
from counterfoil.access.factors import (
    FactorRow,
    LastFactor,
    Setup,
    WrongFactor,
    app_setup,
    begin_app,
    factors_of,
    new_recovery_codes,
    recovery_codes_left,
    remove_factor,
)
from counterfoil.access.operators import OperatorRequest, for_enrolling_operators
from counterfoil.access.passkeys import add_passkey, are_possible, creation_options
from counterfoil.access.staff import members_of
from counterfoil.access.stepup import is_fresh, needs_fresh
from counterfoil.console.shell import console_page, leave_for, refuse, render_console
from counterfoil.kit import clock
from counterfoil.kit.devices import device_of
from counterfoil.kit.refused import ResourceMissing
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

HERE = "console-security"


@dataclass(frozen=True, slots=True)
class ListedFactor:
    id: str
    word: str
    note: str


@require_safe
@console_page
@for_enrolling_operators
def security(request: OperatorRequest) -> HttpResponse:
    operator = request.operator
    context = {
        "factors": [_listed(one) for one in factors_of(operator.owner_id)],
        "enrolling": operator.awaits == "enrolment",
        "passkeys_possible": are_possible(request),
        "recovery_left": recovery_codes_left(operator.owner_id),
        "members": [] if operator.awaits else members_of(operator.platform_id),
    }
    return render_console(request, "console/security.html", context, here=HERE)


@require_POST
@console_page
@for_enrolling_operators
@needs_fresh("factor", back=HERE)
def factor_new(request: OperatorRequest) -> HttpResponse:
    """`kind=app|passkey`: on to its page."""
    if request.POST.get("kind") == "passkey":
        return leave_for(request, reverse("console-passkey-new"))
    begin_app(request.operator, now_wall=clock.wall_now())
    return leave_for(request, reverse("console-app-new"))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
@for_enrolling_operators
@needs_fresh("factor", back=HERE)
def app_new(request: OperatorRequest) -> HttpResponse:
    """What an authenticator app scans, and a field for the code that it then shows."""
    operator, now_wall = request.operator, clock.wall_now()
    setup = app_setup(operator)
    if setup is None or not is_fresh(operator, now_wall=now_wall):
        return HttpResponseRedirect(reverse(HERE), status=303)
    if request.method != "POST":
        return _app_page(request, setup)
    refused = try_app(operator, setup, request.POST.get("code", ""), now_wall=now_wall)
    if refused is not None:
        return _app_page(request, setup, *refused)
    return _added(request, _("The authenticator app is set up."))


@require_http_methods(["GET", "HEAD", "POST"])
@console_page
@for_enrolling_operators
@needs_fresh("factor", back=HERE)
def passkey_new(request: OperatorRequest) -> HttpResponse:
    """A script asks the device for a passkey; without script the page says so."""
    operator, now_wall = request.operator, clock.wall_now()
    if not is_fresh(operator, now_wall=now_wall) or not are_possible(request):
        return HttpResponseRedirect(reverse(HERE), status=303)
    if request.method != "POST":
        return _passkey_page(request)
    name = device_words(device_of(request.headers.get("User-Agent")))
    answer = request.POST.get("passkey", "")
    try:
        add_passkey(operator, answer, name=name, request=request, now_wall=now_wall)
    except WrongFactor:
        return _passkey_page(request, _("That passkey was not accepted. Try again."), 422)
    return _added(request, _("The passkey is set up."))


@require_POST
@console_page
@needs_fresh("factor", back=HERE)
def factor_removal(request: OperatorRequest, factor_id: str) -> HttpResponse:
    try:
        remove_factor(request.operator, factor_id, now_wall=clock.wall_now())
    except ResourceMissing as missing:
        raise Http404 from missing
    except LastFactor:
        words = _("The console needs a second step. Add another one before you remove this.")
        return refuse(request, reverse(HERE), words)
    return leave_for(request, reverse(HERE), _("Removed."))


@require_POST
@console_page
@needs_fresh("factor", back=HERE)
def recovery_codes(request: OperatorRequest) -> HttpResponse:
    """New ones, shown this once; those from before serve no more."""
    if not request.operator.has_factor:
        raise Http404
    return _codes_page(request, "")


def _added(request: OperatorRequest, notice: str) -> HttpResponse:
    """With the first factor come recovery codes, which are shown at once and never again."""
    if recovery_codes_left(request.operator.owner_id):
        return leave_for(request, reverse(HERE), notice)
    return _codes_page(request, notice)


def _codes_page(request: OperatorRequest, notice: str) -> HttpResponse:
    context = {"codes": new_recovery_codes(request.operator), "notice": notice}
    return render_console(request, "console/recovery.html", context, here=HERE)


def _app_page(
    request: OperatorRequest, setup: Setup, error: str = "", status: int = 200
) -> HttpResponse:
    context = {"qr": qr_of(setup), "secret": secret_in_fours(setup), "error": error}
    return render_console(request, "console/app.html", context, here=HERE, status=status)


def _passkey_page(request: OperatorRequest, error: str = "", status: int = 200) -> HttpResponse:
    options = creation_options(request.operator, now_wall=clock.wall_now())
    context = {"options": options, "error": error}
    return render_console(request, "console/passkey.html", context, here=HERE, status=status)


def _listed(factor: FactorRow) -> ListedFactor:
    today = dates.local(clock.wall_now()).date()
    kind = _("Passkey") if factor.kind == "passkey" else _("Authenticator app")
    day = dates.near_day(dates.local(factor.created).date(), today)
    notes = [_("added %(day)s") % {"day": day}]
    if factor.used_at is not None:
        used = dates.near_day(dates.local(factor.used_at).date(), today)
        notes.append(_("last used %(day)s") % {"day": used})
    word = f"{kind} · {factor.name}" if factor.name else kind
    return ListedFactor(factor.id, word, " · ".join(notes))
