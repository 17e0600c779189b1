from __future__ import annotations

import hashlib

import pytest

from counterfoil.access.links import login_link_url
from counterfoil.access.models import LoginLink
from counterfoil.access.policy import CLOSED
from counterfoil.kit.refused import InvalidRequest, ResourceMissing


def test_a_link_is_known_by_its_hash_alone(world):
    seller = world.seller()

    token = world.token(seller, redirect_url="https://bazaar.example/bye")

    assert len(token) >= 22  # 128 bits of base 62
    link = LoginLink.objects.get()
    assert link.sha256 == hashlib.sha256(token.encode()).hexdigest()
    assert link.account_id == seller.id
    assert link.redirect_url == "https://bazaar.example/bye"
    assert link.expires_at - link.created == 300
    assert token not in str(link.__dict__.values())


def test_no_two_links_are_alike(world):
    seller = world.seller()

    assert len({world.token(seller) for _ in range(20)}) == 20


def test_the_address_of_a_link_has_the_published_shape():
    url = login_link_url("https://pay.example", "acct_1", "secret")

    assert url == "https://pay.example/express/acct_1/secret"


def test_an_account_that_is_not_onboarded_is_refused_in_the_words_clients_match(world):
    seller = world.seller(details_submitted=False)

    with pytest.raises(InvalidRequest) as refusal:
        world.token(seller)

    assert refusal.value.message == (
        "Cannot create a login link for an account that has not completed onboarding."
    )
    assert not LoginLink.objects.exists()


@pytest.mark.parametrize("dashboard", ["full", "none"])
@pytest.mark.parametrize("onboarded", [True, False])
def test_an_account_without_the_express_dashboard_is_refused(world, dashboard, onboarded):
    seller = world.seller(dashboard_type=dashboard, details_submitted=onboarded)

    with pytest.raises(InvalidRequest, match="does not use the Express Dashboard"):
        world.token(seller)


@pytest.mark.parametrize(
    "changes",
    [
        {"platform_id": "acct_another"},
        {"livemode": True},
        {"account_id": "acct_unknown"},
    ],
)
def test_an_account_out_of_reach_does_not_exist(world, changes):
    seller = world.seller()

    with pytest.raises(ResourceMissing):
        world.token(seller, **changes)


def test_a_closed_account_is_refused_as_no_longer_connected(world):
    seller = world.seller(deleted_at=world.wall.now)

    with pytest.raises(InvalidRequest) as refusal:
        world.token(seller)
    assert (refusal.value.message, refusal.value.code) == (CLOSED, None)


def test_a_bad_redirect_address_makes_no_link(world):
    with pytest.raises(InvalidRequest):
        world.token(world.seller(), redirect_url="javascript:alert(1)")

    assert not LoginLink.objects.exists()
