"""The door of the room, and what is switched there: mode and marketplace."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from counterfoil.access import sessions
from counterfoil.access.operator_sessions import end_operator_session, look_at
from counterfoil.access.operators import OperatorRequest
from counterfoil.access.views.pages import kept_private
from counterfoil.console.shell import console_page
from counterfoil.kit import clock


@require_safe
@console_page
def room(request: OperatorRequest) -> HttpResponse:  # noqa: ARG001 - Django's name
    return HttpResponseRedirect(reverse("console-accounts"), status=303)


@require_POST
@console_page
def mode(request: OperatorRequest) -> HttpResponse:
    """`mode=test|live`: what is looked at from here on, in this browser."""
    operator = request.operator
    livemode = request.POST.get("mode") == "live"
    look_at(operator, platform_id=operator.platform_id, livemode=livemode)
    return HttpResponseRedirect(reverse("console"), status=303)


@require_POST
@console_page
def platform(request: OperatorRequest) -> HttpResponse:
    """`platform=acct_…`: another marketplace that they look after; 403 for any other."""
    chosen = request.POST.get("platform", "").replace("\0", "")
    if not look_at(request.operator, platform_id=chosen, livemode=request.operator.livemode):
        raise PermissionDenied
    return HttpResponseRedirect(reverse("console"), status=303)


@require_POST
@kept_private
def logout(request: HttpRequest) -> HttpResponse:
    token = sessions.cookie_of(request, sessions.CONSOLE)
    end_operator_session(token, now_wall=clock.wall_now())
    response = HttpResponseRedirect(sessions.CONSOLE.login, status=303)
    sessions.drop_cookie(response, sessions.CONSOLE)
    return response
