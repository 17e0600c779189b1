"""`/login` without a link, and leaving."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from counterfoil.access import sessions
from counterfoil.access.guard import seller_of
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock


@require_safe
@kept_private
def login(request: HttpRequest) -> HttpResponse:
    """How to get in. Signing in by e-mail or phone here is for live mode, which has no such
    door yet, and the page says so instead of offering a form that leads nowhere."""
    if seller_of(sessions.cookie_of(request), now_wall=clock.wall_now()) is not None:
        return HttpResponseRedirect("/", status=303)
    return render_entry(request, "access/login.html", {})


@require_POST
@kept_private
def logout(request: HttpRequest) -> HttpResponse:
    """End the session; back to the platform when its link said where, else to `/login`."""
    back = sessions.end_session(sessions.cookie_of(request))
    response = HttpResponseRedirect(back or "/login", status=303)
    sessions.drop_cookie(response)
    return response


@kept_private
def csrf_failure(request: HttpRequest, **_reason: str) -> HttpResponse:
    """A form that may not be ours (Django's CSRF_FAILURE_VIEW). The reason is for the log only."""
    return render_entry(request, "access/forged.html", {}, status=403)
