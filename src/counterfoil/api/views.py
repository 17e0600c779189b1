"""Django's door to the API's edge."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from counterfoil.api.edge import respond


@csrf_exempt
def api(request: HttpRequest) -> HttpResponse:
    """Every path under `/v1/`."""
    answer = respond(request.META)
    body = b"" if request.method == "HEAD" else answer.body
    return HttpResponse(body, status=answer.status, headers=dict(answer.headers))
