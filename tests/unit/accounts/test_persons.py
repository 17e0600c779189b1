"""Who stands behind a company."""

from __future__ import annotations

import json

import pytest

from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from tests.support.accounts import address, onboarded_company, onboarded_individual
from tests.unit.accounts.world import World

ADA = {
    "first_name": "Ada",
    "last_name": "Byron",
    "dob": {"day": 1, "month": 1, "year": 1901},
    "address": address(),
    "email": "ada@example.com",
    "phone": "0000000000",
    "ssn_last_4": "0000",
    "relationship": {"representative": True, "executive": True, "title": "CEO"},
}


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def company(world: World) -> str:
    return world.create(**onboarded_company())["id"]


def test_a_representative_who_gives_all_is_verified_and_nothing_of_them_is_due(world, company):
    ada = world.add_person(company, **ADA)

    assert ada["verification"]["status"] == "verified"
    assert ada["requirements"]["eventually_due"] == []
    assert ada["relationship"]["representative"] is True
    assert ada["ssn_last_4_provided"] is True
    due = world.update(company)["requirements"]["eventually_due"]
    assert due == ["company.executives_provided", "company.owners_provided"]


def test_what_a_person_has_not_given_is_due_under_their_own_name(world, company):
    ada = world.add_person(company, first_name="Ada", relationship={"owner": True})

    missing = ada["requirements"]["eventually_due"]
    assert "last_name" in missing
    due = world.update(company)["requirements"]["eventually_due"]
    assert f"{ada['id']}.last_name" in due


def test_a_person_who_does_not_match_stops_the_company_until_it_is_mended(world, company):
    ada = world.add_person(company, **ADA | {"dob": {"day": 2, "month": 2, "year": 1980}})
    stopped = world.update(company)
    assert stopped["requirements"]["past_due"] == [f"{ada['id']}.verification.document"]
    assert not stopped["payouts_enabled"]

    document = {"document": {"front": "file_identity_document_success"}}
    mended = world.change_person(company, ada["id"], verification=document)

    assert mended["verification"]["status"] == "verified"
    assert mended["verification"]["document"]["front"] == "file_identity_document_success"
    assert world.update(company)["payouts_enabled"]


def test_the_new_representative_takes_the_place_of_the_old_one(world, company):
    ada = world.add_person(company, **ADA)
    world.add_person(company, **ADA | {"first_name": "Bea"})

    old = world.change_person(company, ada["id"])

    assert old["relationship"]["representative"] is False


def test_the_representative_and_the_only_verified_executive_stay(world, company):
    ada = world.add_person(company, **ADA)
    with pytest.raises(InvalidRequest, match="representative"):
        world.remove_person(company, ada["id"])
    bea = world.add_person(
        company, **ADA | {"first_name": "Bea", "relationship": {"representative": True}}
    )
    with pytest.raises(InvalidRequest, match="only verified executive"):
        world.remove_person(company, ada["id"])
    world.change_person(company, bea["id"], relationship={"executive": True})

    assert world.remove_person(company, ada["id"]) == {
        "id": ada["id"],
        "object": "person",
        "deleted": True,
    }
    with pytest.raises(ResourceMissing):
        world.change_person(company, ada["id"], first_name="Ada")


def test_each_change_of_a_person_is_told_without_their_birth_date(world, company):
    told = len(world.events(company))
    ada = world.add_person(company, **ADA)
    world.change_person(company, ada["id"], last_name="Lovelace")
    world.change_person(company, ada["id"], relationship={"title": "Chair"})

    events = world.events(company)[told:]
    assert [event.type for event in events] == [
        "person.created",
        "account.updated",
        "person.updated",
        "person.updated",
    ]
    assert all(json.loads(event.object)["dob"]["year"] is None for event in (events[0], events[2]))


def test_an_individual_is_a_person_already_and_nobody_else_is_added(world):
    account = world.create(**onboarded_individual())
    itself = world.change_person(account["id"], account["individual"]["id"], maiden_name="Byron")

    assert itself["relationship"]["representative"] is True
    assert itself["maiden_name"] == "Byron"
    with pytest.raises(InvalidRequest, match="one person"):
        world.add_person(account["id"], **ADA)


def test_somebody_elses_person_is_not_found(world, company):
    other = world.create(**onboarded_company())["id"]
    ada = world.add_person(other, **ADA)

    with pytest.raises(ResourceMissing):
        world.change_person(company, ada["id"], first_name="Eve")
    with pytest.raises(ResourceMissing):
        world.remove_person(company, ada["id"])
