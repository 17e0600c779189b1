"""An operator lets somebody in who lost their device and their codes, and signs people out."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from counterfoil.access.models import Factor, RecoveryCode, Session
from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import Profile, read_profile, write_profile
from counterfoil.audit.queries import records_of
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.scope import Scope
from counterfoil.platforms.settings import PlatformSettings
from tests.unit.access.test_second_factor import SECOND, policy, set_up, sign_in

HOW = "Passport over a video call, 1 December"


@pytest.fixture
def seller(world):
    return world.seller(livemode=True, profile=write_profile(Profile()))


def guarded(world, seller) -> Client:
    """A browser of a seller who has just set an authenticator app up."""
    browser = sign_in(world, seller)
    set_up(world, browser)
    return browser


def run(*words: str, capsys) -> str:
    call_command("accounts", *words)
    return capsys.readouterr().out.strip()


def test_the_second_step_goes_and_a_code_lets_in_again(world, seller, capsys):
    browser = guarded(world, seller)
    assert sign_in(world, seller).get("/settings")["Location"] == SECOND
    said = run("let-in", seller.id, "--checked", HOW, capsys=capsys)

    assert "1 second step removed" in said
    assert (Factor.objects.count(), RecoveryCode.objects.count()) == (0, 0)
    assert browser.get("/settings")["Location"] == "/login", "everybody is signed out"
    assert sign_in(world, seller).get("/settings").status_code == 200


def test_it_is_on_record_told_and_guarded_like_a_lost_phone(world, seller, capsys):
    guarded(world, seller)
    run("let-in", seller.id, "--checked", HOW, capsys=capsys)

    scope = Scope(seller.platform_id, seller.id, True)
    log = {row.action: row for row in records_of(scope, PageRequest(limit=20)).rows}
    taken = log["factors.taken"]
    assert (taken.actor, taken.after) == ("operator", {"steps": 1, "checked": HOW})
    page = sign_in(world, seller).get("/settings/security/log").content.decode()
    assert HOW in page
    told = [one for one in world.post() if "took your second step away" in one["text"]]
    assert {one["to"] for one in told} == {"+15551230067", "ada@example.com"}
    assert all("/not-me/" in one["text"] for one in told)
    kept = read_profile(Account.objects.get(id=seller.id).profile).settings
    assert kept.contact_replaced_at == world.wall.now
    assert PlatformSettings().replaced_contact_hold_days > 0


def test_where_one_is_required_a_new_one_is_set_up_at_once(world, seller, capsys):
    guarded(world, seller)
    policy(world, "required")
    run("let-in", seller.id, "--checked", HOW, capsys=capsys)

    assert sign_in(world, seller).get("/")["Location"] == "/settings/security"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["let-in"], "Which account"),
        (["let-in", "acct_nobody"], "No such account"),
        (["let-in", "SELLER"], "no second step"),
        (["sign-out"], "Which account"),
        (["sign-out", "SELLER", "--everybody"], "Either"),
    ],
)
def test_what_cannot_be_is_said(world, seller, words, said):
    words = [word.replace("SELLER", seller.id) for word in words]
    with pytest.raises(CommandError, match=said):
        call_command("accounts", *words, "--checked", HOW)


def test_nobody_is_let_in_unlooked_at(world, seller):
    guarded(world, seller)
    with pytest.raises(CommandError, match="How did you make sure"):
        call_command("accounts", "let-in", seller.id, "--checked", "  ")

    assert Factor.objects.count() == 1


def test_one_account_is_signed_out_or_everybody(world, seller, capsys):
    others = [world.seller(livemode=True), world.seller()]
    browsers = [sign_in(world, one) for one in (seller, seller, *others)]
    assert run("sign-out", seller.id, capsys=capsys) == "2 browsers signed out."
    assert [one.get("/settings").status_code for one in browsers] == [303, 303, 200, 200]
    assert run("sign-out", "--everybody", capsys=capsys) == "2 browsers signed out."

    assert Session.objects.count() == 0
    scope = Scope(seller.platform_id, seller.id, True)
    ended = [r for r in records_of(scope, PageRequest(limit=9)).rows if r.action == "session.ended"]
    assert [one.actor for one in ended] == ["operator"] * 2
