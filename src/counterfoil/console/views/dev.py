"""`/dev/console`: into the console of a development server, with one press of a button."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from counterfoil.access.operator_sessions import start_operator_session
from counterfoil.access.origin import client_address
from counterfoil.access.views.dev import in_development
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.console.queries.staff import all_members
from counterfoil.console.views.sign_in import let_operator_in
from counterfoil.kit import clock


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
@in_development
def dev_console(request: HttpRequest) -> HttpResponse:
    """Every operator with a button that signs them in; POST `operator={operator}.{platform}`."""
    members = all_members()
    if request.method != "POST":
        return render_entry(request, "console/dev_console.html", {"members": members})
    operator_id, _dot, platform_id = request.POST.get("operator", "").partition(".")
    if (operator_id, platform_id) not in {(one.operator_id, one.platform_id) for one in members}:
        raise Http404
    token = start_operator_session(
        operator_id=operator_id,
        platform_id=platform_id,
        ip=client_address(request),
        user_agent=request.headers.get("User-Agent"),
        now_wall=clock.wall_now(),
    )
    return let_operator_in(request, token)
