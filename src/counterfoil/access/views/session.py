"""Leaving, and forms that may not be ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from counterfoil.access import sessions
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock


@require_POST
@kept_private
def logout(request: HttpRequest) -> HttpResponse:
    """End the session; back to the platform when its link said where, else to `/login`."""
    back = sessions.end_session(sessions.cookie_of(request), now_wall=clock.wall_now())
    response = HttpResponseRedirect(back or "/login", status=303)
    sessions.drop_cookie(response)
    return response


@kept_private
def csrf_failure(request: HttpRequest, **_reason: str) -> HttpResponse:
    """A form that may not be ours (Django's CSRF_FAILURE_VIEW). The reason is for the log only."""
    return render_entry(request, "access/forged.html", {}, status=403)
