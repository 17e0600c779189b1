"""Account links: open once, for minutes; whoever opened one goes on by a cookie."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import RequestFactory

from counterfoil.access import account_links
from counterfoil.access.account_links import create_account_link, holder_of, link_of, open_link
from counterfoil.accounts.operations import check_still_the_platforms
from counterfoil.accounts.params import CollectionOptionsParams, CreateAccountLink
from counterfoil.kit.refused import InvalidRequest, ResourceMissing

BACK = "https://platform.example.com/back"
AGAIN = "https://platform.example.com/again"


def made(world, account, **changes) -> str:
    params = {
        "account": account.id,
        "type": "account_onboarding",
        "return_url": BACK,
        "refresh_url": AGAIN,
    } | changes
    with transaction.atomic():  # what is refused is undone, and nothing else
        token, expires_at = create_account_link(
            platform_id=world.platform_id,
            livemode=False,
            params=CreateAccountLink(**params),
            now_wall=world.wall.now,
        )
    assert expires_at == world.wall.now + 300
    return token


def browser_with(cookie: str):
    request = RequestFactory().get("/onboarding")
    request.COOKIES[account_links.cookie_name()] = cookie
    return request


def test_a_link_opens_once_and_its_cookie_goes_on_for_a_while(world):
    token = made(world, world.seller())
    found = link_of(token)
    assert found.state(world.wall.now) == "open"
    assert (found.return_url, found.refresh_url, found.fields) == (BACK, AGAIN, "currently_due")

    cookie = open_link(token, now_wall=world.wall.now)

    assert cookie is not None
    assert open_link(token, now_wall=world.wall.now) is None
    assert link_of(token).state(world.wall.now) == "used"
    world.wall.wait(7199)
    assert holder_of(browser_with(cookie), now_wall=world.wall.now).account_id == found.account_id
    world.wall.wait(1)
    assert holder_of(browser_with(cookie), now_wall=world.wall.now) is None


def test_looking_does_not_use_a_link_up_but_five_minutes_do(world):
    token = made(world, world.seller())
    for _ in range(3):
        link_of(token)
    world.wall.wait(299)
    assert link_of(token).state(world.wall.now) == "open"

    world.wall.wait(1)

    assert link_of(token).state(world.wall.now) == "expired"
    assert open_link(token, now_wall=world.wall.now) is None


def test_a_token_nobody_made_and_a_foreign_cookie_open_nothing(world):
    made(world, world.seller())

    assert link_of("nobody") is None
    assert open_link("nobody", now_wall=world.wall.now) is None
    assert holder_of(browser_with("nobody"), now_wall=world.wall.now) is None
    assert holder_of(RequestFactory().get("/onboarding"), now_wall=world.wall.now) is None


def test_leaving_ends_what_the_cookie_opens(world):
    cookie = open_link(made(world, world.seller()), now_wall=world.wall.now)
    account_links.leave(
        holder_of(browser_with(cookie), now_wall=world.wall.now), now_wall=world.wall.now
    )

    assert holder_of(browser_with(cookie), now_wall=world.wall.now) is None


def test_from_the_first_link_on_the_details_are_the_holders(world):
    seller = world.seller()
    check_still_the_platforms(seller)
    made(world, seller)
    seller.refresh_from_db()

    with pytest.raises(InvalidRequest, match="holder gives these details"):
        check_still_the_platforms(seller)


@pytest.mark.parametrize(
    ("options", "fields"),
    [
        ({}, "currently_due"),
        ({"collect": "eventually_due"}, "eventually_due"),
        (
            {"collection_options": CollectionOptionsParams(fields="eventually_due")},
            "eventually_due",
        ),
    ],
)
def test_a_link_says_how_much_is_asked(world, options, fields):
    assert link_of(made(world, world.seller(), **options)).fields == fields


def test_what_makes_no_sense_makes_no_link(world):
    seller = world.seller()
    with pytest.raises(InvalidRequest) as refusal:
        made(world, seller, refresh_url="javascript:alert(1)")
    assert refusal.value.param == "refresh_url"
    with pytest.raises(InvalidRequest) as refusal:
        made(world, seller, type="account_update")
    assert refusal.value.param == "type"
    with pytest.raises(ResourceMissing):
        made(world, world.seller(platform_id="acct_other"))
