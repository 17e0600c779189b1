"""One letter, as text and as HTML."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from django.template.loader import get_template

from counterfoil.messaging.letters import Brand, Letter, mail

LETTER = Letter(
    subject="Your code",
    lines=["123456 is your code.", "Second <line> & more."],
    code="123456",
    link=("This was not me", "https://pay.example/x?a=1&b=2"),
    small=["Share it with nobody."],
)


def test_both_forms_say_the_same():
    message = mail(LETTER, to="ada@example.com", brand=Brand("Bazaar", "#3b5bdb"), expires_at=9)

    told = unescape(re.sub(r"<[^>]+>", " ", message.html))
    for words in [*LETTER.lines, *LETTER.small, "This was not me", "Bazaar", "123456"]:
        assert words in told
        assert words in message.text
    assert 'href="https://pay.example/x?a=1&amp;b=2"' in message.html
    assert "https://pay.example/x?a=1&b=2" in message.text
    assert (message.channel, message.subject, message.expires_at) == ("email", "Your code", 9)


def test_nothing_in_a_mail_is_fetched_and_dark_readers_get_dark_colours():
    html = mail(LETTER, to="a@example.com", brand=Brand("Bazaar", "#3b5bdb")).html

    assert not re.search(r"<img|<link|<script|url\(|src=|@import", html)
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert "border-top:4px solid #3b5bdb" in html


@pytest.mark.parametrize("color", [None, "", "red", '#fff;"><script>', "#12345g"])
def test_what_is_no_colour_is_ours(color):
    html = mail(LETTER, to="a@example.com", brand=Brand("Bazaar", color)).html

    assert "border-top:4px solid #2f5d9b" in html


def test_a_marketplace_s_name_is_text():
    html = mail(LETTER, to="a@example.com", brand=Brand("<b>Bowls</b> & Co")).html

    assert "&lt;b&gt;Bowls&lt;/b&gt; &amp; Co" in html


def _ratio(one: str, other: str) -> float:
    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("ink", "paper"),
    [
        ("#20242c", "#ffffff"),
        ("#5b6270", "#ffffff"),
        ("#eceef2", "#151b27"),
        ("#a9b1c0", "#151b27"),
    ],
)
def test_mail_can_be_read_in_light_and_dark(ink, paper):
    text = Path(get_template("messages/mail.html").template.filename).read_text()

    assert ink in text
    assert paper in text
    assert _ratio(ink, paper) >= 4.5
