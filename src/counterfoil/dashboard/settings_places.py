"""The settings on one page: each part with what it says at present, and where it is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from babel import Locale
from django.conf import settings
from django.utils.translation import ngettext

from counterfoil.access.policy import masked
from counterfoil.accounts.facts import COMPANIES
from counterfoil.dashboard.details.steps import Details
from counterfoil.wording.languages import active_locale
from counterfoil.wording.languages import gettext as _

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller


@dataclass(frozen=True, slots=True)
class Part:
    """One part: the name of its page, an icon, a title, and what is set there now."""

    name: str
    sign: str
    title: str
    now: str


def parts_of_settings(seller: Seller, details: Details) -> list[Part]:
    """In the order of the page; payouts and security have tabs of their own.

    Call it inside `written_for`."""
    account = details.account
    parts = [
        Part("profile", "person", _("Profile"), _about(seller, account.phone)),
        Part("business", "file", _("Business details"), _business(details)),
    ]
    if account.business_type in COMPANIES:
        count = len(details.profile.people)
        words = ngettext("%(n)d person", "%(n)d people", count) % {"n": count}
        parts.append(Part("people", "people", _("Management and ownership"), words))
    parts += [
        Part("public", "card", _("Public details"), _public(details)),
        Part("marketplace", "home", _("Marketplace"), seller.platform_name),
    ]
    parts.append(Part("data", "download", _("Your data"), _("A copy of everything, to take along")))
    if seller.features.close_account:
        words = _("Leave %(platform)s") % {"platform": seller.platform_name}
        parts.append(Part("closing", "leave", _("Close account"), words))
    return parts


def kind_words(business_type: str | None) -> str:
    """What somebody sells as."""
    return {
        "individual": _("Individual"),
        "company": _("Company"),
        "non_profit": _("Charity or club"),
        "government_entity": _("Public authority"),
    }.get(business_type or "", "")


def country_words(country: str) -> str:
    return str(Locale.parse(active_locale()).territories.get(country, country))


def language_words(code: str | None) -> str:
    return dict(settings.LANGUAGES).get(code or "", "")


def _about(seller: Seller, phone: str | None) -> str:
    known = [
        seller.display_name if seller.display_name != seller.email else "",
        seller.email or _("no address yet"),
        masked("sms", phone) if phone else _("no number yet"),
    ]
    return " · ".join(one for one in known if one)


def _business(details: Details) -> str:
    account = details.account
    company = details.profile.company if account.business_type in COMPANIES else None
    known = [
        company.name if company else None,
        kind_words(account.business_type),
        country_words(account.country),
    ]
    return " · ".join(one for one in known if one)


def _public(details: Details) -> str:
    profile = details.profile
    known = [profile.business_profile.name, profile.settings.statement_descriptor]
    return " · ".join(one for one in known if one) or _(
        "Nothing yet: customers see the marketplace"
    )
