"""Requirements that change by themselves: deadlines act by the clock, thresholds are looked at."""

from __future__ import annotations

import pytest

from counterfoil.accounts.deadlines import WEEK, demand
from counterfoil.accounts.due import next_due, run_due
from counterfoil.accounts.operations.changing import changed_account
from counterfoil.accounts.policy import CHARGES_AFTER, GRACE, THRESHOLDS
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import insert_rows
from tests.support.accounts import onboarded_company, onboarded_individual
from tests.unit.accounts.world import NOW, World, seen


@pytest.fixture
def world(db: None) -> World:
    return World()


def asked(world: World, account_id: str, *keys: str, **how) -> dict:
    with changed_account(
        platform_id=world.platform.id, livemode=False, account_id=account_id, now=world.now
    ) as change:
        demand(change.profile, keys, now=world.now, **how)
    return seen(change.after)


def days_pass(world: World, to: int) -> int:
    """As the platform's clock does it: everything due, at its own moment."""
    done = 0
    while (moment := next_due(world.platform.id, False, to)) is not None:
        done += run_due(world.platform.id, False, moment)
    world.now = to
    return done


def flags(world: World, account_id: str) -> tuple[bool, bool]:
    row = world.row(account_id)
    return row.payouts_enabled, row.charges_enabled


def test_a_missed_deadline_stops_payouts_then_charges_and_giving_it_brings_both_back(world):
    seller = world.create(**onboarded_individual())["id"]
    due = asked(world, seller, "individual.id_number")["requirements"]
    assert due["currently_due"] == ["individual.id_number"]
    assert due["past_due"] == []
    assert due["current_deadline"] == NOW + GRACE
    assert due["disabled_reason"] is None

    days_pass(world, NOW + GRACE - 1)
    assert flags(world, seller) == (True, True)
    days_pass(world, NOW + GRACE)
    assert flags(world, seller) == (False, True)
    days_pass(world, NOW + GRACE + CHARGES_AFTER - 1)
    assert flags(world, seller) == (False, True)
    days_pass(world, NOW + GRACE + CHARGES_AFTER)
    assert flags(world, seller) == (False, False)
    row = world.update(seller)
    assert row["requirements"]["past_due"] == ["individual.id_number"]
    assert row["requirements"]["disabled_reason"] == "requirements.past_due"
    assert [error["code"] for error in row["requirements"]["errors"]] == ["information_missing"]

    cured = world.update(seller, individual={"id_number": "000000000"})

    assert flags(world, seller) == (True, True)
    assert cured["requirements"]["currently_due"] == []
    assert cured["requirements"]["current_deadline"] is None


def test_each_step_is_told_once(world):
    seller = world.create(**onboarded_individual())["id"]
    asked(world, seller, "individual.id_number")
    told = len(world.event_types(seller))

    days_pass(world, NOW + GRACE + CHARGES_AFTER + 30 * DAY)

    assert world.event_types(seller)[told:] == [
        "account.updated",  # payouts stop
        "account.updated",  # charges stop
        "capability.updated",
        "capability.updated",
    ]
    assert days_pass(world, world.now + 30 * DAY) == 0


def test_what_was_given_in_time_never_acts(world):
    seller = world.create(**onboarded_individual())["id"]
    asked(world, seller, "individual.id_number")
    world.update(seller, individual={"id_number": "000000000"})

    assert days_pass(world, NOW + 60 * DAY) == 0
    assert flags(world, seller) == (True, True)


def test_what_is_taken_back_after_its_deadline_is_missed_at_once(world):
    seller = world.create(**onboarded_individual())["id"]
    asked(world, seller, "individual.id_number")
    world.update(seller, individual={"id_number": "000000000"})
    days_pass(world, NOW + GRACE + CHARGES_AFTER)

    without = world.update(seller, individual={"id_number": ""})

    assert without["requirements"]["past_due"] == ["individual.id_number"]
    assert flags(world, seller) == (False, False)


def test_a_demand_on_a_companys_people_holds_whoever_they_turn_out_to_be(world):
    company = world.create(**onboarded_company())["id"]

    due = asked(world, company, "people")["requirements"]

    assert "representative.first_name" in due["currently_due"]
    assert due["current_deadline"] == NOW + GRACE


@pytest.mark.parametrize(("more", "is_asked"), [(0, True), (-1, False)])
def test_who_earns_as_much_as_the_threshold_is_asked_for_the_rest(world, more, is_asked):
    seller = world.create(**onboarded_individual())["id"]
    earned(world, seller, THRESHOLDS["US"] + more)

    days_pass(world, NOW + WEEK)

    due = world.update(seller)["requirements"]
    assert due["currently_due"] == (["individual.id_number"] if is_asked else [])
    assert due["eventually_due"] == ["individual.id_number"]
    assert (due["current_deadline"] is not None) == is_asked


def test_thousands_below_the_threshold_are_looked_at_without_telling_anybody(world):
    seller = world.create(**onboarded_individual())["id"]
    before = world.event_types(seller)
    revision = world.row(seller).revision

    assert days_pass(world, NOW + 10 * WEEK) == 0

    assert world.event_types(seller) == before
    assert world.row(seller).revision == revision
    assert world.row(seller).requirements_at > NOW + 10 * WEEK


def test_where_no_threshold_is_named_nothing_waits(world):
    account = onboarded_individual("DE") | {"country": "SG", "external_account": None}
    account.pop("external_account")

    assert world.row(world.create(**account)["id"]).requirements_at is None


def earned(world: World, account_id: str, gross: int) -> None:
    columns = ("owner", "livemode", "currency", "day", "spread", "gross", "fee", "net", "count")
    row = (account_id, False, "usd", 20_000, 0, gross, 0, gross, 1)
    insert_rows("ledger_dailyvolume", columns, [row])
