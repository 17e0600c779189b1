"""The number on file is lost: mailbox, new number, code to it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from counterfoil.access.models import Factor, LoginLink, LostPhone, Session, SignInCode
from counterfoil.accounts.profile import Individual, Profile, write_profile
from counterfoil.kit.db import fetch_all
from counterfoil.platforms.models import Platform
from tests.unit.access.world import into

NEW = "+12125550199"


def profile() -> str:
    person = Individual(id="person_1", created=1, first_name="Ada", phone="+12125550167")
    return write_profile(Profile(individual=person))


@pytest.fixture
def ada(world):
    return world.seller(
        livemode=True, phone="+12125550167", business_type="individual", profile=profile()
    )


@pytest.fixture
def link(world, ada):
    return f"{world.link(ada)}"


def step(browser, link, **form):
    return browser.post(f"{link}/phone", form)


def show(browser, link) -> str:
    return browser.get(f"{link}/phone").content.decode()


def prove(world, browser, link) -> None:
    world.wall.wait(1)  # so that its mail is the newest message
    step(browser, link, begin="1")
    step(browser, link, code=world.code())


def test_the_whole_way(world, browser, link, ada):
    assert "a•••@example.com" in show(browser, link)
    step(browser, link, begin="1")
    assert world.post()[0]["to"] == "ada@example.com"
    assert "Enter the code from your mail" in show(browser, link)

    step(browser, link, code=world.code())
    assert "Your new number" in show(browser, link)
    step(browser, link, phone="(212) 555-0199")
    [sms] = [one for one in world.post() if one["channel"] == "sms"]
    assert sms["to"] == NEW
    page = show(browser, link)
    assert "•••• 99" in page

    done = step(browser, link, code=sms["text"][:6])

    assert (done.status_code, done["Location"]) == (303, "/")
    ada.refresh_from_db()
    assert ada.phone == NEW
    assert LoginLink.objects.get().used_at == world.wall.now
    session = Session.objects.get()
    assert (session.account_id, session.proven_address) == (ada.id, NEW)
    assert not LostPhone.objects.exists()
    assert not SignInCode.objects.exists()
    assert "Codes go to •••• 99 from now on." in browser.get("/").content.decode()


def test_both_numbers_and_the_mailbox_are_told(world, browser, link, ada):
    prove(world, browser, link)
    step(browser, link, phone=NEW)
    code = world.code()
    world.wall.wait(1)
    step(browser, link, code=code)

    told = [one for one in world.post() if one["at"] == world.wall.now]
    assert sorted((one["channel"], one["to"]) for one in told) == [
        ("email", "ada@example.com"),
        ("sms", "+12125550167"),
        ("sms", NEW),
    ]
    assert all("Was this not you?" in one["text"] for one in told)
    assert len({re.search(r"/not-me/[A-Za-z0-9]{32}", one["text"])[0] for one in told}) == 1
    [mail] = [one for one in told if one["channel"] == "email"]
    assert "A bank account that is added within 7 days waits" in mail["text"]
    assert NEW not in str(told[0]["text"])


def test_every_other_session_ends(world, browser, link, ada):
    thief = Client()
    other = world.link(ada)
    thief.post(other)
    thief.post(f"{other}/code", {"code": world.code()})
    assert thief.get("/").status_code == 200

    prove(world, browser, link)
    world.wall.wait(1)
    step(browser, link, phone=NEW)
    step(browser, link, code=world.code())

    assert thief.get("/")["Location"] == "/login"
    assert browser.get("/").status_code == 200


def test_it_stands_in_the_log(world, browser, link, ada):
    other, elsewhere = world.link(ada), Client()
    elsewhere.post(other)
    elsewhere.post(f"{other}/code", {"code": world.code()})
    prove(world, browser, link)
    world.wall.wait(1)
    step(browser, link, phone=NEW)
    good = world.code()
    step(browser, link, code="000000" if good != "000000" else "000001")
    step(browser, link, code=good)

    kept = fetch_all(
        "SELECT action, actor, before, after FROM audit_record"
        " WHERE account_id = %s ORDER BY created, id",
        [ada.id],
    )
    last = kept[-4:]
    assert sorted(row[:2] for row in last) == [
        ("code.refused", "visitor"),
        ("phone.replaced", "seller"),
        ("session.ended", "seller"),
        ("session.started", "seller"),
    ]
    [replaced] = [row[2:] for row in last if row[0] == "phone.replaced"]
    assert replaced == ('{"phone":"•••• 67"}', '{"phone":"•••• 99"}')


def test_looking_sends_nothing(world, browser, link):
    for _ in range(3):
        show(browser, link)

    assert world.post() == []
    assert not LostPhone.objects.exists()


def test_each_step_needs_the_one_before(world, browser, link, ada):
    step(browser, link, phone=NEW)
    assert not LostPhone.objects.exists()
    step(browser, link, begin="1")
    step(browser, link, phone=NEW)
    assert LostPhone.objects.get().phone is None, "the mailbox is not proven yet"
    step(browser, link, code=world.code())
    step(browser, link, code="123456")  # of a page left open

    ada.refresh_from_db()
    assert ada.phone == "+12125550167"
    assert not Session.objects.exists()
    assert "Your new number" in show(browser, link)


def test_whoever_else_has_the_link_cannot_go_on(world, browser, link):
    prove(world, browser, link)
    other = Client()

    step(other, link, phone=NEW)

    assert "First we mail a code" in show(other, link)
    assert LostPhone.objects.get().phone is None


def test_the_ticket_is_for_one_link(world, browser, link, ada):
    prove(world, browser, link)
    eve = world.seller(livemode=True, email="eve@example.com", business_type="individual")
    hers = world.link(eve)

    step(browser, hers, phone=NEW)

    assert "e•••@example.com" in show(browser, hers)


def test_guesses_are_counted_at_both_codes(world, browser, link, monkeypatch):
    monkeypatch.setattr("counterfoil.access.sending.new_code", lambda: "999999")
    step(browser, link, begin="1")
    answers = [step(browser, link, code=f"{n:06d}") for n in range(6)]

    assert [answer.status_code for answer in answers] == [422] * 6
    assert "no longer works" in answers[5].content.decode()
    assert step(browser, link, code="999999").status_code == 422
    assert LostPhone.objects.get().proven_at is None

    step(browser, link, again="1")
    step(browser, link, code="999999")
    step(browser, link, phone=NEW)
    for n in range(5):
        step(browser, link, code=f"{n:06d}")
    assert step(browser, link, code="999999").status_code == 422
    assert not Session.objects.exists()


def test_live_mode_does_not_know_the_six_zeros(world, browser, link, monkeypatch):
    monkeypatch.setattr("counterfoil.access.sending.new_code", lambda: "123456")
    step(browser, link, begin="1")

    assert step(browser, link, code="000000").status_code == 422


def test_test_mode_needs_nothing_sent(world, browser):
    seller = world.seller(business_type="individual", profile=profile())
    link = world.link(seller)
    Platform.objects.update(test_clock_offset=86_400)

    step(browser, link, begin="1")
    step(browser, link, code="000000")
    step(browser, link, phone="000 000 0000")
    done = step(browser, link, code="000000")

    assert done["Location"] == "/"
    seller.refresh_from_db()
    assert seller.phone == "+10000000000"
    assert f'"contact_replaced_at":{world.wall.now + 86_400}' in seller.profile


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "That is not a phone number."),
        ("ada@example.com", "That is not a phone number."),
        ("+1 212 555 0167", "That is the number on file."),
    ],
)
def test_what_is_no_new_number_stays_to_be_mended(world, browser, link, typed, words):
    prove(world, browser, link)

    page = step(browser, link, phone=typed)

    assert page.status_code == 422
    assert words in page.content.decode()


def test_a_mistyped_number_is_mended_and_its_code_is_void(world, browser, link, ada):
    prove(world, browser, link)
    step(browser, link, phone="+12125550111")
    void = world.code()
    step(browser, link, phone=NEW)
    good = world.code()

    assert void == good or step(browser, link, code=void).status_code == 422
    assert step(browser, link, code=good).status_code == 303
    ada.refresh_from_db()
    assert ada.phone == NEW


def test_the_link_may_run_out_meanwhile_but_not_be_used(world, browser, link, ada):
    prove(world, browser, link)
    world.wall.wait(1200)
    step(browser, link, phone=NEW)
    assert step(Client(), link, begin="1").status_code == 410
    LoginLink.objects.update(used_at=world.wall.now)

    page = step(browser, link, code=world.code())

    assert page.status_code == 410
    ada.refresh_from_db()
    assert ada.phone == "+12125550167"


def test_half_an_hour_is_enough(world, browser, link):
    prove(world, browser, link)
    world.wall.wait(1800)

    assert browser.get(f"{link}/phone").status_code == 410


def test_without_a_mailbox_only_the_marketplace_can_help(world, browser):
    link = world.link(world.seller(livemode=True, email=None))

    page = show(browser, link)

    assert "Bazaar can set a new number" in page
    assert "<form" not in page
    assert step(browser, link, begin="1").status_code == 422


def test_codes_are_limited_here_too(world, browser, link):
    step(browser, link, begin="1")
    answers = [step(browser, link, again="1").status_code for _ in range(5)]

    assert answers == [303] * 4 + [429]


def test_a_foreign_link_is_not_found(world, browser, link):
    assert browser.get(f"{link}x/phone").status_code == 404


def test_the_code_page_leads_here(world, browser, link):
    browser.post(link)

    page = browser.get(f"{link}/code").content.decode()

    assert f'href="{link}/phone"' in page
    into(browser, link)


def test_a_lost_phone_does_not_lead_past_the_second_step(world, browser, link, ada):
    Factor.objects.create(
        id="fac_1",
        account_id=ada.id,
        kind="totp",
        name="",
        secret="",
        counter=0,
        created=0,
        confirmed_at=1,
    )
    prove(world, browser, link)
    step(browser, link, phone="(212) 555-0199")
    [sms] = [one for one in world.post() if one["channel"] == "sms"]
    step(browser, link, code=sms["text"][:6])

    assert browser.get("/")["Location"] == "/sign-in/second"
    assert Session.objects.get().awaits == "factor"
