"""`/patterns`: every component in every state, in development only."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from counterfoil.dashboard.stubs import Line, Reference, Stub
from counterfoil.wording.languages import language_tag, text_direction, written_for

TODAY = date(2025, 11, 3)


@require_safe
def patterns(request: HttpRequest) -> HttpResponse:
    """`?lang=de&color=2f6f4f`: in another language, with another platform's colour."""
    if not settings.DEVELOPMENT:
        raise Http404
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
        }
        return render(request, "patterns/index.html", {**frame, "stubs": _stubs()})


def _stubs() -> dict[str, Stub]:
    reference = (Reference("Transaction", "txn_1wKHFgp6lYQnPd1ORwj8NXOs"),)
    why = ("Refunded by you on Monday 3 November.", "The processing fee of $0.59 is not returned.")
    lines = (Line("Payment", 1000), Line("Processing fee", -59), Line("Rocket Rides fee", -123))
    return {
        "adds up": Stub("usd", lines, "You receive", 818, why, reference),
        "does not add up": Stub("usd", lines, "You receive", 800, why, reference),
        "no minor units": Stub("jpy", (Line("Payment", 120_000),), "Total", 120_000, (), reference),
        "three decimals": Stub("kwd", (Line("Payment", -1),), "Total", -1, why[:1], ()),
    }
