"""Where a request comes from: the address we can believe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from counterfoil.kit.network import known_address


def client_address(request: HttpRequest) -> str | None:
    """The address of the browser that sent a request."""
    return address_of(request.META)


def address_of(environ: Mapping[str, Any]) -> str | None:
    """The address of the browser, as the outermost proxy of ours saw it.

    Anybody can send `X-Forwarded-For`: only as many entries at its end are true as there are
    proxies of ours (COUNTERFOIL_PROXIES) in front.
    """
    address = environ.get("REMOTE_ADDR") or None
    if proxies := settings.PROXIES:
        hops = [hop.strip() for hop in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        address = hops[-proxies] if len(hops) >= proxies else address
    known = known_address(address)
    return str(known) if known else None
