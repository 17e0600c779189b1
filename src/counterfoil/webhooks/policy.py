"""Which addresses may be called, which events asked for, when a try follows, when to stop."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from counterfoil.kit.clock import DAY
from counterfoil.kit.refused import InvalidRequest
from counterfoil.webhooks.event_types import ALL, EVENT_TYPES

MOST_ENDPOINTS: Final = 16  # of one platform in one mode
LONGEST_URL: Final = 2048
LONGEST_DESCRIPTION: Final = 500
OVERLAP: Final = DAY  # how long an old secret may go on signing
KEPT: Final = 30 * DAY  # how long the log goes back, and what may be sent again

# Seconds from one try to the next: in live mode twelve tries over exactly three days, in test
# mode three within six minutes, so that somebody who watches sees them.
_LIVE_PAUSES: Final = (60, 300, 900, 3600, 10_800, 21_600, *[43_200] * 4, 49_140)
_TEST_PAUSES: Final = (60, 300)
_DEAD_AFTER: Final = 3 * DAY

_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?")
_VERSION: Final = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z_]+)?")
# Names that never leave a machine or its network.
_INNER: Final = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "localdomain")
# IPv6 addresses that lead to an IPv4 one written inside them.
_TRANSLATED: Final = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))


def pause_after(tries: int, *, livemode: bool) -> int | None:
    """Seconds until the next try when `tries` have failed; None when that was the last."""
    pauses = _LIVE_PAUSES if livemode else _TEST_PAUSES
    return pauses[tries - 1] if tries <= len(pauses) else None


def dead_since(now: int) -> int:
    """An endpoint that has only failed since then, or for longer, is switched off; wall clock."""
    return now - _DEAD_AFTER


def check_url(url: str, *, livemode: bool, development: bool) -> None:
    """Raises InvalidRequest (`url_invalid`) for an address that we will not call.

    In development (we serve this machine only) addresses of this machine and network are what
    one wants; elsewhere they would let an API key reach what only we can reach. A name is looked
    at again each time it is resolved (`sending/resolving.py`).
    """
    parts = _parts(url)
    host = (parts.hostname or "").lower()
    if parts.scheme == "http" and livemode and not development:
        raise _bad_url("Live mode needs an address that begins with https://.")
    if "@" in parts.netloc:
        raise _bad_url("Put no user name or password into the address.")
    address = _literal_address(host.rstrip("."))
    if address is None and not _HOST.fullmatch(host):
        raise _bad_url(f"This is no host that can be called: {host or url}")
    if development:
        return
    if address is None and _is_inner_name(host):
        raise _bad_url(f"{host} is a name of this machine or its network, not of the internet.")
    if address is not None and not is_public(address):
        raise _bad_url(f"{host} is an address of a private network, not of the internet.")


def _parts(url: str) -> SplitResult:
    if len(url) > LONGEST_URL:
        raise _bad_url(f"The address has at most {LONGEST_URL} characters.")
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise _bad_url("Write the address with ASCII letters and without spaces.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad_url(f"This is no address: {url}") from None
    if parts.scheme not in ("http", "https") or port == 0:
        raise _bad_url(f"The address begins with https:// or, in test mode, http://: {url}")
    return parts


def _bad_url(message: str) -> InvalidRequest:
    return InvalidRequest(message, param="url", code="url_invalid")


def _literal_address(host: str) -> IPv4Address | IPv6Address | None:
    """The address that a host is one way of writing: also `127.1`, `0x7f000001`, `2130706433`."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def _is_inner_name(host: str) -> bool:
    name = host.rstrip(".")
    return "." not in name or any(name == inner or name.endswith(f".{inner}") for inner in _INNER)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is of the open internet: none of a private network, of this machine,
    of a cloud's metadata service (169.254.169.254, fd00:ec2::254), nor one that leads there."""
    if any(address in network for network in _TRANSLATED):
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if isinstance(address, IPv4Address):
        return True
    inside = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    return all(is_public(one) for one in inside if one is not None)


def check_events(names: Sequence[str]) -> None:
    """Raises InvalidRequest for a type that does not exist."""
    if not names:
        raise InvalidRequest(
            "Name the events that this endpoint wants, or * for all of them.",
            param="enabled_events",
            code="parameter_missing",
        )
    for name in names:
        if name != ALL and name not in EVENT_TYPES:
            hint = " Name each type, or * alone for all of them." if "*" in name else ""
            raise InvalidRequest(f"There is no event of type {name}.{hint}", param="enabled_events")


def check_version(version: str | None) -> None:
    """Raises InvalidRequest for what is no version at all; see docs/integrate/webhooks.md."""
    if version is not None and not _VERSION.fullmatch(version):
        raise InvalidRequest(f"Invalid Stripe API version: {version}", param="api_version")


def check_description(text: str | None) -> None:
    if text is not None and len(text) > LONGEST_DESCRIPTION:
        raise InvalidRequest(
            f"A description has at most {LONGEST_DESCRIPTION} characters.", param="description"
        )
