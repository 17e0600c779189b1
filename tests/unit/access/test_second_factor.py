"""Authenticator apps, recovery codes, and who has to show them. Browsers make the passkeys."""

from __future__ import annotations

import base64
import re

import pytest
from django.test import Client
from django_otp.oath import TOTP

from counterfoil.access import factors, sessions
from counterfoil.access.models import Challenge, Factor, RecoveryCode, Session
from counterfoil.audit.queries import records_of
from counterfoil.kit.crypt import unseal
from counterfoil.kit.db import execute
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.scope import Scope
from counterfoil.platforms.operations import create_platform
from counterfoil.platforms.settings import PlatformSettings, write_settings
from tests.unit.access.world import into

SECURITY = "/settings/security"
SECOND = "/sign-in/second"


def policy(world, word: str) -> None:
    settings = write_settings(PlatformSettings(second_factor=word))
    execute("UPDATE platforms_platform SET settings = %s, live_settings = %s", [settings, settings])


def code_of(world, *, later: int = 0) -> str:
    """What the app shows."""
    secret = unseal(Factor.objects.get(kind="totp").secret)
    totp = TOTP(base64.b32decode(secret))
    totp.time = world.wall.now + later
    return f"{totp.token():06d}"


def set_up(world, browser) -> list[str]:
    """An authenticator app for whoever is signed in; the recovery codes."""
    assert browser.post(f"{SECURITY}/factors", {"kind": "app"})["Location"] == f"{SECURITY}/app"
    page = browser.post(f"{SECURITY}/app", {"code": code_of(world)})
    codes = re.findall(r'<li class="mono">([A-Z0-9-]+)</li>', page.content.decode())
    assert len(set(codes)) == 10
    world.wall.wait(60)
    return codes


def sign_in(world, seller) -> Client:
    """Past the code; a second factor may be waited for."""
    browser = Client()
    browser.cookies[sessions.cookie_name()] = sessions.start_session(
        account_id=seller.id,
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        redirect_url=None,
        ip=None,
        user_agent=None,
        now_wall=world.wall.now,
        proven=("email", seller.email),
    )
    return browser


@pytest.fixture
def seller(world, browser):
    """Of live mode, signed in."""
    seller = world.seller(livemode=True)
    browser.cookies = sign_in(world, seller).cookies
    return seller


def actions(seller) -> list[str]:
    scope = Scope(seller.platform_id, seller.id, seller.livemode)
    return [one.action for one in records_of(scope, PageRequest(limit=100)).rows]


# ---- Setting up ----


def test_an_app_is_set_up_by_a_code_that_it_shows(world, browser, seller):
    browser.post(f"{SECURITY}/factors", {"kind": "app"})
    page = browser.get(f"{SECURITY}/app").content.decode()
    secret = unseal(Factor.objects.get().secret)
    assert "<svg" in page
    assert "style=" not in page
    assert secret.replace(" ", "") in re.sub(r"\s", "", page)

    wrong = f"{(int(code_of(world)) + 1) % 1_000_000:06d}"
    assert browser.post(f"{SECURITY}/app", {"code": wrong}).status_code == 422
    assert Factor.objects.get().confirmed_at is None
    assert "Keep these codes" in set_up_page(world, browser)
    assert "Authenticator app" in browser.get(SECURITY).content.decode()
    assert actions(seller)[:2] == ["recovery_codes.made", "factor.added"]


def set_up_page(world, browser) -> str:
    return browser.post(f"{SECURITY}/app", {"code": code_of(world)}).content.decode()


def test_secrets_cannot_be_read_in_the_tables(world, browser, seller):
    codes = set_up(world, browser)
    row = Factor.objects.get()
    hashes = set(RecoveryCode.objects.values_list("hash", flat=True))

    assert unseal(row.secret) not in row.secret
    assert hashes.isdisjoint({code.replace("-", "") for code in codes})


def test_an_app_that_was_not_confirmed_does_not_count(world, browser, seller):
    browser.post(f"{SECURITY}/factors", {"kind": "app"})

    assert sign_in(world, seller).get("/").status_code == 200


def test_adding_and_removing_ask_who_one_is(world, browser, seller):
    set_up(world, browser)
    ident = Factor.objects.get().id
    world.wall.wait(601)

    for path in ("factors", f"factors/{ident}/removal", "recovery"):
        answer = browser.post(f"{SECURITY}/{path}", {"kind": "app"})
        assert answer["Location"].startswith("/step-up/"), path
    assert Factor.objects.count() == 1
    assert browser.get(f"{SECURITY}/app")["Location"] == SECURITY, "a key is shown to nobody else"


def test_after_a_change_the_other_browsers_can_be_signed_out_at_once(world, browser, seller):
    other = sign_in(world, seller)
    set_up(world, browser)
    leave = f'action="{SECURITY}/sessions"'
    assert leave in browser.get(SECURITY).content.decode(), "where the codes page leads"
    done = browser.post(f"{SECURITY}/factors/{Factor.objects.get().id}/removal", follow=True)
    assert leave in done.content.decode()
    browser.post(f"{SECURITY}/sessions")

    assert other.get("/")["Location"] == "/login"


# ---- Signing in ----


def test_a_code_alone_opens_nothing_once_there_is_an_app(world, browser, seller):
    set_up(world, browser)
    other = sign_in(world, seller)

    for address in ("/", "/payouts", SECURITY, f"{SECURITY}/log", "/settings"):
        assert other.get(address)["Location"] == SECOND, address
    assert other.get("/login").status_code == 200
    assert Session.objects.filter(awaits="factor").count() == 1


def test_the_apps_code_opens_the_dashboard_under_a_new_token(world, browser, seller):
    set_up(world, browser)
    other = sign_in(world, seller)
    before = other.cookies["session"].value
    answer = other.post(SECOND, {"code": code_of(world)})

    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert other.cookies["session"].value != before
    assert other.get("/").status_code == 200
    assert Session.objects.get(fresh_by="totp").awaits is None
    assert actions(seller)[0] == "identity.confirmed"


def test_a_code_of_the_app_serves_once(world, browser, seller):
    set_up(world, browser)
    code = code_of(world)
    first, second = sign_in(world, seller), sign_in(world, seller)

    assert first.post(SECOND, {"code": code}).status_code == 303
    assert second.post(SECOND, {"code": code}).status_code == 422
    assert second.get("/")["Location"] == SECOND


@pytest.mark.parametrize(
    ("later", "accepted"), [(-60, False), (-30, True), (30, True), (60, False)]
)
def test_a_clock_may_be_off_by_half_a_minute(world, browser, seller, later, accepted):
    set_up(world, browser)
    world.wall.wait(600)
    answer = sign_in(world, seller).post(SECOND, {"code": code_of(world, later=later)})

    assert answer.status_code == (303 if accepted else 422)


def test_a_recovery_code_opens_once_however_it_is_typed(world, browser, seller):
    codes = set_up(world, browser)
    typed = codes[3].lower().replace("-", " ")

    assert sign_in(world, seller).post(SECOND, {"code": typed}).status_code == 303
    assert sign_in(world, seller).post(SECOND, {"code": typed}).status_code == 422
    assert RecoveryCode.objects.count() == 9
    assert "recovery_code.used" in actions(seller)


def test_somebody_elses_recovery_code_opens_nothing(world, browser, seller):
    set_up(world, browser)
    stranger = world.seller(livemode=True, phone="+15557770000", email="eve@example.com")
    theirs = set_up_for(world, stranger)

    assert sign_in(world, seller).post(SECOND, {"code": theirs[0]}).status_code == 422
    assert RecoveryCode.objects.count() == 20


def set_up_for(world, seller) -> list[str]:
    browser = sign_in(world, seller)
    browser.post(f"{SECURITY}/factors", {"kind": "app"})
    secret = unseal(Factor.objects.get(account_id=seller.id).secret)
    totp = TOTP(base64.b32decode(secret))
    totp.time = world.wall.now
    page = browser.post(f"{SECURITY}/app", {"code": f"{totp.token():06d}"}).content.decode()
    return re.findall(r'<li class="mono">([A-Z0-9-]+)</li>', page)


def test_guesses_run_out_for_the_account_whatever_browser_they_come_from(world, browser, seller):
    set_up(world, browser)
    code = code_of(world)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    guesser = sign_in(world, seller)
    answers = [guesser.post(SECOND, {"code": wrong}).status_code for _ in range(factors.TRIES)]

    assert answers[-1] == 429
    assert sign_in(world, seller).post(SECOND, {"code": code}).status_code == 429
    world.wall.wait(1801)
    again = sign_in(world, seller)
    assert again.post(SECOND, {"code": code_of(world)}).status_code == 303


def test_live_mode_does_not_know_the_six_zeros_and_test_mode_does(world, browser, seller):
    set_up(world, browser)
    if code_of(world) != "000000":
        assert sign_in(world, seller).post(SECOND, {"code": "000000"}).status_code == 422
    tester = world.seller(email="t@example.com")
    mine = Client()
    into(mine, world.link(tester))
    mine.post(f"{SECURITY}/factors", {"kind": "app"})
    Factor.objects.filter(account_id=tester.id).update(confirmed_at=world.wall.now)
    other = Client()
    into(other, world.link(tester))

    assert other.post(SECOND, {"code": "000000"}).status_code == 303


def test_a_waiting_session_can_leave(world, browser, seller):
    set_up(world, browser)
    other = sign_in(world, seller)
    other.post("/logout")

    assert other.get(SECOND)["Location"] == "/login"


def test_somebody_who_waits_for_nothing_is_led_on(world, browser, seller):
    assert browser.get(SECOND)["Location"] == "/"
    assert Client().get(SECOND)["Location"] == "/login"


def test_changing_to_an_account_with_a_second_factor_asks_for_it(world, browser, seller):
    guarded = world.seller(livemode=True)
    set_up_for(world, guarded)
    answer = browser.post("/accounts", {"account": guarded.id})

    assert answer["Location"] == "/"
    assert browser.get("/")["Location"] == SECOND


def test_a_second_step_of_one_account_does_not_keep_from_the_others(world, browser, seller):
    set_up(world, browser)
    other = world.seller(livemode=True, display_name="Bowls")
    waiting = sign_in(world, seller)
    assert 'href="/accounts"' in waiting.get(SECOND).content.decode()
    assert "Bowls" in waiting.get("/accounts").content.decode()
    waiting.post("/accounts", {"account": other.id})
    assert waiting.get("/settings").status_code == 200
    waiting.post("/accounts", {"account": seller.id})

    assert waiting.get("/settings")["Location"] == SECOND, "and the way back asks for it"


def test_changing_to_a_marketplace_that_wants_a_second_step_begins_with_setting_it_up(
    world, browser, seller
):
    strict = create_platform(name="Strict", now=world.wall.now).platform.id
    wanted = write_settings(PlatformSettings(second_factor="required"))
    sql = "UPDATE platforms_platform SET live_settings = %s WHERE id = %s"
    execute(sql, [wanted, strict])
    there = world.seller(livemode=True, platform_id=strict)
    browser.post("/accounts", {"account": there.id})

    assert browser.get("/")["Location"] == SECURITY
    assert "Strict asks for a second step" in browser.get(SECURITY).content.decode()
    set_up(world, browser)
    assert browser.get("/").status_code == 200


# ---- Showing it once more ----


def test_what_matters_asks_for_the_app_where_there_is_one(world, browser, seller):
    set_up(world, browser)
    world.wall.wait(601)
    waiting = browser.post(f"{SECURITY}/recovery")["Location"]
    sent = len(world.post())
    page = browser.get(waiting).content.decode()
    assert "Code from your app" in page
    browser.post(waiting, {"again": "sms"})
    assert len(world.post()) == sent, "nothing is sent: that would prove less"

    assert browser.post(waiting, {"code": code_of(world)}).status_code == 303
    assert "Go on" in browser.get(waiting).content.decode()


def test_the_last_recovery_codes_go_with_the_last_factor(world, browser, seller):
    set_up(world, browser)
    ident = Factor.objects.get().id

    assert browser.post(f"{SECURITY}/factors/{ident}/removal")["Location"] == SECURITY
    assert (Factor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert sign_in(world, seller).get("/").status_code == 200
    assert browser.post(f"{SECURITY}/recovery").status_code == 404


def test_new_recovery_codes_take_the_place_of_the_old(world, browser, seller):
    old = set_up(world, browser)
    page = browser.post(f"{SECURITY}/recovery").content.decode()
    assert not set(old) & set(re.findall(r'<li class="mono">([A-Z0-9-]+)</li>', page))

    assert sign_in(world, seller).post(SECOND, {"code": old[0]}).status_code == 422


def test_somebody_elses_factor_cannot_be_removed(world, browser, seller):
    stranger = world.seller(livemode=True, phone="+15557770000", email="eve@example.com")
    set_up_for(world, stranger)
    ident = Factor.objects.get().id

    assert browser.post(f"{SECURITY}/factors/{ident}/removal").status_code == 404
    assert Factor.objects.count() == 1


# ---- What the marketplace wants ----


def test_parity_offers_nothing_and_asks_for_what_is_there_all_the_same(world, browser, seller):
    set_up(world, browser)
    policy(world, "parity")

    assert "Add a passkey" not in browser.get(SECURITY).content.decode()
    assert browser.post(f"{SECURITY}/factors", {"kind": "app"}).status_code == 404
    assert sign_in(world, seller).get("/")["Location"] == SECOND


def test_required_opens_nothing_but_setting_one_up(world):
    policy(world, "required")
    seller = world.seller(livemode=True)
    browser = sign_in(world, seller)

    assert browser.get("/")["Location"] == SECURITY
    assert browser.get(f"{SECURITY}/log")["Location"] == SECURITY
    assert "asks for a second step" in browser.get(SECURITY).content.decode()
    set_up(world, browser)
    assert browser.get("/").status_code == 200


def test_required_keeps_the_last_factor(world, browser, seller):
    policy(world, "required")
    set_up(world, browser)
    browser.post(f"{SECURITY}/factors/{Factor.objects.get().id}/removal")

    assert Factor.objects.count() == 1


def test_required_takes_no_sent_code_for_what_matters(world, browser, seller):
    policy(world, "required")
    world.wall.wait(601)
    waiting = browser.post(f"{SECURITY}/sessions")["Location"]
    sent = len(world.post())

    assert browser.get(waiting).status_code == 403
    assert browser.post(waiting, {"again": "sms"}).status_code == 403
    assert len(world.post()) == sent


# ---- Passkeys: what does not fit ----


@pytest.mark.parametrize(
    "answer", ["{}", "x", '{"id": 1}', '{"id":"AA","rawId":"AA","response":{}}']
)
def test_an_answer_that_is_none_adds_nothing_and_uses_the_challenge_up(
    world, browser, seller, answer, settings
):
    settings.ALLOWED_HOSTS = ["localhost"]
    local = {"HTTP_HOST": "localhost:8000"}
    browser.get(f"{SECURITY}/passkey", **local)
    challenge = Challenge.objects.get().challenge
    page = browser.post(f"{SECURITY}/passkey", {"passkey": answer}, **local)

    assert page.status_code == 422
    assert Factor.objects.count() == 0
    assert Challenge.objects.get().challenge != challenge


def test_passkeys_are_offered_on_our_own_host_alone(world, browser, seller, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

    assert "Add a passkey" in browser.get(SECURITY, HTTP_HOST="localhost:8000").content.decode()
    page = browser.get(SECURITY, HTTP_HOST="127.0.0.1:8000").content.decode()
    assert "Add a passkey" not in page
    assert "Add an authenticator app" in page
