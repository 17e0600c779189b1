"""`/console/step-up/{token}`: an operator shows once more who they are, then goes on."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from counterfoil.access import sessions
from counterfoil.access.operator_sessions import end_operator_session
from counterfoil.access.operators import OperatorRequest, for_enrolling_operators
from counterfoil.access.stepup import FIELD, Held, held_form
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.access.views.second_factor import passkey_options, try_factor
from counterfoil.access.views.step_up import why_words
from counterfoil.console.shell import console_page
from counterfoil.kit import clock


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
@console_page
@for_enrolling_operators
def step_up(request: OperatorRequest, token: str) -> HttpResponse:
    operator, now_wall = request.operator, clock.wall_now()
    held = held_form(operator, token, now_wall=now_wall)
    if held is None:
        return _render(request, "access/step_up_over.html", {}, status=410)
    if held.confirmed:
        return _go_on(request, held, token)
    if not operator.has_factor:  # nothing to show but a new sign-in
        return _sign_in_again(request, now_wall)
    error, status = "", 200
    if request.method == "POST":
        tried = try_factor(request, operator, held, now_wall=now_wall)
        if isinstance(tried, HttpResponse):
            return tried
        error, status = tried.error, tried.status
    context = {
        "why": why_words(held.why),
        "back": held.back,
        "options": passkey_options(request, operator, now_wall=now_wall),
        "error": error,
    }
    return _render(request, "access/step_up_factor.html", context, status=status)


def _go_on(request: OperatorRequest, held: Held, token: str) -> HttpResponse:
    if not held.whole:  # its files are not kept: the page is shown, to be sent again
        return HttpResponseRedirect(held.back, status=303)
    context = {"path": held.path, "field": FIELD, "token": token}
    return _render(request, "access/step_up_go.html", context)


def _sign_in_again(request: OperatorRequest, now_wall: int) -> HttpResponse:
    end_operator_session(sessions.cookie_of(request, sessions.CONSOLE), now_wall=now_wall)
    response = HttpResponseRedirect(reverse("console-login"), status=303)
    sessions.drop_cookie(response, sessions.CONSOLE)
    return response


def _render(
    request: OperatorRequest, template: str, context: Mapping[str, object], *, status: int = 200
) -> HttpResponse:
    operator = request.operator
    return render_entry(
        request,
        template,
        {"platform": operator.platform_name, **context},
        platform_name=operator.platform_name,
        brand_color=operator.brand_color,
        status=status,
    )
