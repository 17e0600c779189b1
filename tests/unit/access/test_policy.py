from __future__ import annotations

import pytest

from counterfoil.access.policy import checked_redirect_url, masked, typed_code
from counterfoil.kit.refused import InvalidRequest


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example",
        "http://localhost:3000/back",
        "https://shop.example/a?b=c#d",
        "HTTPS://shop.example/",
    ],
)
def test_a_web_address_may_be_where_signing_out_leads(url):
    assert checked_redirect_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example",
        "/path",
        "shop.example",
        "ftp://shop.example",
        "data:text/html,hello",
        "https://",
        "https:///path",
        "https://shop.example@evil.example/",
        "https://shop.example:port/",
        "https://shop.example:99999/",
        "https://[::1/",
        "https:\\\\evil.example",
        "https://evil.example\\@shop.example",
        "java\nscript:alert(1)",
        "https://shop.example/\r\nSet-Cookie: a=b",
        " https://shop.example",
        "https://shop.example/\x00",
        "https://shop.example/" + "a" * 2048,
    ],
)
def test_anything_else_is_refused_with_what_to_give(url):
    with pytest.raises(InvalidRequest, match="http://") as refusal:
        checked_redirect_url(url)

    assert refusal.value.param == "redirect_url"
    assert refusal.value.code == "url_invalid"


@pytest.mark.parametrize("url", [None, ""])
def test_no_address_is_none(url):
    assert checked_redirect_url(url) is None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("123456", "123456"),
        (" 123 456 ", "123456"),
        ("000-000", "000000"),
        ("123–456", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("１２３４５６", "123456"),
        ("12345", ""),
        ("1234567", ""),
        ("12345a", ""),
        ("12345²", ""),
        ("", ""),
        ("-" * 6, ""),
    ],
)
def test_a_code_is_read_the_way_people_type_it(typed, code):
    assert typed_code(typed) == code


@pytest.mark.parametrize(
    ("channel", "destination", "shown"),
    [
        ("sms", "+1 555 123 0067", "•••• 67"),
        ("email", "ada@example.com", "a•••@example.com"),
    ],
)
def test_a_destination_is_recognised_by_its_owner_only(channel, destination, shown):
    assert masked(channel, destination) == shown
