"""`/files/{token}`: a file for whoever has the link."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.files.operations import content_of
from counterfoil.files.queries import file_behind
from counterfoil.files.serving import inert_headers
from counterfoil.kit import clock


@require_safe
def linked_file(_request: HttpRequest, token: str) -> HttpResponse:
    """404 for a link that nobody made, and for one that has expired."""
    file = file_behind(token, now_wall=clock.wall_now())
    if file is None:
        return HttpResponse(
            "This link does not exist, or it has expired. Ask whoever sent it for a new one.\n",
            status=404,
            content_type="text/plain; charset=utf-8",
        )
    return HttpResponse(content_of(file), headers=inert_headers(file))
