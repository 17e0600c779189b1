from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from counterfoil.dashboard.brand import brand_css, brand_key

FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def brand_stylesheet(_request: HttpRequest, key: str) -> HttpResponse:
    """`/brand/{colour}-{digest}.css`; an address we would not write today does not exist."""
    color = f"#{key.partition('-')[0]}"
    if brand_key(color) != key:
        raise Http404
    response = HttpResponse(brand_css(color), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER
    return response
