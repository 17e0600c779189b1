"""`/patterns`: every component in every state, in development only."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from counterfoil.dashboard.navigation import settings_tabs
from counterfoil.dashboard.pattern_samples import STATES, samples
from counterfoil.wording.languages import language_tag, text_direction, written_for


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """`?state=trouble&lang=de&color=2f6f4f`: when something is wrong (or `empty`: nothing is there
    yet), in another language, with another platform's colour."""
    if not settings.DEVELOPMENT:
        raise Http404
    state = request.GET.get("state", "")
    with written_for(request.GET.get("lang", "en"), "US", "America/New_York"):
        color = request.GET.get("color")
        frame = {
            "brand": {
                "name": "Rocket Rides",
                "color": f"#{color}" if color else None,
                "icon_url": None,
            },
            "lang": language_tag(),
            "dir": text_direction(),
            "states": STATES,
            "state": state if state in STATES else STATES[0],
            "settings_tabs": settings_tabs(),
        }
        shown = {**frame, **samples(str(frame["state"]))}
        return render(request, "patterns/index.html", shown)
