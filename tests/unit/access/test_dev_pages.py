"""Ways in for developers, which exist nowhere else."""

from __future__ import annotations

import re

import pytest

from counterfoil.access.alarms import tell
from counterfoil.access.models import LoginLink
from counterfoil.kit.scope import Scope
from tests.unit.access.world import into


@pytest.fixture(autouse=True)
def _development(settings):
    settings.DEVELOPMENT = True


def test_every_test_seller_is_listed_with_its_platform(world, browser):
    world.seller(display_name="Ada")
    world.seller(display_name="Grace")
    world.seller(display_name="Live", livemode=True)
    world.seller(display_name="Unfinished", details_submitted=False)
    world.seller(display_name="Elsewhere", dashboard_type="full")
    world.seller(display_name="Gone", deleted_at=world.wall.now)

    page = browser.get("/dev/sellers").content.decode()

    assert "Bazaar" in page
    assert all(name in page for name in ("Ada", "Grace"))
    assert not any(name in page for name in ("Live", "Unfinished", "Elsewhere", "Gone"))


def test_looking_at_the_list_makes_no_links(world, browser):
    world.seller()

    browser.get("/dev/sellers")

    assert not LoginLink.objects.exists()


def test_a_button_makes_a_link_and_follows_it(world, browser):
    seller = world.seller()

    answer = browser.post("/dev/sellers", {"account": seller.id})

    assert answer.status_code == 303
    assert answer["Location"].startswith(f"/express/{seller.id}/")
    assert into(browser, answer["Location"])["Location"] == "/"


def test_the_short_way_leads_to_a_fresh_link_each_time(world, browser):
    seller = world.seller()

    answers = [browser.get(f"/dev/login/{seller.id}") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] != answers[1]["Location"]
    assert browser.get(answers[1]["Location"]).status_code == 200


@pytest.mark.parametrize("livemode", [True])
def test_live_sellers_have_no_back_door(world, browser, livemode):
    seller = world.seller(livemode=livemode)

    assert browser.get(f"/dev/login/{seller.id}").status_code == 404
    assert browser.post("/dev/sellers", {"account": seller.id}).status_code == 404
    assert not LoginLink.objects.exists()


@pytest.mark.parametrize("account", ["acct_unknown", "%00"])
def test_an_unknown_account_is_not_found(world, browser, account):
    assert browser.get(f"/dev/login/{account}").status_code == 404


def test_an_account_without_a_dashboard_says_why(world, browser):
    seller = world.seller(details_submitted=False)

    answer = browser.get(f"/dev/login/{seller.id}")

    assert answer.status_code == 400
    assert "has not completed onboarding" in answer.content.decode()


def test_messages_are_shown_newest_first(world, browser):
    for _ in range(2):
        browser.post(world.link(world.seller()))
        world.post()
        world.wall.wait(60)
    newest, oldest = (one["text"][:6] for one in world.post())

    page = browser.get("/dev/outbox").content.decode()

    assert page.index(newest) < page.index(oldest)


def test_the_link_of_a_notice_can_be_followed_though_it_names_no_host(world, browser, settings):
    settings.PUBLIC_URL = None
    seller = world.seller()
    tell(Scope(seller.platform_id, seller.id, False), "factor.added", now_wall=world.wall.now)
    world.post()
    page = browser.get("/dev/outbox").content.decode()

    assert browser.get(re.findall(r'<a href="(/not-me/\w+)">', page)[0]).status_code == 200


def test_an_empty_outbox_says_what_will_be_there(world, browser):
    assert "Nothing yet" in browser.get("/dev/outbox").content.decode()


def test_none_of_it_exists_outside_development(world, browser, settings):
    seller = world.seller()
    settings.DEVELOPMENT = False

    answers = [
        browser.get("/dev/sellers"),
        browser.post("/dev/sellers", {"account": seller.id}),
        browser.get(f"/dev/login/{seller.id}"),
        browser.get("/dev/outbox"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert not LoginLink.objects.exists()
