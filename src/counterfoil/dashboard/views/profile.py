"""`/settings/profile`: who one is here, how one is reached, and how the dashboard is read."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language

from counterfoil.access import sessions
from counterfoil.access.guard import SellerRequest, seller_of
from counterfoil.access.policy import masked
from counterfoil.accounts.facts import COMPANIES
from counterfoil.dashboard.details.steps import Details, name_of
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.choose import choose
from counterfoil.dashboard.queries.profile import keep_choices
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.dashboard.views.business import editable
from counterfoil.kit import clock
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import gettext as _

_SCHEMES = ("light", "dark")


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def profile(request: SellerRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, {})
    sent, seller = request.POST, request.seller
    errors = {}
    language, scheme, zone = (sent.get(one, "") for one in ("language", "scheme", "timezone"))
    if language and language not in dict(settings.LANGUAGES):
        errors["language"] = _("Choose one of these.")
    if scheme and scheme not in _SCHEMES:
        errors["scheme"] = _("Choose one of these.")
    if zone not in available_timezones():
        errors["timezone"] = _("Choose one of these.")
    if errors:
        return _page(request, errors)

    def act() -> str:
        choose(
            seller=seller,
            language=language or None,
            color_scheme=scheme or None,
            timezone=zone,
            now=seller.platform_now,
        )
        return reverse("profile")

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except Refused as refusal:
        return _page(request, {"": said(refusal)})
    response = leave_for(request, address, _("Saved."))
    _keep_in_this_browser(response, language)
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """The buttons in the menu: for this browser at once, for whoever is signed in everywhere."""
    chosen = request.POST.get("language", "")
    response: HttpResponse = set_language(request)
    seller = seller_of(sessions.cookie_of(request), now_wall=clock.wall_now())
    if seller is not None and chosen in dict(settings.LANGUAGES):
        keep_choices(seller.account_id, language=chosen, color_scheme=seller.color_scheme)
    return response


def _keep_in_this_browser(response: HttpResponse, chosen: str) -> None:
    if not chosen:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def _page(request: SellerRequest, errors: dict[str, str]) -> HttpResponse:
    seller, sent = request.seller, request.POST
    details = editable(seller)
    phone = details.account.phone
    context = {
        **_who(details),
        "email": seller.email,
        "phone": masked("sms", phone) if phone else None,
        "language": sent.get("language", seller.language or ""),
        "scheme_chosen": sent.get("scheme", seller.color_scheme or ""),
        "timezone": sent.get("timezone", seller.timezone),
        "timezones": timezones(seller.country, seller.timezone),
        "errors": errors,
        "form_key": form_key(),
    }
    status = 422 if errors else 200
    return render_page(request, "settings/profile.html", context, here="settings", status=status)


def _who(details: Details) -> dict[str, Any]:
    """The person's name, and the form that changes it: of a company, who represents it."""
    kind, profile = details.account.business_type, details.profile
    if kind == "individual" and profile.individual is not None:
        step = "individual-name"
        return {"name": name_of(profile.individual), "name_form": step}
    if kind in COMPANIES:
        for person in profile.people:
            if person.relationship.representative:
                return {"name": name_of(person), "name_form": f"{person.id}-name"}
    return {"name": details.account.display_name, "name_form": None}


@lru_cache(maxsize=256)
def timezones(country: str, present: str) -> list[tuple[str, str]]:
    """Every zone that is a place, the country's own first; and the present one, whatever it is."""
    territories = get_global("zone_territories")
    places = {zone for zone in available_timezones() if territories.get(zone) not in (None, "001")}
    places |= {present, "Etc/UTC"}
    own = sorted(zone for zone in places if territories.get(zone) == country)
    rest = sorted(places - set(own))
    return [(zone, zone.replace("_", " ").replace("/", " / ")) for zone in [*own, *rest]]
