"""`/accounts`: which of a person's accounts the dashboard shows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import rotate_token
from django.views.decorators.http import require_http_methods

from counterfoil.access import sessions
from counterfoil.access.guard import acted_by, holder_of
from counterfoil.access.origin import client_address
from counterfoil.access.switching import doors_open_to, switch_session
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
def accounts(request: HttpRequest) -> HttpResponse:
    """Every live account that this person's address opens; POST changes to one of them.

    For those too who have yet to show a second step: it is one account's, and whoever lost it
    is not to be kept from the others.
    """
    now_wall = clock.wall_now()
    seller = holder_of(sessions.cookie_of(request), now_wall=now_wall)
    if seller is None:
        return HttpResponseRedirect("/login", status=303)
    if request.method == "POST":
        with acted_by(seller, request, now_wall=now_wall):
            return _change(request, request.POST.get("account", ""))
    doors = doors_open_to(sessions.cookie_of(request))
    context = {"doors": doors, "here": seller.account_id}
    return render_entry(request, "access/accounts.html", context)


def _change(request: HttpRequest, account_id: str) -> HttpResponse:
    token = switch_session(
        sessions.cookie_of(request),
        account_id=account_id,
        ip=client_address(request),
        user_agent=request.headers.get("User-Agent"),
        now_wall=clock.wall_now(),
    )
    if token is None:  # another's account, one that is gone, or the slower of two clicks
        return HttpResponseRedirect("/accounts", status=303)
    rotate_token(request)
    response = HttpResponseRedirect("/", status=303)
    sessions.put_cookie(response, token)
    return response
