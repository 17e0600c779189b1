"""Django's protection against forged forms, on pages that tell nobody where one comes from."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware


class PageCsrf(CsrfViewMiddleware):
    """Accepts `Origin: null` where the browser itself says that the form is ours.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with every form, even to
    the site it came from (Fetch standard, "append a request Origin header"), which Django takes
    for a stranger's. `Sec-Fetch-Site`, which no script can set, tells the two apart; browsers
    send it to https:// and to localhost. Over plain http:// to another host they do not, and
    the form's token alone decides, as it does for browsers that send no `Origin` at all.
    """

    # MiddlewareMixin takes an answer from here; the stubs know of none.
    def process_request(self, request: HttpRequest) -> HttpResponse | None:  # type: ignore[override]
        """Check at once, before the page is even looked up: no view can be exempt.

        Django asks `process_view` of the middleware that it called itself; ours is called by
        `pages_only`, which knows of requests and responses alone.
        """
        super().process_request(request)
        return self.process_view(request, _any_page, (), {})

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META["HTTP_ORIGIN"] == "null":
            site = request.headers.get("Sec-Fetch-Site")
            return site == "same-origin" or (site is None and not request.is_secure())
        return bool(super()._origin_verified(request))  # type: ignore[misc] # not in the stubs


def _any_page(_request: HttpRequest) -> HttpResponse:
    raise AssertionError("stands for the page that is not looked up yet; never called")
