"""`/v1` straight from the WSGI server, past Django's request, middleware and signals.

Those cost 100–170 µs a request, more than the rest of a `GET` altogether, and do nothing for
the API: it has no cookies, no host-dependent pages and a router of its own. The same edge
answers through Django too (`views.py`), which is how tests call it.

What Django's signals did for connections happens here: one to SQLite stays with its thread,
one to PostgreSQL goes back to its pool (the server ends idle threads, and what a thread took
with it the pool would miss for ever), and a broken one is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final

from django.db import connection

from counterfoil.api import resources  # noqa: F401 - importing declares the endpoints
from counterfoil.api.edge import respond
from counterfoil.api.endpoint import PREFIX

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

_STATUS_LINES: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}


def api_first(pages: Application) -> Application:
    """`pages` for everything but `/v1/…`, which the API's edge answers itself."""

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if not environ["PATH_INFO"].startswith(PREFIX):
            return pages(environ, start_response)
        answer = respond(environ)
        if not connection.in_atomic_block:  # a test's
            connection.close_if_unusable_or_obsolete()
        headers = answer.headers
        headers.append(("Content-Length", str(len(answer.body))))
        start_response(_STATUS_LINES[answer.status], headers)
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else answer.body]

    return application
