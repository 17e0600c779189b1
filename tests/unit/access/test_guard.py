"""Sessions: who a cookie is, how long, and what a page behind it gets."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory
from django_htmx.middleware import HtmxMiddleware

from counterfoil.access import guard
from counterfoil.access.guard import needs, seller_of, signed_in
from counterfoil.access.models import Session
from counterfoil.access.sessions import session_hash
from counterfoil.events.operations import origin
from counterfoil.platforms.models import Platform
from tests.unit.access.world import into

HOUR = 3600
DAY = 24 * HOUR


@signed_in
def page(request):
    return HttpResponse(request.seller.account_id)


def get(browser, view=page, **headers):
    request = RequestFactory().get("/", headers=headers)
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    return HtmxMiddleware(view)(request)


def token(browser) -> str:
    return browser.cookies["session"].value


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(world, browser):
    cookie = into(browser, world.link(world.seller())).cookies["session"]

    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["path"] == "/"
    assert not cookie["domain"]
    assert not cookie["secure"]
    assert len(cookie.value) >= 43  # 256 bits


def test_with_tls_the_browser_itself_keeps_the_cookie_to_this_host(world, browser, settings):
    settings.TLS = True

    cookie = into(browser, world.link(world.seller())).cookies["__Host-session"]

    assert cookie["secure"] is True
    assert cookie["path"] == "/"
    assert not cookie["domain"]


def test_a_session_is_known_by_its_hash_alone(world, browser):
    into(browser, world.link(world.seller()))

    row = Session.objects.get()

    assert row.sha256 == session_hash(token(browser))
    assert token(browser) not in str(row.__dict__.values())


def test_a_session_remembers_where_it_came_from(world, browser):
    browser.defaults = {"HTTP_USER_AGENT": "Browser/1.0 " + "x" * 500, "REMOTE_ADDR": "192.0.2.7"}
    into(browser, world.link(world.seller(), redirect_url="https://bazaar.example/bye"))

    row = Session.objects.get()

    assert row.ip == "192.0.2.7"
    assert row.user_agent.startswith("Browser/1.0")
    assert row.redirect_url == "https://bazaar.example/bye"


def test_one_question_to_the_database_says_everything(world, browser, django_assert_num_queries):
    seller = world.seller(display_name="Ada", timezone="Europe/Rome", country="IT", revision=7)
    Platform.objects.update(
        test_clock_offset=500,
        brand_color="#aa0000",
        settings='{"features": {"view_payments": true}}',
    )
    into(browser, world.link(seller))

    with django_assert_num_queries(1):
        known = seller_of(token(browser), now_wall=world.wall.now)

    assert known is not None
    assert (known.account_id, known.platform_id) == (seller.id, world.platform_id)
    assert (known.platform_name, known.brand_color) == ("Bazaar", "#aa0000")
    assert (known.display_name, known.email) == ("Ada", "ada@example.com")
    assert (known.timezone, known.country, known.language) == ("Europe/Rome", "IT", None)
    assert known.default_currency == "usd"
    assert known.revision.startswith("7.")
    assert known.livemode is False
    assert known.features.view_payments is True
    assert known.features.issue_refunds is False
    assert known.platform_now == world.wall.now + 500


def test_live_mode_has_no_clock_of_its_own(world, browser):
    Platform.objects.update(test_clock_offset=500)
    link = world.link(world.seller(livemode=True))
    browser.post(link)
    browser.post(f"{link}/code", {"code": world.code()})

    known = seller_of(token(browser), now_wall=world.wall.now)

    assert known.clock_offset == 0


def test_a_page_knows_its_seller_and_is_stored_by_nobody(world, browser):
    seller = world.seller()
    into(browser, world.link(seller))

    answer = get(browser)

    assert answer.content.decode() == seller.id
    assert answer["Cache-Control"] == "private, no-store"
    assert "Cookie" in answer["Vary"]


def test_without_a_session_the_way_leads_to_login(world, browser):
    answer = get(browser)

    assert (answer.status_code, answer["Location"]) == (303, "/login")
    assert answer["Cache-Control"] == "no-store"


def test_a_fragment_sends_the_whole_page_to_login(world, browser):
    answer = get(browser, **{"HX-Request": "true"})

    assert answer["HX-Redirect"] == "/login"
    assert "Location" not in answer


@pytest.mark.parametrize(
    "tamper",
    [
        lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
        lambda token: token.lower(),
        lambda token: token + "=",
        lambda token: session_hash(token),  # what the table holds
        lambda token: "",
        lambda token: "\0",
        lambda token: "é" * 4000,
    ],
)
def test_a_tampered_cookie_is_nobody_s(world, browser, tamper):
    into(browser, world.link(world.seller()))
    browser.cookies["session"] = tamper(token(browser))

    answer = get(browser)

    assert (answer.status_code, answer["Location"]) == (303, "/login")


def test_a_cookie_that_is_nobody_s_is_taken_away(world, browser):
    browser.cookies["session"] = "unknown"

    cookie = get(browser).cookies["session"]

    assert (cookie.value, cookie["max-age"]) == ("", 0)


def test_a_session_ends_after_twelve_idle_hours(world, browser):
    into(browser, world.link(world.seller()))

    world.wall.wait(12 * HOUR - 1)
    assert get(browser).status_code == 200
    world.wall.wait(12 * HOUR - 1)  # since then
    assert get(browser).status_code == 200
    world.wall.wait(12 * HOUR)

    assert get(browser).status_code == 303


def test_a_session_ends_after_fourteen_days_however_busy(world, browser):
    into(browser, world.link(world.seller()))
    began = world.wall.now

    while world.wall.now < began + 14 * DAY - 6 * HOUR:
        assert get(browser).status_code == 200
        world.wall.wait(6 * HOUR)
    assert get(browser).status_code == 200
    world.wall.wait(6 * HOUR)

    assert get(browser).status_code == 303


def test_being_seen_is_written_every_five_minutes_at_most(
    world, browser, django_assert_num_queries
):
    into(browser, world.link(world.seller()))
    began = world.wall.now

    world.wall.wait(299)
    with django_assert_num_queries(1):
        get(browser)
    assert Session.objects.get().last_seen == began

    world.wall.wait(1)
    with django_assert_num_queries(2):
        get(browser)
    assert Session.objects.get().last_seen == began + 300


def test_a_session_dies_with_its_account(world, browser):
    seller = world.seller()
    into(browser, world.link(seller))
    seller.deleted_at = world.wall.now
    seller.save()

    assert get(browser).status_code == 303


def test_signing_in_ends_what_the_browser_held_before(world, browser):
    into(browser, world.link(world.seller()))
    planted = token(browser)

    into(browser, world.link(world.seller()))

    assert token(browser) != planted
    assert seller_of(planted, now_wall=world.wall.now) is None
    assert Session.objects.count() == 1


def test_logging_out_ends_the_session(world, browser):
    into(browser, world.link(world.seller()))
    held = token(browser)

    answer = browser.post("/logout")

    assert (answer.status_code, answer["Location"]) == (303, "/login")
    assert answer.cookies["session"]["max-age"] == 0
    assert seller_of(held, now_wall=world.wall.now) is None
    assert not Session.objects.exists()


def test_logging_out_leads_back_to_the_platform(world, browser):
    into(browser, world.link(world.seller(), redirect_url="https://bazaar.example:8443/bye?x=1"))

    policy = get(browser)._csp_update
    answer = browser.post("/logout")

    assert answer["Location"] == "https://bazaar.example:8443/bye?x=1"
    # A browser follows a form to another origin only where the page's policy names it.
    assert policy == {"form-action": ["https://bazaar.example:8443"]}


def test_logging_out_twice_is_no_mistake(world, browser):
    assert browser.post("/logout")["Location"] == "/login"
    assert browser.get("/logout").status_code == 405


def test_the_login_page_tells_test_sellers_to_use_a_login_link(world, browser):
    page = browser.get("/login").content.decode()

    assert "Test accounts are opened from there only, by a login link." in page


def test_whoever_is_in_does_not_need_the_login_page(world, browser):
    into(browser, world.link(world.seller()))

    assert browser.get("/login")["Location"] == "/"


def test_the_owner_may_do_everything_and_a_lesser_role_not(world, browser, monkeypatch):
    into(browser, world.link(world.seller()))
    view = needs("payouts:write")(lambda request: HttpResponse("paid"))
    assert get(browser, view).content == b"paid"

    monkeypatch.setitem(guard.ROLES, "owner", frozenset({"payments:read"}))

    with pytest.raises(PermissionDenied):
        get(browser, view)


def test_permission_is_not_even_asked_without_a_session(world, browser):
    view = needs("payouts:write")(lambda request: HttpResponse("paid"))

    assert get(browser, view)["Location"] == "/login"


def test_a_permission_must_exist():
    with pytest.raises(AssertionError):
        needs("payouts:wirte")


def test_what_is_done_on_a_page_is_the_sellers_own_doing(world, browser):
    into(browser, world.link(world.seller()))

    @signed_in
    def who(request):
        return HttpResponse(origin.get().actor)

    assert get(browser, who).content == b"seller"
    assert origin.get().actor is None
