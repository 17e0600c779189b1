"""Details that a holder's browser turns into a token, for the platform to use once, unseen."""

from __future__ import annotations

import pytest

from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from tests.support.accounts import onboarded_company, onboarded_individual
from tests.unit.accounts.world import World

WHO = onboarded_individual()


def account_token(world: World) -> dict:
    details = {"business_type": "individual", "individual": WHO["individual"]}
    return world.token(account=details | {"tos_shown_and_accepted": True})


def test_an_account_is_onboarded_by_a_token_that_nobody_can_read(world):
    token = account_token(world)
    assert (token["type"], token["used"], token["id"][:3]) == ("account", False, "ct_")
    assert "individual" not in token
    without = onboarded_individual(business_type=None, individual=None, tos_acceptance=None)

    account = world.create(**without, account_token=token["id"])

    assert account["individual"]["first_name"] == WHO["individual"]["first_name"]
    assert account["tos_acceptance"]["date"] == world.now
    # Where the token was made, no address is known in this test: it is all that is missing.
    assert account["requirements"]["currently_due"] == ["tos_acceptance.ip"]


def test_a_token_of_details_is_used_once_and_for_its_own_purpose(world):
    token = account_token(world)["id"]
    account = world.create(type="express", country="US", account_token=token)["id"]

    with pytest.raises(InvalidRequest, match="more than once"):
        world.update(account, account_token=token)
    other = account_token(world)["id"]
    with pytest.raises(ResourceMissing):
        world.add_external(account, external_account=other)
    with pytest.raises(InvalidRequest, match="not both"):
        world.update(account, account_token=other, individual={"first_name": "Eve"})
    # What was refused used nothing up.
    assert world.update(account, account_token=other)["individual"]["last_name"] == "Rosen"


def test_a_person_comes_by_a_token(world):
    company = world.create(**onboarded_company())["id"]
    owner = {"first_name": "Bea", "last_name": "Low", "relationship": {"owner": True}}
    token = world.token(person=owner)
    assert (token["type"], token["id"][:4]) == ("person", "cpt_")

    person = world.add_person(company, person_token=token["id"])

    assert (person["first_name"], person["relationship"]["owner"]) == ("Bea", True)
    renamed = world.token(person={"first_name": "Beatrice"})["id"]
    assert world.change_person(company, person["id"], person_token=renamed)["last_name"] == "Low"


def test_details_are_checked_when_their_token_is_used(world):
    token = world.token(person={"dob": {"day": 31, "month": 2, "year": 1990}})["id"]
    company = world.create(**onboarded_company())["id"]

    with pytest.raises(InvalidRequest) as refusal:
        world.add_person(company, person_token=token)

    assert refusal.value.param == "dob"
