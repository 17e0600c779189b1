"""Is this process up, and can it serve?"""

from __future__ import annotations

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from counterfoil.kit.db import fetch_one


def healthz(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> HttpResponse:
    """The database answers too."""
    try:
        fetch_one("SELECT 1 FROM platforms_platform LIMIT 1")
    except DatabaseError:
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
