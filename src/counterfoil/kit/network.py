"""Addresses of the internet, as far as we need to know them."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

_PREFIX: Final = {4: 24, 6: 56}  # what one customer of a provider has, about


def network_of(address: str | None) -> str | None:
    """The network that an address belongs to, written the same way each time."""
    known = known_address(address)
    if known is None:
        return None
    return str(ip_network(f"{known}/{_PREFIX[known.version]}", strict=False))


def known_address(address: str | None) -> IPv4Address | IPv6Address | None:
    """None for what is none: a socket's path, or a header that somebody made up."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return None
    mapped = known.ipv4_mapped if isinstance(known, IPv6Address) else None
    return mapped or known
