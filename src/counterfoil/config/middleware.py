"""Middleware by kind of caller: pages need CSRF and a content policy, the API neither."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

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
