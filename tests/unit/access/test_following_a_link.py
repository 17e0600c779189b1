"""`/express/{account}/{token}` as a browser meets it."""

from __future__ import annotations

import pytest

from counterfoil.access.models import LoginLink, SendSlot, Session, SignInCode
from counterfoil.access.policy import Lifetimes
from counterfoil.outbox.models import Job
from tests.unit.access.world import into


def everything_written():
    return [
        list(model.objects.values()) for model in (LoginLink, SignInCode, SendSlot, Session, Job)
    ]


def test_looking_at_a_link_sends_nothing_and_changes_nothing(world, browser):
    link = world.link(world.seller())
    before = everything_written()

    pages = [browser.get(link), browser.get(link), browser.head(link), browser.get(f"{link}/code")]

    assert [page.status_code for page in pages] == [200, 200, 200, 303]
    assert everything_written() == before
    assert "session" not in browser.cookies


def test_the_page_wears_the_brand_and_hides_the_number(world, browser):
    page = browser.get(world.link(world.seller())).content.decode()

    assert "Bazaar" in page
    assert "•••• 67" in page
    assert "5551230067" not in page


def test_a_script_presses_the_button_and_people_without_script_can(world, browser):
    page = browser.get(world.link(world.seller())).content.decode()

    assert "data-submit-now" in page
    assert "submit_now" in page
    assert "Send the code" in page
    assert "<script>" not in page


def test_the_way_in(world, browser):
    link = world.link(world.seller(livemode=True))

    sent = browser.post(link)
    page = browser.get(sent["Location"])
    accepted = browser.post(sent["Location"], {"code": world.code()})

    assert (sent.status_code, sent["Location"]) == (303, f"{link}/code")
    assert 'autocomplete="one-time-code"' in page.content.decode()
    assert (accepted.status_code, accepted["Location"]) == (303, "/")
    session = Session.objects.get()
    assert session.created == world.wall.now
    assert session.livemode is True
    assert LoginLink.objects.get().used_at == world.wall.now


def test_test_mode_accepts_six_zeros_and_its_real_code(world, browser):
    seller = world.seller()

    assert into(browser, world.link(seller)).status_code == 303

    link = world.link(seller)
    browser.post(link)
    assert browser.post(f"{link}/code", {"code": world.code()}).status_code == 303


def test_live_mode_does_not_know_the_six_zeros(world, browser, monkeypatch):
    monkeypatch.setattr("counterfoil.access.codes.new_code", lambda: "123456")
    link = world.link(world.seller(livemode=True))

    assert into(browser, link, "000000").status_code == 422
    assert not Session.objects.exists()


def test_a_link_opens_once(world, browser, client):
    link = world.link(world.seller())
    into(browser, link)

    answers = [
        client.get(link),
        client.post(link),
        client.get(f"{link}/code"),
        client.post(f"{link}/code", {"code": "000000"}),
    ]

    assert [answer.status_code for answer in answers] == [410] * 4
    assert "This link has been used" in answers[0].content.decode()
    assert Session.objects.count() == 1


def test_whoever_is_in_already_is_led_to_the_dashboard(world, browser):
    link = world.link(world.seller())
    into(browser, link)

    page = browser.get(link)

    assert page.status_code == 410
    assert "Go to your dashboard" in page.content.decode()


def test_a_link_expires_after_five_minutes(world, browser):
    link = world.link(world.seller(), redirect_url="https://bazaar.example/bye")

    world.wall.wait(299)
    assert browser.get(link).status_code == 200
    world.wall.wait(1)
    page = browser.get(link)

    assert page.status_code == 410
    text = page.content.decode()
    assert "This link has expired" in text
    assert 'href="https://bazaar.example/bye"' in text
    assert "Back to bazaar.example" in text
    assert browser.post(link).status_code == 410


def test_a_code_that_was_asked_for_in_time_may_arrive_late(world, browser):
    link = world.link(world.seller())
    world.wall.wait(290)
    browser.post(link)

    world.wall.wait(599)
    accepted = browser.post(f"{link}/code", {"code": "000000"})

    assert accepted.status_code == 303


def test_no_resending_keeps_a_link_open_for_ever(world, browser):
    link = world.link(world.seller())
    world.wall.wait(290)
    browser.post(link)
    world.wall.wait(500)
    browser.post(f"{link}/code", {"again": "sms"})

    world.wall.wait(109)  # 899 seconds: ten minutes after the link's own five, less one
    assert browser.get(f"{link}/code").status_code == 200
    world.wall.wait(1)

    assert browser.post(f"{link}/code", {"code": "000000"}).status_code == 410


def test_what_was_never_given_is_not_found_and_nothing_is_disclosed(world, browser):
    seller, other = world.seller(), world.seller(email="eve@example.com")
    token = world.token(seller)

    pages = [
        browser.get(f"/express/{seller.id}/unknown"),
        browser.get(f"/express/{other.id}/{token}"),  # another's link
        browser.get(f"/express/acct_unknown/{token}"),
        browser.post(f"/express/{other.id}/{token}"),
        browser.post(f"/express/{other.id}/{token}/code", {"code": "000000"}),
        browser.get(f"/express/{seller.id}/{token[:-1]}"),
        browser.get("/express/%00/%00"),
        browser.get(f"/express/{seller.id}/é\N{SNOWMAN}"),
    ]

    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert b"Bazaar" not in pages[0].content
    assert not SignInCode.objects.exists()
    assert browser.get(f"/express/{seller.id}/{token}").status_code == 200


def test_a_link_dies_with_its_account(world, browser):
    seller = world.seller()
    link = world.link(seller)
    seller.deleted_at = world.wall.now
    seller.save()

    assert browser.get(link).status_code == 404


def test_every_page_is_stored_by_nobody_and_tells_no_other_site(world, browser):
    seller = world.seller()
    link = world.link(seller)
    answers = [
        browser.get(link),
        browser.post(link),
        browser.get(f"{link}/code"),
        browser.post(f"{link}/code", {"code": "111111"}),
        browser.post(f"{link}/code", {"code": "000000"}),
        browser.get(link),
        browser.get(f"/express/{seller.id}/unknown"),
        browser.get("/login"),
        browser.post("/logout"),
    ]

    for answer in answers:
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


def test_without_a_phone_the_code_goes_to_the_mailbox(world, browser):
    link = world.link(world.seller(phone=None, livemode=True))

    assert "a•••@example.com" in browser.get(link).content.decode()
    browser.post(link)

    assert [(one["channel"], one["to"]) for one in world.post()] == [("email", "ada@example.com")]


def test_the_code_can_go_to_the_mailbox_instead(world, browser):
    link = world.link(world.seller(livemode=True))
    browser.post(link)
    first = world.code()

    moved = browser.post(f"{link}/code", {"again": "email"})
    page = browser.get(moved["Location"]).content.decode()

    assert [one["channel"] for one in world.post()].count("email") == 1
    assert "We sent it to a•••@example.com" in page
    second = next(one for one in world.post() if one["channel"] == "email")["text"][:6]
    if first != second:
        assert browser.post(f"{link}/code", {"code": first}).status_code == 422
    assert browser.post(f"{link}/code", {"code": second}).status_code == 303


def test_an_account_that_nothing_can_be_sent_to_is_told_whom_to_ask(world, browser):
    link = world.link(world.seller(phone=None, email=None, livemode=True))

    page = browser.get(link).content.decode()

    assert "Bazaar can add one" in page
    assert "<form" not in page
    assert browser.post(link).status_code == 200
    assert not SignInCode.objects.exists()


def test_a_test_account_that_nothing_can_be_sent_to_gets_in_all_the_same(world, browser):
    link = world.link(world.seller(phone=None, email=None))

    assert into(browser, link).status_code == 303


@pytest.mark.parametrize("livemode", [True, False])
def test_reloading_and_double_clicking_send_one_message(world, browser, livemode):
    link = world.link(world.seller(livemode=livemode))

    for _ in range(4):
        browser.post(link)

    assert len(world.post()) == 1


def test_other_methods_are_refused(world, browser):
    assert browser.put(world.link(world.seller())).status_code == 405


def test_an_operator_chooses_how_long_links_codes_and_sessions_live(world, browser, settings):
    settings.LIFETIMES = Lifetimes(link=60, code=60, tries=1, session_idle=600, session_ends=900)
    link = world.link(world.seller(livemode=True))
    browser.post(link)
    code = world.code()

    assert "It works for 1 minute." in browser.get(f"{link}/code").content.decode()
    assert browser.post(f"{link}/code", {"code": code}).status_code == 303
    session = Session.objects.get()
    assert (session.idle_until, session.ends_at) == (world.wall.now + 600, world.wall.now + 900)

    late = world.link(world.seller(livemode=True))
    world.wall.wait(60)
    assert "A link works for 1 minute." in browser.get(late).content.decode()
