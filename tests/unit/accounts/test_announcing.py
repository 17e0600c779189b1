"""What a platform announces: a future requirement until its day, then a requirement."""

from __future__ import annotations

import pytest

from counterfoil.accounts.operations.saving import shown
from counterfoil.kit.clock import DAY
from counterfoil.kit.refused import InvalidRequest
from tests.support.accounts import onboarded_individual
from tests.unit.accounts.test_deadlines import days_pass
from tests.unit.accounts.test_standing import answer, ask, trigger
from tests.unit.accounts.world import World, seen


@pytest.fixture
def seller(world: World) -> str:
    return world.create(**onboarded_individual())["id"]


DOCUMENT = "individual.verification.document"


def announce(world: World, account_id: str, *details: str, **params) -> str:
    return ask(world, account_id, kind="details", details=list(details), **params)


def read(world: World, account_id: str) -> dict:
    return seen(shown(world.row(account_id)))


def due(world: World, account_id: str) -> tuple[dict, dict]:
    account = read(world, account_id)
    return account["requirements"], account["future_requirements"]


def test_what_is_announced_becomes_due_on_its_day_and_then_has_a_deadline(world, seller):
    began = world.now
    announce(world, seller, DOCUMENT, starts_in_days=30, days=10)
    now, later = due(world, seller)
    assert (now["currently_due"], now["current_deadline"]) == ([], None)
    assert DOCUMENT not in now["eventually_due"]
    assert later["currently_due"] == later["eventually_due"] == [DOCUMENT]
    assert later["current_deadline"] == began + 30 * DAY
    individual = read(world, seller)["individual"]
    assert individual["future_requirements"]["currently_due"] == ["verification.document"]

    days_pass(world, began + 30 * DAY)
    now, later = due(world, seller)
    assert now["currently_due"] == [DOCUMENT]
    assert now["current_deadline"] == began + 40 * DAY
    assert later["currently_due"] == []
    assert later["current_deadline"] is None
    assert read(world, seller)["payouts_enabled"]

    days_pass(world, began + 40 * DAY)
    assert not read(world, seller)["payouts_enabled"]


def test_what_is_given_before_its_day_is_never_asked_for(world, seller):
    announce(world, seller, DOCUMENT, starts_in_days=30)
    paper = {"document": {"front": "file_identity_document_success"}}
    world.update(seller, individual={"verification": paper})

    assert due(world, seller)[1]["currently_due"] == []
    days_pass(world, world.now + 60 * DAY)
    assert due(world, seller)[0]["currently_due"] == []
    assert read(world, seller)["payouts_enabled"]


def test_a_question_may_be_announced_too(world, seller):
    question = ask(world, seller, starts_in_days=5)
    assert due(world, seller)[1]["currently_due"] == [f"{question}.additional_info.form"]

    answer(world, seller, question, "Bowls")

    assert due(world, seller)[1]["currently_due"] == []


def test_what_is_announced_is_still_asked_for_at_once_beyond_the_threshold(world, seller):
    announce(world, seller, "individual.id_number", starts_in_days=100)
    trigger(world, seller, "nothing")

    now, later = due(world, seller)
    assert now["currently_due"] == ["individual.id_number"]
    assert later["currently_due"] == []


@pytest.mark.parametrize(
    ("wrong", "param"),
    [
        ({"kind": "details"}, "details"),
        ({"details": [DOCUMENT]}, "details"),
        ({"kind": "details", "details": ["company.name"]}, "details"),
        ({"kind": "details", "details": ["individual.first_name"]}, "details"),
        ({"kind": "details", "details": [DOCUMENT], "text": "Please."}, "text"),
        ({"starts_in_days": -1}, "starts_in_days"),
        ({"starts_in_days": 366}, "starts_in_days"),
    ],
)
def test_what_cannot_be_given_is_not_announced(world, seller, wrong, param):
    with pytest.raises(InvalidRequest) as refusal:
        ask(world, seller, **wrong)

    assert refusal.value.param == param


def test_details_that_are_there_are_not_asked_for(world, seller):
    paper = {"document": {"front": "file_identity_document_success"}}
    world.update(seller, individual={"verification": paper})

    with pytest.raises(InvalidRequest, match="given these details already"):
        announce(world, seller, DOCUMENT)
