"""`/login`: by e-mail or phone, in live mode."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from counterfoil.access.models import LoginLink, SendSlot, Session, SignIn, SignInCode
from counterfoil.outbox.models import Job
from counterfoil.outbox.running import run_due
from counterfoil.platforms.operations import create_platform
from tests.unit.access.world import into


def ask(browser, address="ada@example.com", **headers):
    return browser.post("/login", {"address": address}, headers=headers)


def enter(browser, code):
    return browser.post("/login/code", {"code": code})


@pytest.fixture
def ada(world):
    return world.seller(livemode=True, phone="+12125550167")


def test_the_way_in_by_mail(world, browser, ada):
    asked = ask(browser)
    page = browser.get("/login/code").content.decode()
    accepted = enter(browser, world.code())

    assert (asked.status_code, asked["Location"]) == (303, "/login/code")
    assert "If there is an account with ada@example.com" in page
    assert (accepted.status_code, accepted["Location"]) == (303, "/")
    session = Session.objects.get()
    assert (session.account_id, session.livemode) == (ada.id, True)
    assert "Bazaar" in world.post()[0]["text"]
    assert not SignIn.objects.exists()
    assert not SignInCode.objects.exists()


@pytest.mark.parametrize(
    "written",
    ["+12125550167", "+1 (212) 555-0167", "0012125550167", "tel:+1-212-555-0167", "212.555.0167"],
)
def test_the_way_in_by_phone_in_every_written_form(world, browser, ada, written):
    ask(browser, written, accept_language="en-US,en;q=0.9")

    [message] = world.post()
    assert (message["channel"], message["to"]) == ("sms", "+12125550167")
    assert enter(browser, world.code()).status_code == 303
    assert Session.objects.get().account_id == ada.id


@pytest.mark.parametrize(
    "written", ["ADA@example.com", "  ada@Example.COM ", "mailto:ada@example.com"]
)
def test_an_e_mail_address_is_found_however_it_is_written(world, browser, ada, written):
    ask(browser, written)

    assert enter(browser, world.code()).status_code == 303


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "neither an e-mail address nor a phone number"),
        ("ada", "neither an e-mail address nor a phone number"),
        ("ada@", "neither an e-mail address nor a phone number"),
        ("123", "neither an e-mail address nor a phone number"),
        ("+999 0000 0000 0000 0000", "neither an e-mail address nor a phone number"),
        ("212 555 0167", "Begin the number with + and its country code"),
        ("\0@\0", "neither an e-mail address nor a phone number"),
        ("<script>@example.com", "neither an e-mail address nor a phone number"),
    ],
)
def test_what_is_no_address_stays_to_be_mended(world, browser, typed, words):
    page = ask(browser, typed)

    assert page.status_code == 422
    assert words in page.content.decode()
    assert not SignIn.objects.exists()


def test_an_unknown_address_gets_the_same_answer_from_the_same_queries(world, ada):
    def sign_in(address) -> tuple[list[str], list[str]]:
        """The pages, without what differs in each (address, token), and the statements."""
        browser = Client()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            asked = ask(browser, address)
            pages = [
                asked,
                browser.get("/login/code"),
                browser.post("/login/code", {"again": "email"}),
                browser.post("/login/code", {"again": "sms"}),
                browser.get("/login/code"),
                enter(browser, "nonsense"),
            ]
        shown = [
            f"{page.status_code} {page.content.decode()}".replace(address, "…") for page in pages
        ]
        return [_without_tokens(page) for page in shown], [
            one["sql"].split(" ")[0] for one in queries
        ]

    assert sign_in("ada@example.com") == sign_in("eve@example.com")


def _without_tokens(page: str) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", page)


def test_an_unknown_address_is_guessed_at_in_vain_and_is_limited_likewise(world, ada):
    def asked(address) -> list[int]:
        browser = Client()
        return [ask(browser, address).status_code for _ in range(6)]

    assert asked("ada@example.com") == asked("eve@example.com") == [303] * 5 + [429]
    world.post()
    assert {one["to"] for one in world.post()} == {"ada@example.com"}


def test_codes_sent_by_a_link_do_not_show_at_the_door(world, browser, ada):
    for _ in range(5):
        browser.post(world.link(ada))

    assert ask(browser, "+12125550167").status_code == 303
    assert len(world.post()) == 5, "the number's own limit holds, in silence"


@pytest.mark.parametrize(
    "changes",
    [
        {"livemode": False},
        {"details_submitted": False},
        {"dashboard_type": "none"},
        {"deleted_at": 1},
    ],
)
def test_only_live_accounts_with_a_dashboard_are_found(world, browser, changes):
    world.seller(**{"livemode": True} | changes)

    ask(browser)

    assert world.post() == []
    assert "Test accounts get none here" in browser.get("/login/code").content.decode()


def test_live_mode_does_not_know_the_six_zeros(world, browser, ada, monkeypatch):
    monkeypatch.setattr("counterfoil.access.self_serve.new_code", lambda: "123456")
    ask(browser)
    world.post()

    assert enter(browser, "000000").status_code == 422
    assert not Session.objects.exists()


def test_ten_thousand_guesses_find_no_code(world, browser, ada, monkeypatch):
    monkeypatch.setattr("counterfoil.access.self_serve.new_code", lambda: "999999")
    looked_at = 0
    for _ in range(7):
        if ask(browser).status_code == 429:
            break
        world.post()
        for guess in range(10):
            page = enter(browser, f"{guess:06d}").content.decode()
            looked_at += "That is not the code" in page

    assert looked_at == 25
    assert enter(browser, "999999").status_code == 422


def test_the_code_can_go_the_other_way(world, browser, ada):
    ask(browser)
    world.post()

    browser.post("/login/code", {"again": "sms"})

    [sms] = [one for one in world.post() if one["channel"] == "sms"]
    assert sms["to"] == "+12125550167"
    page = browser.get("/login/code").content.decode()
    assert "has a mobile number, we have texted it a code" in page
    assert "2125550167" not in page
    assert enter(browser, sms["text"][:6]).status_code == 303
    assert Session.objects.get().proven_address == "+12125550167"


def test_a_code_belongs_to_one_browser(world, browser, ada):
    ask(browser)
    code = world.code()
    other = Client()

    assert enter(other, code)["Location"] == "/login"
    assert enter(browser, code).status_code == 303


def test_whoever_takes_too_long_begins_again(world, browser, ada):
    ask(browser)
    world.wall.wait(600)
    assert "no longer works" in browser.get("/login/code").content.decode()

    world.wall.wait(1200)
    assert browser.get("/login/code")["Location"] == "/login"


def test_a_tampered_cookie_is_nobody(world, browser, ada):
    ask(browser)
    browser.cookies["signin"] = browser.cookies["signin"].value.swapcase()

    assert enter(browser, world.code())["Location"] == "/login"


def test_an_account_that_is_gone_meanwhile_is_told_so(world, browser, ada):
    ask(browser)
    code = world.code()
    ada.deleted_at = world.wall.now
    ada.save()

    page = enter(browser, code)

    assert page.status_code == 410
    assert "does not exist any more" in page.content.decode()


@pytest.mark.parametrize("address", ["ada@example.com", "eve@example.com"])
def test_while_mail_is_down_known_and_unknown_wait_alike(world, browser, settings, ada, address):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    ask(Client())  # somebody's mail finds it out
    run_due(world.wall.now)
    ask(browser, address)
    run_due(world.wall.now)

    for _ in range(8):
        assert browser.post("/login/code", {"again": "email"}).status_code == 303
        run_due(world.wall.now)

    assert Job.objects.count() == 2
    page = browser.get("/login/code").content.decode()
    assert "Mail is not getting through at the moment" in page


# ---- Several accounts ----


@pytest.fixture
def second(world):
    """Ada sells on another marketplace too."""
    other = create_platform(name="Fair", now=world.wall.now).platform.id
    return world.seller(
        livemode=True, platform_id=other, email="Ada@Example.com", phone="+12125550199"
    )


def test_whoever_has_several_accounts_chooses(world, browser, ada, second):
    ask(browser)
    world.post()
    assert "Counterfoil" in world.post()[0]["text"], "no single marketplace asks"

    entered = enter(browser, world.code())
    page = browser.get("/accounts").content.decode()
    chosen = browser.post("/accounts", {"account": ada.id})

    assert entered["Location"] == "/accounts"
    assert "Bazaar" in page
    assert "Fair" in page
    assert (chosen.status_code, chosen["Location"]) == (303, "/")
    assert Session.objects.get().account_id == ada.id
    home = browser.get("/").content.decode()
    assert "Bazaar" in home
    assert 'href="/accounts"' in home


def test_changing_makes_a_new_session_that_ends_no_later(world, browser, ada, second):
    ask(browser)
    enter(browser, world.code())
    before = Session.objects.get()
    world.wall.wait(3600)

    browser.post("/accounts", {"account": ada.id})

    after = Session.objects.get()
    assert after.sha256 != before.sha256
    assert after.ends_at == before.ends_at


def test_nobody_changes_to_another_s_account(world, browser, ada):
    other = world.seller(livemode=True, email="eve@example.com", phone=None)
    test_twin = world.seller()
    ask(browser)
    enter(browser, world.code())

    for account_id in (other.id, test_twin.id, "acct_unknown", "\0", ""):
        answer = browser.post("/accounts", {"account": account_id})
        assert (answer.status_code, answer["Location"]) == (303, "/accounts")
    assert Session.objects.get().account_id == ada.id
    assert other.id not in browser.get("/accounts").content.decode()


def test_a_code_by_sms_after_a_link_opens_the_accounts_of_that_number(world, browser, ada):
    twin = world.seller(livemode=True, email="x@example.com", phone=ada.phone)
    link = world.link(ada)
    browser.post(link)
    browser.post(f"{link}/code", {"code": world.code()})

    assert twin.id in browser.get("/accounts").content.decode()
    assert browser.post("/accounts", {"account": twin.id})["Location"] == "/"
    assert Session.objects.get().account_id == twin.id


def test_test_mode_proves_nothing_and_opens_one_account(world, browser, ada):
    seller = world.seller(phone=ada.phone)
    into(browser, world.link(seller))

    assert ada.id not in browser.get("/accounts").content.decode()
    assert browser.post("/accounts", {"account": ada.id})["Location"] == "/accounts"
    assert Session.objects.get().account_id == seller.id


def test_a_number_that_changes_after_the_code_was_sent_makes_it_void(world, browser, ada):
    link = world.link(ada)
    browser.post(link)
    code = world.code()
    ada.phone = "+12125550199"
    ada.save()

    page = browser.post(f"{link}/code", {"code": code})

    assert page.status_code == 422
    assert "no longer works" in page.content.decode()
    assert LoginLink.objects.get().used_at is None


def test_the_switcher_is_for_whoever_is_signed_in(world, browser):
    assert browser.get("/accounts")["Location"] == "/login"
    assert SendSlot.objects.count() == 0
