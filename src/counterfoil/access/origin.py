"""Where a request comes from: the address we can believe."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest

_PREFIX: Final = {4: 24, 6: 56}  # what one customer of a provider has, about


def client_address(request: HttpRequest) -> str | None:
    """The address of the browser, as the outermost proxy of ours saw it.

    Anybody can send `X-Forwarded-For`: only as many entries at its end are true as there are
    proxies of ours (COUNTERFOIL_PROXIES) in front.
    """
    address = request.META.get("REMOTE_ADDR") or None
    if proxies := settings.PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        address = hops[-proxies] if len(hops) >= proxies else address
    known = _known(address)
    return str(known) if known else None


def network_of(address: str | None) -> str | None:
    """The network that an address belongs to, written the same way each time."""
    known = _known(address)
    if known is None:
        return None
    return str(ip_network(f"{known}/{_PREFIX[known.version]}", strict=False))


def _known(address: str | None) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(address or "")
    except ValueError:
        return None  # a socket's path, or a header that somebody made up
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return mapped or known
