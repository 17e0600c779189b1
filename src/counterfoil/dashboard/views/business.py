"""`/settings/business`, `/settings/people` and `/settings/public`: what is known about a seller,
and changing it by the forms that onboarding has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.accounts.facts import COMPANIES
from counterfoil.accounts.people import find_person
from counterfoil.accounts.profile import Individual
from counterfoil.dashboard.details.review import sections
from counterfoil.dashboard.details.steps import Details, Step, details_of, name_of
from counterfoil.dashboard.details.working import Work, parts_of
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations import check_may
from counterfoil.dashboard.operations.give_details import take_somebody_out
from counterfoil.dashboard.public_preview import preview_of
from counterfoil.dashboard.settings_places import country_words, kind_words
from counterfoil.dashboard.shell import leave_for, render_page, seller_page, seller_page_for
from counterfoil.kit import clock
from counterfoil.kit.refused import Refused, ResourceMissing
from counterfoil.wording.languages import gettext as _

_PUBLIC = "public"


def editable(seller: Seller) -> Details:
    """The forms of a signed-in seller, of whatever can be changed."""
    return details_of(
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        account_id=seller.account_id,
        asked="currently_due",
        now=seller.platform_now,
        editing=True,
    )


@require_safe
@seller_page
def business(request: SellerRequest) -> HttpResponse:
    details = editable(request.seller)
    of_people = {one.name for one in details.steps if one.whose or one.name == _PUBLIC}
    context = {
        "kind": kind_words(details.account.business_type),
        "country": country_words(details.account.country),
        "sections": _sections(details, lambda step: step.name not in of_people),
        "may_change": request.seller.may("account:write"),
    }
    return render_page(request, "settings/business.html", context, here="settings")


@require_safe
@seller_page
def people(request: SellerRequest) -> HttpResponse:
    """Who stands behind a company; an individual stands alone."""
    details = editable(request.seller)
    if details.account.business_type not in COMPANIES:
        raise Http404
    context = {
        "people": [_listed(details, one) for one in details.profile.people],
        "may_change": request.seller.may("account:write"),
    }
    return render_page(request, "settings/people.html", context, here="settings")


@require_safe
@seller_page
def person(request: SellerRequest, person_id: str) -> HttpResponse:
    details, found = _person(request.seller, person_id)
    context = {
        "name": name_of(found),
        "parts": parts_of(found),
        "share": found.relationship.percent_ownership,
        "title": found.relationship.title,
        "status": found.verification_status,
        "sections": _sections(details, lambda step: step.target == found.id),
        "part": reverse("settings-detail", args=[f"{found.id}-part"]),
        "may_go": _may_go(request.seller, found),
        "person_id": found.id,
        "may_change": request.seller.may("account:write"),
    }
    return render_page(request, "settings/person.html", context, here="settings")


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def person_removal(request: SellerRequest, person_id: str) -> HttpResponse:
    """Asks first."""
    seller = request.seller
    details, found = _person(seller, person_id)
    problem = ""
    if request.method == "POST":

        def act() -> str:
            check_may(seller, "account:write")
            take_somebody_out(details, found.id)
            return reverse("people")

        try:
            address = once(seller, key_of(request), act, now_wall=clock.wall_now())
            words = _("%(name)s was taken out.") % {"name": name_of(found)}
            return leave_for(request, address, words)
        except Refused:
            problem = _("The representative has to stay, and so does the only executive.")
    context = {
        "name": name_of(found),
        "person_id": found.id,
        "problem": problem,
        "form_key": form_key(),
    }
    status = 422 if problem else 200
    return render_page(
        request, "settings/person_removal.html", context, here="settings", status=status
    )


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def settings_detail(request: SellerRequest, name: str) -> HttpResponse:
    """One form; saved, it leads back to the page that it is of."""
    details = editable(request.seller)
    step = details.step(name)
    if step is None or step.name == _PUBLIC:
        raise Http404
    work = _work(request, details, step, "details/step.html", _page_of(details, step), {})
    return work.act() if request.method == "POST" else work.show()


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def public(request: SellerRequest) -> HttpResponse:
    """What customers see, with a picture of it; `do=look` draws it and saves nothing."""
    details = editable(request.seller)
    step = details.step(_PUBLIC)
    assert step is not None
    typed = request.POST.dict() if request.method == "POST" else None
    more = {"preview": preview_of(details, request.seller.platform_name, typed)}
    work = _work(request, details, step, "settings/public.html", reverse("public"), more)
    if typed is not None and typed.get("do") != "look":
        return work.act()
    return work.show(typed)


def _work(
    request: SellerRequest,
    details: Details,
    step: Step,
    template: str,
    back: str,
    more: dict[str, Any],
) -> Work:
    frame = {"in_dashboard": True, "done": 0, "total": 0, "leave": None, "back": back} | more
    return Work(
        request,
        details,
        step,
        go_on=lambda: leave_for(request, back, _("Saved.")),
        stay=lambda: leave_for(request, back),
        render=lambda _template, context, status: render_page(
            request, template, frame | dict(context), here="settings", status=status
        ),
        now_wall=clock.wall_now(),
    )


def _page_of(details: Details, step: Step) -> str:
    """Where a form belongs."""
    if any(one.id == step.target for one in details.profile.people):
        return reverse("person", args=[step.target])
    if step.kind == "people" or step.target == "new":
        return reverse("people")
    return reverse("business")


def _sections(details: Details, belongs: Callable[[Step], bool]) -> list[Any]:
    """What was given on the forms that belong, each with where it is changed."""
    names = {one.name for one in details.steps if belongs(one) and one.kind == "fields"}
    wanted = {reverse("settings-detail", args=[name]) for name in names}
    found = sections(details, lambda name: reverse("settings-detail", args=[name]), whose=False)
    return [one for one in found if one[1] in wanted]


def _person(seller: Seller, person_id: str) -> tuple[Details, Individual]:
    details = editable(seller)
    try:
        kind = details.account.business_type
        if kind not in COMPANIES:
            raise Http404
        return details, find_person(details.profile, kind, person_id)
    except ResourceMissing:
        raise Http404 from None


def _listed(details: Details, found: Individual) -> dict[str, Any]:
    requirements = details.profile.requirements
    return {
        "id": found.id,
        "name": name_of(found),
        "parts": parts_of(found),
        "status": found.verification_status,
        "wanted": any(name.startswith(found.id) for name in requirements.currently_due),
    }


def _may_go(seller: Seller, found: Individual) -> bool:
    return seller.may("account:write") and not found.relationship.representative
