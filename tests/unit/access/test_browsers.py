"""Windows inside apps, and browsers too old for us."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from counterfoil.access.browsers import app_of, is_old, system_of
from counterfoil.access.models import LoginLink, SignIn, SignInCode

_ROWS = [
    (app.strip(), agent.strip())
    for line in Path(__file__).with_name("user_agents.txt").read_text().splitlines()
    if " | " in line
    for app, _, agent in [line.partition("|")]
]
IN_APPS = [("" if app == "-" else app, agent) for app, agent in _ROWS if app]
BROWSERS = [agent for app, agent in _ROWS if not app]
TODAY = date(2026, 11, 26)
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/{}.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
SAFARI = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/{}.1 Safari/605.1.15"
EXPLORER = "Mozilla/5.0 (Windows NT 10.0; Trident/7.0; rv:11.0) like Gecko"
INSTAGRAM_IOS = next(agent for app, agent in IN_APPS if app == "Instagram" and "iPhone" in agent)
FACEBOOK_ANDROID = next(agent for app, agent in IN_APPS if app == "Facebook" and "Android" in agent)


@pytest.mark.parametrize(("app", "agent"), IN_APPS)
def test_a_window_inside_an_app_is_known(app, agent):
    assert app_of(agent) == app


@pytest.mark.parametrize("agent", [*BROWSERS, ""])
def test_a_browser_is_none(agent):
    assert app_of(agent) is None


@pytest.mark.parametrize(
    ("agent", "old"),
    [
        (CHROME.format(136), True),
        (CHROME.format(137), False),
        (CHROME.format(170), False),
        (CHROME.format(130) + " Edg/130.0.0.0", True),
        (FIREFOX.format(138), True),
        (FIREFOX.format(139), False),
        (SAFARI.format(16), True),
        (SAFARI.format(17), False),
        (SAFARI.format(27), False),
        (BROWSERS[0].replace("17.5", "15.6"), True),
        (EXPLORER, True),
        ("", False),
        ("curl/8.5.0", False),
    ],
)
def test_the_last_twenty_and_the_last_four_safaris_are_supported(agent, old):
    assert is_old(agent, today=TODAY) is old


def test_a_safari_is_a_year_old_in_autumn():
    assert not is_old(SAFARI.format(16), today=date(2026, 9, 14))
    assert is_old(SAFARI.format(16), today=date(2026, 9, 15))


def test_systems():
    assert [system_of(agent) for agent in (FACEBOOK_ANDROID, INSTAGRAM_IOS, EXPLORER)] == [
        "android",
        "ios",
        "other",
    ]


def test_a_window_hands_over_and_the_link_stays_good(world, browser):
    link = world.link(world.seller())
    inside = {"User-Agent": INSTAGRAM_IOS}

    pages = [
        browser.get(link, headers=inside),
        browser.post(link, headers=inside),
        browser.post(f"{link}/code", {"code": "000000"}, headers=inside),
    ]

    assert [page.status_code for page in pages] == [200, 403, 403]
    text = pages[0].content.decode()
    assert "You are in a window of Instagram" in text
    assert "Bazaar" in text
    assert f'href="x-safari-http://testserver{link}"' in text
    assert f'value="http://testserver{link}"' in text
    assert f'value="http://testserver{link}"' in pages[2].content.decode()
    assert "submit_now" not in text
    assert not SignInCode.objects.exists()
    assert LoginLink.objects.get().used_at is None
    assert browser.post(link).status_code == 303, "in the browser it opens"


def test_android_is_asked_to_open_its_browser(world, browser):
    link = world.link(world.seller())

    text = browser.get(link, headers={"User-Agent": FACEBOOK_ANDROID}).content.decode()

    assert f'href="intent://testserver{link}#Intent;scheme=http;action=' in text


def test_nobody_signs_in_by_address_inside_an_app(world, browser):
    page = browser.get("/login", headers={"User-Agent": INSTAGRAM_IOS})
    asked = browser.post(
        "/login", {"address": "ada@example.com"}, headers={"User-Agent": INSTAGRAM_IOS}
    )

    assert "Open this in your browser" in page.content.decode()
    assert asked.status_code == 403
    assert not SignIn.objects.exists()


def test_an_old_browser_is_warned_and_may_go_on(world, browser):
    link = world.link(world.seller())

    page = browser.get(link, headers={"User-Agent": EXPLORER}).content.decode()

    assert "This browser is too old for us" in page
    assert "Send the code" in page
    assert "too old" not in browser.get(link, headers={"User-Agent": BROWSERS[5]}).content.decode()
