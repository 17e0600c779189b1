"""A browser that is new to an account is told of, and only that."""

from __future__ import annotations

from django.test import Client

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWER = FIREFOX.replace("140", "151")
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
)


def sign_in(world, seller, agent: str) -> None:
    browser = Client(headers={"user-agent": agent})
    world.wall.wait(3600)
    link = world.link(seller)
    browser.post(link)
    code = world.code() if seller.livemode else "000000"
    assert browser.post(f"{link}/code", {"code": code}).status_code == 303


def told(world) -> list[str]:
    return [one["text"] for one in world.post() if "browser that is new" in one["text"]]


def test_both_contacts_hear_of_a_browser_that_was_never_there_before(world):
    seller = world.seller(livemode=True)
    sign_in(world, seller, FIREFOX)
    assert told(world) == [], "the first of all is no news"
    sign_in(world, seller, SAFARI)
    messages = told(world)

    assert len(messages) == 2
    assert all("Mobile Safari, iOS" in one and "/not-me/" in one for one in messages)
    sign_in(world, seller, SAFARI)
    sign_in(world, seller, NEWER)
    assert len(told(world)) == 2, "one that is known, and a known one in a newer version"


def test_a_browser_of_another_account_is_new_all_the_same(world):
    seller, other = world.seller(livemode=True), world.seller(livemode=True, email="e@example.com")
    sign_in(world, seller, FIREFOX)
    sign_in(world, other, SAFARI)
    sign_in(world, seller, SAFARI)

    assert len(told(world)) == 2


def test_test_mode_is_left_alone(world):
    seller = world.seller()
    sign_in(world, seller, FIREFOX)
    sign_in(world, seller, SAFARI)

    assert told(world) == []
