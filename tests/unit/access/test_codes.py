"""Guessing, waiting too long, and asking again."""

from __future__ import annotations

import re

import pytest

from counterfoil.access.codes import LinkUsed, enter_code, send_code
from counterfoil.access.models import LoginLink, Session, SignInCode
from counterfoil.access.onetime import CodeSpent, WrongCode
from counterfoil.access.queries import entry_of
from counterfoil.outbox.models import Job
from tests.unit.access.world import World


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
def live_link(world: World) -> str:
    return world.link(world.seller(livemode=True))


def test_a_code_is_written_nowhere_but_in_the_sealed_message(world, browser, live_link):
    browser.post(live_link)
    [job] = Job.objects.all()
    row = SignInCode.objects.get()
    code = world.code()

    assert re.fullmatch(r"\d{6}", code)
    assert code not in job.payload
    assert "5551230067" not in job.payload
    assert code not in row.code_hash
    assert row.expires_at - row.sent_at == 600


def test_codes_are_spread_over_all_six_digit_numbers(world, browser):
    codes = set()
    for _ in range(30):
        browser.post(world.link(world.seller(livemode=True, phone=f"+1555{len(codes):07d}")))
        codes.add(world.code())

    assert len(codes) == 30
    assert len({code[0] for code in codes}) > 3


def test_a_wrong_code_keeps_the_page_and_counts_down(world, browser, live_link):
    browser.post(live_link)
    guess = wrong(world.code())

    for left in ("4 tries left", "3 tries left", "2 tries left", "1 try left", "was the last try"):
        page = browser.post(f"{live_link}/code", {"code": guess})
        assert page.status_code == 422
        text = page.content.decode()
        assert left in text
        field = re.search(r'<input[^>]*name="code"[^>]*>', text, re.DOTALL)[0]
        assert "autofocus" in field
        assert 'aria-invalid="true"' in field


def test_after_five_tries_the_right_code_is_wrong_too(world, browser, live_link):
    browser.post(live_link)
    code = world.code()
    for _ in range(5):
        browser.post(f"{live_link}/code", {"code": wrong(code)})

    page = browser.post(f"{live_link}/code", {"code": code})

    assert page.status_code == 422
    assert "Send a new one" in page.content.decode()
    assert not Session.objects.exists()
    assert LoginLink.objects.get().used_at is None


def test_five_tries_are_all_there_are_in_test_mode_too(world, browser):
    link = world.link(world.seller())
    browser.post(link)
    for _ in range(5):
        browser.post(f"{link}/code", {"code": "999999"})

    assert browser.post(f"{link}/code", {"code": "000000"}).status_code == 422
    browser.post(f"{link}/code", {"again": "sms"})
    assert browser.post(f"{link}/code", {"code": "000000"}).status_code == 303


def test_what_cannot_be_a_code_costs_no_try(world, browser, live_link):
    browser.post(live_link)

    for typed in ("", "12345", "abcdef", "1" * 1000, "\0"):
        page = browser.post(f"{live_link}/code", {"code": typed})
        assert page.status_code == 422
        assert "six digits" in page.content.decode()

    assert SignInCode.objects.get().tries_left == 5


def test_ten_thousand_guesses_open_nothing(world, browser, live_link, monkeypatch):
    monkeypatch.setattr("counterfoil.access.codes.new_code", lambda: "009999")
    browser.post(live_link)
    [_, _, account, token] = live_link.split("/")

    refused = 0
    for number in range(10_000):
        entry = entry_of(account, token)
        try:
            enter_code(entry, f"{number:06d}", ip=None, user_agent=None, now_wall=world.wall.now)
        except (WrongCode, CodeSpent):
            refused += 1

    assert refused == 10_000
    assert not Session.objects.exists()


def test_a_code_lives_ten_minutes(world, browser, live_link):
    browser.post(live_link)
    code = world.code()

    world.wall.wait(600)

    assert browser.post(f"{live_link}/code", {"code": code}).status_code == 410
    assert not Session.objects.exists()


def test_an_old_code_is_refused_while_the_link_still_opens(world, browser, live_link):
    browser.post(live_link)
    code = world.code()
    SignInCode.objects.update(expires_at=world.wall.now)

    page = browser.get(f"{live_link}/code").content.decode()

    assert "no longer works" in page
    assert browser.post(f"{live_link}/code", {"code": code}).status_code == 422
    assert not Session.objects.exists()


def test_a_code_serves_its_own_link_alone(world, browser):
    seller = world.seller(livemode=True)
    first, second = world.link(seller), world.link(seller)
    browser.post(first)
    code = world.code()
    browser.post(second)

    assert browser.post(f"{second}/code", {"code": code}).status_code in (422,)
    assert browser.post(f"{first}/code", {"code": code}).status_code == 303


def test_a_new_code_takes_the_place_of_the_old_one_and_brings_new_tries(
    world, browser, live_link, monkeypatch
):
    codes = iter(["111111", "222222"])
    monkeypatch.setattr("counterfoil.access.codes.new_code", lambda: next(codes))
    browser.post(live_link)
    for _ in range(4):
        browser.post(f"{live_link}/code", {"code": "333333"})

    again = browser.post(f"{live_link}/code", {"again": "sms"})

    assert again.status_code == 303
    page = browser.post(f"{live_link}/code", {"code": "111111"})
    assert "4 tries left" in page.content.decode()
    assert browser.post(f"{live_link}/code", {"code": "222222"}).status_code == 303


def test_a_slow_worker_sends_no_code_that_is_too_old(world, browser, live_link):
    browser.post(live_link)

    world.wall.wait(600)

    assert world.post() == []
    assert not Job.objects.exists()


def test_the_slower_of_two_tabs_hears_that_the_link_was_used(world, browser, live_link):
    browser.post(live_link)
    code = world.code()
    [_, _, account, token] = live_link.split("/")
    seen_by_both = entry_of(account, token)
    request = {"ip": None, "user_agent": None, "now_wall": world.wall.now}

    enter_code(seen_by_both, code, **request)

    with pytest.raises(LinkUsed):
        enter_code(seen_by_both, code, **request)
    # And not even a code that was asked for in between opens it again.
    send_code(
        seen_by_both, channel="sms", again=True, host=None, client=None, now_wall=world.wall.now
    )
    with pytest.raises(LinkUsed):
        enter_code(seen_by_both, world.code(), **request)
    assert Session.objects.count() == 1


def test_an_unknown_way_to_ask_again_is_a_wrong_code(world, browser, live_link):
    browser.post(live_link)

    assert browser.post(f"{live_link}/code", {"again": "pigeon"}).status_code == 422
    assert len(world.post()) == 1


def test_a_channel_that_is_not_on_file_sends_nothing(world, browser):
    link = world.link(world.seller(livemode=True, email=None))
    browser.post(link)

    assert browser.post(f"{link}/code", {"again": "email"}).status_code == 303
    assert len(world.post()) == 1


def test_test_mode_sends_nothing_real(world, browser, settings):
    settings.SMS_URL = "outbox:"
    settings.EMAIL_URL = "smtp://nobody:secret@mail.invalid:587"
    link = world.link(world.seller())
    browser.post(link)
    browser.post(f"{link}/code", {"again": "email"})

    assert [job["channel"] for job in world.post()] == ["sms"]
    assert not Job.objects.exists()
    assert browser.post(f"{link}/code", {"code": "000000"}).status_code == 303
