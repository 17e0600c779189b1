"""Middleware by kind of caller: pages need CSRF and a content policy, the API neither."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

Directives = tuple[tuple[str, tuple[str, ...]], ...]
Handler = Callable[[HttpRequest], HttpResponse]


def pages_only(get_response: Handler) -> Handler:
    """Wrap PAGE_MIDDLEWARE around every path but `/v1`, which must stay short."""
    pages = get_response
    for name in reversed(settings.PAGE_MIDDLEWARE):
        pages = import_string(name)(pages)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/v1/"):
            return get_response(request)
        return pages(request)

    return middleware


class PagePolicy(CSPMiddleware):
    """django-csp's header, whose text is put together once for what a page adds to it.

    Putting it together for each answer took a twentieth of a page's time. No page has a nonce or an
    exemption; adding to ours (`_csp_update`) is all that is done.
    """

    def process_request(self, request: HttpRequest) -> None:
        pass

    def process_response(  # type: ignore[override] # ours are never streamed by others
        self,
        request: HttpRequest,  # noqa: ARG002 - the framework's signature
        response: HttpResponse,
    ) -> HttpResponse:
        if HEADER not in response:  # files bring a stricter one
            added = getattr(response, "_csp_update", None) or {}
            parts = tuple((name, tuple(value)) for name, value in added.items())
            response[HEADER] = _policy(parts)
        return response


@lru_cache(maxsize=1024)
def _policy(added: Directives) -> str:
    return build_policy(update={name: list(value) for name, value in added})
