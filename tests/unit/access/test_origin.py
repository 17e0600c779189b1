"""Which address of a request is believed."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from counterfoil.access.origin import client_address
from counterfoil.kit.network import network_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, None, "10.0.0.9"),
        (0, "203.0.113.7", "10.0.0.9"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.8", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9"),  # somebody reached us past the outer proxy
        (1, None, None),
        (1, "unknown", None),
        (1, "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_as_many_entries_are_believed_as_there_are_proxies(settings, proxies, forwarded, believed):
    settings.PROXIES = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}

    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")

    assert client_address(request) == believed


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2ff::7", "2001:db8:1:200::/56"),
        ("/run/socket", None),
        ("", None),
        (None, None),
    ],
)
def test_the_network_of_an_address(address, network):
    assert network_of(address) == network
