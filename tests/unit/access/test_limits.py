"""Five codes in half an hour, for a number and for an account."""

from __future__ import annotations

from contextlib import suppress

import pytest

from counterfoil.access.limits import Subject, TooManySends, subjects_of, take_slots
from counterfoil.access.models import SendSlot, SignInCode
from counterfoil.access.policy import Lifetimes
from tests.support.committed import in_threads


def test_no_window_of_half_an_hour_holds_more_than_five(world):
    taken = []
    for second in range(0, 7200, 60):
        with suppress(TooManySends):
            take_slots([Subject("account", "acct_1", 5)], now_wall=second)
            taken.append(second)

    assert taken[:6] == [0, 60, 120, 180, 240, 1800]
    assert all(
        len([at for at in taken if start <= at < start + 1800]) <= 5 for start in range(0, 7200, 60)
    )


def test_a_refusal_says_when_the_next_one_may_leave(world):
    for second in (0, 10, 20, 30, 40):
        take_slots([Subject("account", "acct_1", 5)], now_wall=second)

    with pytest.raises(TooManySends) as refusal:
        take_slots([Subject("account", "acct_1", 5)], now_wall=50)

    assert refusal.value.retry_at == 1800
    take_slots([Subject("account", "acct_1", 5)], now_wall=1800)


def test_a_refused_subject_gives_the_others_back(world):
    for _ in range(5):
        take_slots([Subject("phone", "1", 5)], now_wall=0)

    with pytest.raises(TooManySends):
        take_slots([Subject("account", "a", 5), Subject("phone", "1", 5)], now_wall=0)

    assert SendSlot.objects.count() == 5


def test_the_table_of_limits_names_nobody(world):
    take_slots([Subject("sms", "15551230067", 5)], now_wall=0)

    assert "5551230067" not in str(SendSlot.objects.values())


def test_a_range_of_numbers_and_a_network_have_limits_of_their_own(world, settings):
    settings.LIFETIMES = Lifetimes(sends_prefix=3, sends_network=4)

    def ask(number: int, client: str) -> bool:
        """Each time another seller with a number of that range, from that browser."""
        destination = f"+1555123{number:04d}"
        subjects = subjects_of(channel="sms", destination=destination, livemode=True, client=client)
        with suppress(TooManySends):
            take_slots(subjects, now_wall=0)
            return True
        return False

    assert [ask(n, f"203.0.{n}.1") for n in range(4)] == [True, True, True, False]
    mails = [
        subjects_of(channel="email", destination=f"{n}@a.example", livemode=True, client=client)
        for n, client in enumerate(
            ["2001:db8::1", "2001:db8:0:1::2", "2001:db8:0:ff::", "2001:db8::"]
        )
    ]
    for subjects in mails:
        take_slots(subjects, now_wall=0)
    with pytest.raises(TooManySends):
        take_slots(mails[0], now_wall=0)


def test_test_mode_sends_nothing_and_counts_no_ranges_and_networks():
    subjects = subjects_of(
        channel="sms", destination="+15551230067", livemode=False, client="203.0.113.7"
    )

    assert [subject.kind for subject in subjects] == ["test:sms"]


def ask(browser, link, times):
    return [browser.post(f"{link}/code", {"again": "sms"}).status_code for _ in range(times)]


@pytest.mark.parametrize("livemode", [True, False])
def test_the_sixth_code_in_half_an_hour_waits(world, browser, livemode):
    link = world.link(world.seller(livemode=livemode))
    browser.post(link)

    assert ask(browser, link, 5) == [303] * 4 + [429]
    page = browser.post(f"{link}/code", {"again": "sms"})

    assert "again in 30 minutes" in page.content.decode()
    assert len(world.post()) == 5


def test_a_refused_code_leaves_the_one_before_it_alone(world, browser):
    link = world.link(world.seller(livemode=True))
    browser.post(link)
    ask(browser, link, 4)
    code = world.code()
    before = SignInCode.objects.values().get()

    assert ask(browser, link, 1) == [429]

    assert SignInCode.objects.values().get() == before
    assert browser.post(f"{link}/code", {"code": code}).status_code == 303


def test_the_limit_is_the_account_s_however_many_links_it_has(world, browser):
    seller = world.seller(livemode=True)

    answers = [browser.post(world.link(seller)) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    page = answers[5].content.decode()
    assert "Open your dashboard from Bazaar again in 30 minutes" in page  # this link will be over
    assert "<form" not in page
    assert answers[5]["Retry-After"] == "1800"
    world.wall.wait(1800)
    assert browser.post(world.link(seller)).status_code == 303


def test_the_limit_is_the_number_s_however_it_is_written_and_whoever_has_it(world, browser):
    written = [
        "+15551230067",
        "+1 555 123 0067",
        "+1 (555) 123-0067",
        "1-555-123-0067",
        "+15551230067",
    ]
    for phone in written:
        assert browser.post(world.link(world.seller(livemode=True, phone=phone))).status_code == 303

    assert browser.post(world.link(world.seller(livemode=True))).status_code == 429


def test_changing_the_channel_does_not_lift_the_account_s_limit(world, browser):
    link = world.link(world.seller(livemode=True))
    browser.post(link)
    ask(browser, link, 4)

    assert browser.post(f"{link}/code", {"again": "email"}).status_code == 429


def test_test_mode_lets_nobody_wait_outside(world, browser):
    seller = world.seller()

    for _ in range(8):
        link = world.link(seller)
        assert browser.post(link).status_code == 303
        assert browser.post(f"{link}/code", {"code": "000000"}).status_code == 303

    assert len(world.post()) == 5


def test_test_mode_uses_up_nothing_of_live_mode(world, browser):
    for _ in range(5):
        browser.post(world.link(world.seller()))

    assert browser.post(world.link(world.seller(livemode=True))).status_code == 303


def test_many_asking_at_once_get_no_more_than_five(committed_world):
    def ask_once() -> bool:
        try:
            take_slots([Subject("account", "acct_1", 5), Subject("sms", "1", 5)], now_wall=0)
        except TooManySends:
            return False
        return True

    answers = in_threads(*[ask_once] * 12)

    assert sum(answers) == 5
    assert SendSlot.objects.count() == 10


def test_a_short_wait_can_be_spent_on_the_page(world, browser):
    seller = world.seller(livemode=True)
    for _ in range(4):
        browser.post(world.link(seller))
    world.wall.wait(1700)
    link = world.link(seller)
    browser.post(link)

    page = browser.post(f"{link}/code", {"again": "sms"})

    assert page.status_code == 429
    assert "Ask again in 2 minutes" in page.content.decode()
    world.wall.wait(100)
    assert browser.post(f"{link}/code", {"again": "sms"}).status_code == 303
