"""Where we call, and where we do not."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest

from counterfoil.kit.refused import InvalidRequest
from counterfoil.webhooks.policy import check_url, is_public
from counterfoil.webhooks.sending import connection
from counterfoil.webhooks.sending.errors import SendingFailed
from counterfoil.webhooks.sending.resolving import addresses_of
from counterfoil.webhooks.sending.sender import Sender

PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "0.0.0.0",  # noqa: S104 - refused here
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fd00:ec2::254",
    "::ffff:10.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::1",
    "ff02::1",
)


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_outside_the_open_internet_is_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07::1", "64:ff9b::808:808"])
def test_others_are(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        *(f"https://{f'[{one}]' if ':' in one else one}/hook" for one in PRIVATE),
        "https://localhost/hook",
        "https://hooks.localhost",
        "https://metadata.google.internal/computeMetadata/v1/",
        "https://intranet/hook",
        "https://2130706433/hook",
        "https://0x7f000001/hook",
        "https://127.1/hook",
        "https://0177.0.0.1/hook",
        "https://169.254.169.254./latest",
        "https://user:password@shop.example/hook",
        "https://shop.example@10.0.0.1/",
        "http://shop.example/hook",  # live mode
        "ftp://shop.example/hook",
        "https://",
        "https:///hook",
        "shop.example/hook",
        "https://shop.example:99999/hook",
        "https://shop.example:0/hook",
        "https://shop .example/hook",
        "https://shop.example/hook\r\nX: y",
        "https://sh%6fp.example/",
        "https://[::1/hook",
        "https://xn\u2024example/hook",
        "https://shop.example/" + "x" * 2048,
        "",
    ],
)
def test_an_address_that_is_not_called_is_refused_with_the_reason(url):
    with pytest.raises(InvalidRequest) as refusal:
        check_url(url, livemode=True, development=False)

    assert (refusal.value.param, refusal.value.code) == ("url", "url_invalid")
    assert len(refusal.value.message) > 20


@pytest.mark.parametrize("url", ["https://shop.example/a?b=c", "https://shop.example:8443/"])
def test_an_address_of_the_internet_is_taken(url):
    check_url(url, livemode=True, development=False)


def test_plain_http_is_for_test_mode_and_this_machine_for_development():
    check_url("http://shop.example/", livemode=False, development=False)
    check_url("http://localhost:4242/hook", livemode=False, development=True)
    check_url("http://127.0.0.1:4242/hook", livemode=True, development=True)


def names(monkeypatch, *addresses: str) -> None:
    """Every name leads to these addresses."""
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: found)


def test_a_name_is_refused_whole_when_one_of_its_addresses_is_private(monkeypatch):
    names(monkeypatch, "93.184.215.14", "10.0.0.1")

    with pytest.raises(SendingFailed, match=r"10\.0\.0\.1") as refusal:
        addresses_of("shop.example", 443, anywhere=False)

    assert refusal.value.kind == "address_refused"
    assert addresses_of("shop.example", 443, anywhere=True) == ["93.184.215.14", "10.0.0.1"]


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch):
    """A name that leads elsewhere a moment later is not asked again."""
    asked = []
    called: list[object] = []

    def resolve(host, *_args, **_more):
        asked.append(host)
        address = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))]

    def connect(address, timeout):
        called.append(address)
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    monkeypatch.setattr(socket, "create_connection", connect)

    answer = Sender(anywhere=False).post("http://shop.example/hook", b"{}", {})

    assert (answer.code, answer.error) == (None, "connection")
    assert called == [("93.184.215.14", 80)]
    assert asked == ["shop.example"]


def test_an_address_that_speaks_no_tls_is_sent_nothing(heard):
    answer = Sender(anywhere=True).post(heard.url.replace("http:", "https:"), b"{}", {})

    assert (answer.code, answer.error) == (None, "tls")
    assert heard.requests == []


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://shop.example/hook", "shop.example"),
        ("https://shop.example:8443/hook", "shop.example:8443"),
    ],
)
def test_the_host_is_named_as_the_address_names_it(monkeypatch, heard, url, host):
    names(monkeypatch, "93.184.215.14")
    to_the_sink = socket.socket()
    to_the_sink.connect(("127.0.0.1", urlsplit(heard.url).port))
    monkeypatch.setattr(socket, "create_connection", lambda _to, timeout: to_the_sink)
    monkeypatch.setattr(connection, "_encrypted", lambda plain, _host, _deadline: plain)

    assert Sender(anywhere=False).post(url, b"{}", {}).code == 200
    assert [request.headers["host"] for request in heard.requests] == [host]


def test_a_name_that_nobody_knows_is_a_failure_that_says_so(monkeypatch):
    def resolve(*_args, **_more):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)

    answer = Sender(anywhere=False).post("https://shop.example/", b"{}", {})

    assert (answer.error, answer.code) == ("name_unknown", None)
    assert "shop.example" in (answer.detail or "")
