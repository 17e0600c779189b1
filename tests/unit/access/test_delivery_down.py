"""SMS or mail cannot be handed over: the page says so, and nothing is lost."""

from __future__ import annotations

import pytest

from counterfoil.outbox.models import Job
from counterfoil.outbox.running import run_due

NOBODY_LISTENS = "twilio://sid:token@127.0.0.1:1?from=Bazaar"


@pytest.fixture
def link(world, settings):
    settings.SMS_URL = NOBODY_LISTENS
    return world.link(world.seller(livemode=True))


def work(world) -> None:
    while run_due(world.wall.now):
        pass


def test_the_page_says_that_text_messages_do_not_get_through(world, browser, link):
    browser.post(link)
    assert "not getting through" not in browser.get(f"{link}/code").content.decode()

    work(world)

    page = browser.get(f"{link}/code").content.decode()
    assert "Text messages are not getting through at the moment" in page
    assert "Send it to a•••@example.com instead" in page


def test_the_other_way_leads_in(world, browser, link):
    browser.post(link)
    work(world)

    browser.post(f"{link}/code", {"again": "email"})

    page = browser.get(f"{link}/code").content.decode()
    assert "not getting through" not in page
    assert browser.post(f"{link}/code", {"code": world.code()}).status_code == 303


def test_asking_again_while_nothing_leaves_costs_nothing_and_only_the_newest_is_sent(
    world, browser, link, settings
):
    browser.post(link)
    work(world)
    for _ in range(9):
        assert browser.post(f"{link}/code", {"again": "sms"}).status_code == 303
        work(world)
    assert Job.objects.count() == 1

    settings.SMS_URL = "outbox:"
    world.wall.wait(10)
    work(world)

    [message] = world.post()
    assert browser.post(f"{link}/code", {"code": message["text"][:6]}).status_code == 303
    for _ in range(4):
        other = world.link(world.seller(livemode=True, email="x@example.com"))
        assert browser.post(other).status_code == 303, "one of five was used"


def test_the_page_is_quiet_again_once_something_got_through(world, browser, link, settings):
    browser.post(link)
    work(world)
    settings.SMS_URL = "outbox:"
    world.wall.wait(5)
    work(world)

    assert "not getting through" not in browser.get(f"{link}/code").content.decode()


def test_a_worker_that_comes_back_too_late_sends_nothing(world, browser, link, settings):
    browser.post(link)
    work(world)
    settings.SMS_URL = "outbox:"
    world.wall.wait(600)
    work(world)

    assert world.post() == []


def test_test_mode_sends_nothing_and_says_nothing_of_it(world, browser, link):
    browser.post(link)
    work(world)
    test_link = world.link(world.seller())
    browser.post(test_link)

    assert "not getting through" not in browser.get(f"{test_link}/code").content.decode()
