"""Notices of what changed, and what their link does for whoever did not do it."""

from __future__ import annotations

import base64
import re

import pytest
from django.test import Client
from django_otp.oath import TOTP

from counterfoil.access import sessions
from counterfoil.access.alarms import OPEN_FOR, REASON, tell
from counterfoil.access.models import Alarm, Factor, Session
from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import Profile, read_profile, write_profile
from counterfoil.audit.queries import records_of
from counterfoil.kit.crypt import unseal
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.scope import Scope


def scope_of(seller) -> Scope:
    return Scope(seller.platform_id, seller.id, seller.livemode)


def inside(world, seller) -> Client:
    browser = Client()
    browser.cookies[sessions.cookie_name()] = sessions.start_session(
        account_id=seller.id,
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        redirect_url=None,
        ip=None,
        user_agent=None,
        now_wall=world.wall.now,
    )
    return browser


@pytest.fixture
def seller(world):
    return world.seller(livemode=True, profile=write_profile(Profile()))


def link_in(world, seller, change="factor.added") -> str:
    tell(scope_of(seller), change, now_wall=world.wall.now)
    text = world.post()[0]["text"]
    return re.search(r"/not-me/[A-Za-z0-9]+", text)[0]


def paused(seller) -> str | None:
    return read_profile(Account.objects.get(id=seller.id).profile).settings.payouts_paused


def test_every_contact_is_told_of_a_second_step(world, seller):
    browser = inside(world, seller)
    browser.post("/settings/security/factors", {"kind": "app"})
    app = TOTP(base64.b32decode(unseal(Factor.objects.get().secret)))
    app.time = world.wall.now
    browser.post("/settings/security/app", {"code": f"{app.token():06d}"})
    browser.post(f"/settings/security/factors/{Factor.objects.get().id}/removal")

    for word in ("was added", "was removed"):
        told = [one for one in world.post() if word in one["text"]]
        assert {one["to"] for one in told} == {"+15551230067", "ada@example.com"}
        assert all("/not-me/" in one["text"] for one in told)


def test_looking_at_the_link_does_nothing(world, seller):
    browser = inside(world, seller)
    link = link_in(world, seller)
    page = Client().get(link).content.decode()

    assert "Was this not you?" in page
    assert browser.get("/settings").status_code == 200
    assert paused(seller) is None


def test_the_link_signs_everybody_out_and_holds_payouts(world, seller):
    first, second = inside(world, seller), inside(world, seller)
    login = world.link(seller)
    stranger = inside(world, world.seller(livemode=True))
    link = link_in(world, seller)
    page = Client().post(link)

    assert "Your account is held" in page.content.decode()
    assert [one.get("/settings")["Location"] for one in (first, second)] == ["/login"] * 2
    assert stranger.get("/settings").status_code == 200
    assert Client().get(login).status_code == 410, "a link that waits lets nobody in either"
    assert paused(seller) == REASON
    log = records_of(scope_of(seller), PageRequest(limit=9)).rows
    assert [one.action for one in log].count("session.ended") == 2
    assert "alarm.raised" in [one.action for one in log]
    assert {one.actor for one in log if one.action == "alarm.raised"} == {"visitor"}


def test_it_serves_once_so_that_an_old_mail_cannot_hold_the_account_for_ever(world, seller):
    link = link_in(world, seller)
    Client().post(link)
    browser = inside(world, seller)
    assert Client().post(link).status_code == 200

    assert Session.objects.filter(account_id=seller.id).count() == 1
    assert browser.get("/settings").status_code == 200
    assert Alarm.objects.get().raised_at == world.wall.now


@pytest.mark.parametrize("waited", [0, OPEN_FOR])
def test_a_link_that_is_none_or_too_old_says_so(world, seller, waited):
    link = link_in(world, seller) if waited else "/not-me/nothing"
    world.wall.wait(waited)
    answer = Client().post(link)

    assert answer.status_code == 404
    assert paused(seller) is None


def test_the_token_is_not_in_the_table(world, seller):
    token = link_in(world, seller).rsplit("/", 1)[1]

    assert token not in Alarm.objects.get().sha256
