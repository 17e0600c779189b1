"""`/requirements`: what is asked of a signed-in seller, by when, and the forms that answer it."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.access.stepup import Why, ask_first
from counterfoil.dashboard.account_fields import fields_of
from counterfoil.dashboard.details.forms import changes_contact, read_fields
from counterfoil.dashboard.details.review import sections
from counterfoil.dashboard.details.steps import Details, Step, details_of
from counterfoil.dashboard.details.working import SAMPLE, Work
from counterfoil.dashboard.requirements import tasks_of
from counterfoil.dashboard.shell import leave_for, render_page, seller_page, seller_page_for
from counterfoil.kit import clock
from counterfoil.wording.languages import gettext as _


@require_safe
@seller_page
def requirements(request: SellerRequest) -> HttpResponse:
    seller = request.seller
    context = {"asked": tasks_of(seller), "may_answer": seller.may("account:write")}
    return render_page(request, "requirements/index.html", context, here="home")


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def requirement(request: SellerRequest, name: str) -> HttpResponse:
    """One form; saved, it leads to the next that is due."""
    seller = request.seller
    details = seller_details(seller)
    step = details.step(name)
    if step is None:
        if any(one.name == name for one in details.steps):
            return leave_for(request, reverse("requirements"))
        raise Http404

    frame = {
        "in_dashboard": True,
        "done": 0,
        "total": 0,
        "leave": None,
        "sections": sections(details, lambda name: reverse("requirement", args=[name]))
        if step.kind == "terms"
        else [],
    }
    work = Work(
        request,
        details,
        step,
        go_on=lambda: leave_for(request, reverse("requirements"), _("Saved.")),
        stay=lambda: leave_for(request, request.path),
        render=lambda template, context, status: render_page(
            request, template, frame | dict(context), here="home", status=status
        ),
        now_wall=clock.wall_now(),
    )
    if request.method != "POST":
        return work.show()
    why = _guarded(request, details, step)
    if why is not None and (asked := ask_first(request, why, back="requirements")) is not None:
        return asked
    return work.act()


def _guarded(request: SellerRequest, details: Details, step: Step) -> Why | None:
    """Why the form asks who is there before it is acted on; one that comes back does not."""
    if request.POST.get("do") == SAMPLE:
        return None
    if step.kind == "bank":
        fits = not fields_of(details.account.country).read(request.POST)[1]
        return "bank_account" if fits else None
    if changes_contact(details, step):
        fits = not read_fields(details, step, request.POST.dict())[1]
        return "contact" if fits else None
    return None


def seller_details(seller: Seller) -> Details:
    """The forms of a signed-in seller; what is due later is among them where the platform has
    that on."""
    later = seller.features.collect_eventually_due
    return details_of(
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        account_id=seller.account_id,
        asked="eventually_due" if later else "currently_due",
        now=seller.platform_now,
        ahead=True,
    )
