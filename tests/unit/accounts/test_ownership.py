"""Whose a bank account is, for the numbers that have it checked (reference test-data §7)."""

from __future__ import annotations

import pytest

from counterfoil.accounts.facts import OWNERSHIP
from counterfoil.accounts.operations.saving import shown
from counterfoil.accounts.policy import GRACE
from counterfoil.kit.clock import DAY
from counterfoil.kit.refused import InvalidRequest
from tests.support.accounts import bank, onboarded_individual
from tests.unit.accounts.test_deadlines import days_pass
from tests.unit.accounts.world import World, seen

BY_BANK, BY_PAPER = (bank(account_number=f"00099999999{last}") for last in (1, 2))
GOOD, BAD = "file_identity_document_success", "file_identity_document_failure"


def read(world: World, account_id: str) -> dict:
    return seen(shown(world.row(account_id)))


def hand_in(world: World, account_id: str, *files: str) -> dict:
    papers = {"bank_account_ownership_verification": {"files": list(files)}}
    return world.update(account_id, documents=papers)


@pytest.mark.parametrize("later", [False, True])
def test_a_bank_says_in_a_day_whose_its_account_is(world, later):
    if later:
        seller = world.create(**onboarded_individual())["id"]
        world.update(seller, external_account=BY_BANK)
    else:
        seller = world.create(**onboarded_individual(external_account=BY_BANK))["id"]
    account = read(world, seller)
    assert account["requirements"]["pending_verification"] == [OWNERSHIP]
    assert account["payouts_enabled"]

    days_pass(world, world.now + DAY)

    account = read(world, seller)
    assert account["requirements"]["pending_verification"] == []
    assert account["payouts_enabled"]
    assert world.event_types(seller)[-1] == "account.updated"


def test_a_paper_is_asked_for_and_stops_payouts_alone_until_it_is_given(world):
    seller = world.create(**onboarded_individual())["id"]
    world.add_external(seller, external_account=BY_PAPER)
    due = read(world, seller)["requirements"]
    assert (due["currently_due"], due["current_deadline"]) == ([OWNERSHIP], world.now + GRACE)

    days_pass(world, world.now + GRACE)
    account = read(world, seller)
    assert (account["charges_enabled"], account["payouts_enabled"]) == (True, False)

    refused = hand_in(world, seller, BAD)
    (error,) = refused["requirements"]["errors"]
    assert (error["requirement"], error["code"]) == (
        OWNERSHIP,
        "verification_document_failed_other",
    )
    assert (refused["charges_enabled"], refused["payouts_enabled"]) == (True, False)
    accepted = hand_in(world, seller, GOOD, GOOD)
    assert accepted["requirements"]["currently_due"] == []
    assert accepted["payouts_enabled"]


def test_nothing_is_asked_about_a_bank_account_that_is_no_longer_there(world):
    seller = world.create(**onboarded_individual(external_account=BY_PAPER))["id"]
    assert read(world, seller)["requirements"]["currently_due"] == [OWNERSHIP]

    account = world.update(seller, external_account=bank())
    assert account["requirements"]["eventually_due"] == ["individual.id_number"]

    added = world.add_external(seller, external_account=BY_BANK)
    assert read(world, seller)["requirements"]["pending_verification"] == [OWNERSHIP]
    world.delete_external(seller, added["id"])
    assert read(world, seller)["requirements"]["pending_verification"] == []


def test_three_files_are_too_many(world):
    seller = world.create(**onboarded_individual(external_account=BY_PAPER))["id"]

    with pytest.raises(InvalidRequest, match="one or two files"):
        hand_in(world, seller, GOOD, GOOD, GOOD)
