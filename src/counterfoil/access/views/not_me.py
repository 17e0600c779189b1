"""`/not-me/{token}`: the link in a notice. A GET does nothing: scanners of mail follow links."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from counterfoil.access.alarms import alarm_of, raise_alarm
from counterfoil.access.origin import client_address
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    now_wall = clock.wall_now()
    alarm = alarm_of(token, now_wall=now_wall)
    if alarm is None:
        return render_entry(request, "access/not_me_over.html", {}, status=404)
    if request.method == "POST":
        raise_alarm(
            alarm,
            ip=client_address(request),
            user_agent=request.headers.get("User-Agent"),
            now_wall=now_wall,
        )
    return render_entry(
        request,
        "access/not_me.html",
        {"done": alarm.is_raised or request.method == "POST", "platform": alarm.brand.name},
        platform_name=alarm.brand.name,
        brand_color=alarm.brand.color,
        testmode=not alarm.scope.livemode,
    )
