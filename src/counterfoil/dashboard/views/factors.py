"""`/settings/security/…`: adding a second factor, removing one, recovery codes."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from counterfoil.access.audit_words import device_words
from counterfoil.access.enrolling import qr_of, secret_in_fours, try_app
from counterfoil.access.factors import (
    LastFactor,
    Setup,
    WrongFactor,
    app_setup,
    begin_app,
    new_recovery_codes,
    recovery_codes_left,
    remove_factor,
)
from counterfoil.access.guard import SellerRequest, for_enrolling
from counterfoil.access.passkeys import add_passkey, are_possible, creation_options
from counterfoil.access.stepup import is_fresh, needs_fresh
from counterfoil.dashboard.offer import not_now
from counterfoil.dashboard.shell import leave_for, render_page, seller_page, seller_page_for
from counterfoil.kit import clock
from counterfoil.kit.devices import device_of
from counterfoil.kit.refused import ResourceMissing
from counterfoil.wording.languages import gettext as _


@require_POST
@seller_page_for("account:write")
@for_enrolling
@needs_fresh("factor", back="security")
def factor_new(request: SellerRequest) -> HttpResponse:
    """`kind=app|passkey`: on to its page, which only somebody sees who has shown who they are."""
    _refuse_where_none_is_offered(request)
    if request.POST.get("kind") == "passkey":
        return leave_for(request, reverse("passkey-new"))
    begin_app(request.seller, now_wall=clock.wall_now())
    return leave_for(request, reverse("app-new"))


@require_POST
@seller_page
def offer_answer(request: SellerRequest) -> HttpResponse:
    """ "Not now", said of the second step that home offers."""
    response = leave_for(request, reverse("home"))
    not_now(response)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
@for_enrolling
@needs_fresh("factor", back="security")
def app_new(request: SellerRequest) -> HttpResponse:
    """What an authenticator app scans, and a field for the code that it then shows."""
    seller, now_wall = request.seller, clock.wall_now()
    _refuse_where_none_is_offered(request)
    setup = app_setup(seller)
    if setup is None or not is_fresh(seller, now_wall=now_wall):
        return HttpResponseRedirect(reverse("security"), status=303)
    if request.method != "POST":
        return _app_page(request, setup, "", 200)
    refused = try_app(seller, setup, request.POST.get("code", ""), now_wall=now_wall)
    if refused is not None:
        return _app_page(request, setup, *refused)
    return _added(request, _("The authenticator app is set up."))


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
@for_enrolling
@needs_fresh("factor", back="security")
def passkey_new(request: SellerRequest) -> HttpResponse:
    """A script asks the device for a passkey; without script the page says so."""
    seller, now_wall = request.seller, clock.wall_now()
    _refuse_where_none_is_offered(request)
    if not is_fresh(seller, now_wall=now_wall) or not are_possible(request):
        return HttpResponseRedirect(reverse("security"), status=303)
    if request.method != "POST":
        return _passkey_page(request, "", 200)
    name = device_words(device_of(request.headers.get("User-Agent")))
    try:
        add_passkey(
            seller,
            request.POST.get("passkey", ""),
            name=name,
            request=request,
            now_wall=now_wall,
        )
    except WrongFactor:
        return _passkey_page(request, _("That passkey was not accepted. Try again."), 422)
    return _added(request, _("The passkey is set up."))


@require_POST
@seller_page_for("account:write")
@needs_fresh("factor", back="security")
def factor_removal(request: SellerRequest, factor_id: str) -> HttpResponse:
    try:
        remove_factor(request.seller, factor_id, now_wall=clock.wall_now())
    except ResourceMissing as missing:
        raise Http404 from missing
    except LastFactor:
        words = _("%(platform)s asks for a second step. Add another one before you remove this.")
        return leave_for(
            request, reverse("security"), words % {"platform": request.seller.platform_name}
        )
    return leave_for(request, reverse("security"), _("Removed."))


@require_POST
@seller_page_for("account:write")
@needs_fresh("factor", back="security")
def recovery_codes(request: SellerRequest) -> HttpResponse:
    """New ones, shown this once; those from before serve no more."""
    if not request.seller.has_factor:
        raise Http404
    return _codes_page(request, "")


def _added(request: SellerRequest, notice: str) -> HttpResponse:
    """With the first factor come recovery codes, which are shown at once and never again."""
    if recovery_codes_left(request.seller.account_id):
        return leave_for(request, reverse("security"), notice)
    return _codes_page(request, notice)


def _codes_page(request: SellerRequest, notice: str) -> HttpResponse:
    context = {"codes": new_recovery_codes(request.seller), "notice": notice}
    return render_page(request, "security/recovery.html", context, here="security")


def _app_page(request: SellerRequest, setup: Setup, error: str, status: int) -> HttpResponse:
    context = {"qr": qr_of(setup), "secret": secret_in_fours(setup), "error": error}
    return render_page(request, "security/app.html", context, here="security", status=status)


def _passkey_page(request: SellerRequest, error: str, status: int) -> HttpResponse:
    options = creation_options(request.seller, now_wall=clock.wall_now())
    context = {"options": options, "error": error}
    return render_page(request, "security/passkey.html", context, here="security", status=status)


def _refuse_where_none_is_offered(request: SellerRequest) -> None:
    if request.seller.second_factor == "parity":
        raise Http404
