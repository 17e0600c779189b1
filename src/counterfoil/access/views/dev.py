"""`/dev/…`: ways in for developers. They exist in development only, for test mode only."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from counterfoil.access.links import create_login_link, login_link_url
from counterfoil.access.queries import platform_of_test_account, test_sellers
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock
from counterfoil.kit.refused import Refused
from counterfoil.messaging.outbox_files import newest_messages

SELLERS_SHOWN: Final = 500
MESSAGES_SHOWN: Final = 100


def in_development(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Elsewhere the page does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEVELOPMENT:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
@in_development
def dev_sellers(request: HttpRequest) -> HttpResponse:
    """Every test-mode seller with a button that mints a login link and follows it."""
    if request.method == "POST":
        return _open(request, request.POST.get("account", ""), status=303)
    sellers = test_sellers(limit=SELLERS_SHOWN)
    platforms = [
        (name, list(group))
        for (_, name), group in groupby(sellers, key=lambda s: (s.platform_id, s.platform_name))
    ]
    is_cut = len(sellers) == SELLERS_SHOWN
    context = {"platforms": platforms, "limit": SELLERS_SHOWN, "is_cut": is_cut}
    return render_entry(request, "access/dev_sellers.html", context, testmode=True)


@require_safe
@kept_private
@in_development
def dev_login(request: HttpRequest, account_id: str) -> HttpResponse:
    """302 to a fresh login link."""
    return _open(request, account_id, status=302)


@require_safe
@kept_private
@in_development
def dev_outbox(request: HttpRequest) -> HttpResponse:
    """What would have been sent, newest first."""
    messages = newest_messages(settings.DATA_DIR, limit=MESSAGES_SHOWN)
    context = {"messages": messages}
    with timezone.override("UTC"):
        return render_entry(request, "access/dev_outbox.html", context, testmode=True)


def _open(request: HttpRequest, account_id: str, *, status: int) -> HttpResponse:
    # NUL is the one letter that PostgreSQL refuses to compare with.
    platform_id = None if "\0" in account_id else platform_of_test_account(account_id)
    if platform_id is None:
        raise Http404
    try:
        token = create_login_link(
            account_id=account_id,
            platform_id=platform_id,
            livemode=False,
            redirect_url=None,
            now_wall=clock.wall_now(),
        )
    except Refused as refusal:
        context = {"reason": refusal.message, "account_id": account_id}
        return render_entry(request, "access/dev_refused.html", context, testmode=True, status=400)
    # Without a host: the browser stays on the name (localhost, 127.0.0.1) it is on.
    return HttpResponseRedirect(login_link_url("", account_id, token), status=status)
