"""`/onboarding/{token}`: an account link, and the forms behind it (reference api.md §2.6).

A GET of the link sends nothing and uses nothing up. The POST that follows does, and from there the
browser holds a cookie: the forms stand at addresses without a secret in them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterfoil.access import account_links
from counterfoil.access.account_links import Onboarding
from counterfoil.access.guard import let_forms_lead_to
from counterfoil.access.origin import client_address
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.audit.acting import Acting, acting
from counterfoil.dashboard.details.review import sections
from counterfoil.dashboard.details.steps import Details, Step, details_of
from counterfoil.dashboard.details.working import Work
from counterfoil.events.operations import RequestOrigin, origin
from counterfoil.kit import clock
from counterfoil.wording.languages import written_for

View = Callable[..., HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
def account_link(request: HttpRequest, token: str) -> HttpResponse:
    """One button, which a script presses at once; POST opens the link."""
    now_wall = clock.wall_now()
    link = account_links.link_of(token)
    if link is None:
        return render_entry(request, "onboarding/no_link.html", {}, status=404)
    if link.state(now_wall) != "open":
        return _closed(request, link, now_wall)
    if request.method != "POST":
        response = render_for(request, link, "onboarding/start.html", {})
        if link.refresh_url:
            let_forms_lead_to(response, link.refresh_url)
        return response
    cookie = account_links.open_link(token, now_wall=now_wall)
    if cookie is None:
        return _closed(request, link, now_wall)
    response = HttpResponseRedirect(reverse("onboarding"), status=303)
    account_links.put_cookie(response, cookie)
    return response


def _closed(request: HttpRequest, link: Onboarding, now_wall: int) -> HttpResponse:
    """Back to the forms in the browser that opened it; for another one the platform has a fresh
    link."""
    holder = account_links.holder_of(request, now_wall=now_wall)
    if holder is not None and holder.link == link.link:
        return HttpResponseRedirect(reverse("onboarding"), status=303)
    if link.refresh_url:
        return HttpResponseRedirect(link.refresh_url, status=303)
    context = {"platform": link.platform_name, "minutes": settings.LIFETIMES.link // 60}
    return render_for(request, link, "onboarding/closed.html", context, status=410)


def holders_page(view: View) -> View:
    """For the browser that opened a link; in its language, by its account's clock."""

    @kept_private
    @wraps(view)
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        now_wall = clock.wall_now()
        holder = account_links.holder_of(request, now_wall=now_wall)
        if holder is None:
            return render_entry(request, "onboarding/no_link.html", {}, status=410)
        mine = origin.set(RequestOrigin(actor="seller"))
        agent = request.headers.get("User-Agent")
        who = Acting("seller", holder.link, now_wall, client_address(request), agent)
        acts = acting.set(who)
        try:
            with written_for(translation.get_language(), holder.country, holder.timezone):
                response = view(request, holder, now_wall, **kwargs)
        finally:
            acting.reset(acts)
            origin.reset(mine)
        if holder.return_url:
            let_forms_lead_to(response, holder.return_url)
        return response

    return page


@require_safe
@holders_page
def onboarding(request: HttpRequest, holder: Onboarding, now_wall: int) -> HttpResponse:
    """On to the first form that is due; without one, back to the platform."""
    return _next(request, holder, now_wall)


@require_http_methods(["GET", "HEAD", "POST"])
@holders_page
def onboarding_step(
    request: HttpRequest, holder: Onboarding, now_wall: int, name: str
) -> HttpResponse:
    details = details_of_holder(holder, now_wall)
    step = details.step(name)
    if step is None:
        if any(one.name == name for one in details.steps):
            return HttpResponseRedirect(reverse("onboarding"), status=303)
        raise Http404
    if step.kind == "bank" and holder.proven_at is None:
        return HttpResponseRedirect(reverse("onboarding-code"), status=303)
    work = Work(
        request,
        details,
        step,
        go_on=lambda: _next(request, holder, now_wall),
        stay=lambda: HttpResponseRedirect(request.path, status=303),
        render=lambda template, context, status: render_for(
            request, holder, template, _frame(details, step) | dict(context), status=status
        ),
        now_wall=now_wall,
    )
    return work.act() if request.method == "POST" else work.show()


@require_POST
@holders_page
def onboarding_leave(request: HttpRequest, holder: Onboarding, now_wall: int) -> HttpResponse:
    """What has been saved stays; a new link goes on from there."""
    return _leave(request, holder, now_wall)


def _next(request: HttpRequest, holder: Onboarding, now_wall: int) -> HttpResponse:
    due = details_of_holder(holder, now_wall).due()
    if due:
        return HttpResponseRedirect(reverse("onboarding-step", args=[due[0].name]), status=303)
    return _leave(request, holder, now_wall)


def _leave(request: HttpRequest, holder: Onboarding, now_wall: int) -> HttpResponse:
    account_links.leave(holder, now_wall=now_wall)
    if holder.return_url:
        return HttpResponseRedirect(holder.return_url, status=303)
    context = {
        "platform": holder.platform_name,
        "finished": not details_of_holder(holder, now_wall).due(),
    }
    return render_for(request, holder, "onboarding/left.html", context)


def _frame(details: Details, step: Step) -> dict[str, Any]:
    due = details.due()
    place = next((number for number, one in enumerate(due) if one.name == step.name), 0)
    answered = [one for one in details.steps if one.kind == "fields" and not details.is_due(one)]
    done = len(answered) if not details.submitted else 0
    return {
        "in_dashboard": False,
        "done": done + place,
        "total": done + len(due),
        "leave": reverse("onboarding-leave"),
        "sections": sections(details, lambda name: reverse("onboarding-step", args=[name]))
        if step.kind == "terms"
        else [],
    }


def details_of_holder(holder: Onboarding, now_wall: int) -> Details:
    """The forms of the account that a link is about."""
    return details_of(
        platform_id=holder.platform_id,
        livemode=holder.livemode,
        account_id=holder.account_id,
        asked=holder.fields,
        now=now_wall + holder.clock_offset,
        ahead=holder.ahead,
    )


def render_for(
    request: HttpRequest,
    link: Onboarding,
    template: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page in the platform's name, for whoever holds one of its links."""
    host = urlsplit(link.return_url).hostname if link.return_url else None
    return render_entry(
        request,
        template,
        {"platform": link.platform_name, "back_host": host, **context},
        platform_name=link.platform_name,
        brand_color=link.brand_color,
        testmode=not link.livemode,
        status=status,
    )
