"""Whether an account may go on: rejected, deleted, asked, triggered, in its holder's hands."""

from __future__ import annotations

import json

import pytest

from counterfoil.accounts import operations
from counterfoil.accounts.models import Account
from counterfoil.accounts.params import AskQuestion, RejectAccount, UpdateAccount
from counterfoil.accounts.policy import CHARGES_AFTER
from counterfoil.kit.clock import DAY
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from tests.support.accounts import controlled, onboarded_company, onboarded_individual
from tests.unit.accounts.test_deadlines import days_pass
from tests.unit.accounts.world import NOW, World, done


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def seller(world: World) -> str:
    return world.create(**onboarded_individual())["id"]


def where(world: World, account_id: str) -> dict:
    return {
        "platform_id": world.platform.id,
        "livemode": False,
        "account_id": account_id,
        "now": world.now,
    }


def rejected(world: World, account_id: str, reason: str, **more: str) -> dict:
    params = RejectAccount(reason=reason, **more)
    return done(operations.reject_account, params=params, **where(world, account_id))


@pytest.mark.parametrize(
    ("reason", "shown"),
    [
        ("fraud", "rejected.platform_fraud"),
        ("fraud_other", "rejected.platform_fraud"),
        ("fraud_no_intent_to_fulfill", "rejected.platform_fraud"),
        ("terms_of_service", "rejected.platform_terms_of_service"),
        ("credit", "rejected.platform_other"),
        ("other", "rejected.platform_other"),
    ],
)
def test_a_rejected_account_neither_charges_nor_is_paid_until_that_is_taken_back(
    world, seller, reason, shown
):
    account = rejected(world, seller, reason)
    assert account["requirements"]["disabled_reason"] == shown
    assert (account["charges_enabled"], account["payouts_enabled"]) == (False, False)
    assert world.update(seller)["requirements"]["disabled_reason"] == shown

    back = done(operations.unreject_account, **where(world, seller))

    assert (back["charges_enabled"], back["payouts_enabled"]) == (True, True)
    with pytest.raises(InvalidRequest, match="not rejected"):
        done(operations.unreject_account, **where(world, seller))


def test_what_is_there_may_still_be_paid_out_of_a_rejected_account(world, seller):
    account = rejected(world, seller, "other", payouts_action="none")

    assert (account["charges_enabled"], account["payouts_enabled"]) == (False, True)


def test_only_a_platform_that_bears_the_losses_rejects(world):
    roles = {"fees": {"payer": "account"}, "losses": {"payments": "stripe"}}
    account = world.create(**controlled(onboarded_individual(), **roles))["id"]

    with pytest.raises(InvalidRequest, match="losses"):
        rejected(world, account, "other")


def test_a_deleted_account_is_gone_for_its_platform_and_told(world, seller):
    gone = done(operations.delete_account, **where(world, seller))

    assert gone == {"id": seller, "object": "account", "deleted": True}
    assert world.event_types(seller)[-1] == "account.application.deauthorized"
    with pytest.raises(ResourceMissing):
        world.update(seller)
    with pytest.raises(ResourceMissing):
        done(operations.delete_account, **where(world, seller))


def trigger(world: World, account_id: str, block: str, cause: str = "ch_1") -> None:
    operations.ask_for_the_rest(block=block, cause=cause, **where(world, account_id))


def flags(world: World, account_id: str) -> tuple[bool, bool]:
    row = world.row(account_id)
    return row.charges_enabled, row.payouts_enabled


@pytest.mark.parametrize(
    ("block", "charges", "payouts", "past"),
    [
        ("nothing", True, True, []),
        ("charges", False, False, ["individual.id_number"]),
        ("payouts", True, False, ["individual.id_number"]),
    ],
)
def test_a_trigger_makes_the_rest_due_and_may_stop_at_once(
    world, seller, block, charges, payouts, past
):
    trigger(world, seller, block)

    due = world.update(seller)["requirements"]
    assert due["currently_due"] == ["individual.id_number"]
    assert due["past_due"] == past
    assert flags(world, seller) == (charges, payouts)
    world.update(seller, individual={"id_number": "000000000"})
    assert flags(world, seller) == (True, True)


def test_the_same_trigger_acts_once_and_one_more_asks_for_a_document(world, seller):
    trigger(world, seller, "nothing")
    trigger(world, seller, "nothing")
    assert world.update(seller)["requirements"]["currently_due"] == ["individual.id_number"]

    trigger(world, seller, "nothing", cause="ch_2")

    assert (
        "individual.verification.document" in world.update(seller)["requirements"]["currently_due"]
    )


def test_an_account_that_was_never_enabled_is_not_triggered(world):
    blank = world.create(type="express", country="US")["id"]
    trigger(world, blank, "charges")

    assert world.row(blank).requirements_at is None


def ask(world: World, account_id: str, **params) -> str:
    sent = AskQuestion(account=account_id, title="What do you sell?", **params)
    _, question, _ = operations.ask_question(
        platform_id=world.platform.id, livemode=False, params=sent, now=world.now
    )
    return question


def answer(world: World, account_id: str, question: str, text: str) -> dict:
    return done(
        operations.answer_question,
        question_id=question,
        answer=text,
        **where(world, account_id),
    )


def test_a_question_that_nobody_answers_stops_payouts_then_charges(world, seller):
    question = ask(world, seller, days=3)
    due = world.update(seller)["requirements"]
    assert due["currently_due"] == [f"{question}.additional_info.form"]
    assert due["current_deadline"] == NOW + 3 * DAY

    days_pass(world, NOW + 3 * DAY)
    assert flags(world, seller) == (True, False)
    days_pass(world, NOW + 3 * DAY + CHARGES_AFTER)
    assert flags(world, seller) == (False, False)

    answered = answer(world, seller, question, "Bowls and cups")
    assert flags(world, seller) == (True, True)
    assert answered["requirements"]["currently_due"] == []
    with pytest.raises(InvalidRequest, match="answered already"):
        answer(world, seller, question, "Bowls")


def test_a_choice_takes_one_of_its_answers(world, seller):
    question = ask(world, seller, kind="choice", choices=["Yes", "No"])

    for wrong in ("Maybe", " "):
        with pytest.raises(InvalidRequest, match="Give an answer"):
            answer(world, seller, question, wrong)
    answer(world, seller, question, "No")


@pytest.mark.parametrize(
    "wrong", [{"kind": "choice"}, {"choices": ["a", "b"]}, {"days": 0}, {"days": 366}]
)
def test_a_question_that_cannot_be_answered_is_not_asked(world, seller, wrong):
    with pytest.raises(InvalidRequest):
        ask(world, seller, **wrong)


def given_to_holder(world: World, account_id: str) -> Account:
    return operations.hand_over(
        platform_id=world.platform.id, livemode=False, account_id=account_id
    )


@pytest.mark.parametrize("name", ["business_type", "email", "external_account"])
def test_what_the_holder_gives_is_not_the_platforms_to_change_any_more(world, seller, name):
    params = UpdateAccount(**{name: "individual"})
    operations.check_platform_may_change(world.row(seller), params)
    account = given_to_holder(world, seller)

    with pytest.raises(InvalidRequest) as refusal:
        operations.check_platform_may_change(account, params)

    assert refusal.value.param == name
    operations.check_platform_may_change(account, UpdateAccount(metadata={"a": "b"}))


def test_a_platform_that_collects_the_details_keeps_them(world):
    roles = {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
    }
    account = given_to_holder(world, world.create(**controlled(onboarded_company(), **roles))["id"])

    operations.check_platform_may_change(account, UpdateAccount(email="a@example.com"))


def test_where_nothing_is_sold_any_more_capabilities_pause(world, seller):
    paused = {"url": "https://inactivity.stripe.com"}
    account = world.update(seller, business_profile=paused)

    assert account["requirements"]["disabled_reason"] == "other"
    assert account["requirements"]["currently_due"] == []
    assert set(account["capabilities"].values()) == {"inactive"}
    told = [one for one in world.events(seller) if one.type == "capability.updated"]
    reasons = {json.loads(one.object)["requirements"]["disabled_reason"] for one in told}
    assert "paused.inactivity" in reasons
    back = world.update(seller, business_profile={"url": "https://accessible.stripe.com"})
    assert back["payouts_enabled"]


def test_a_company_of_high_risk_is_looked_at_before_it_is_paid(world):
    company = onboarded_company()["company"] | {"name": "Rosen_high_risk"}
    account = world.create(**onboarded_company(company=company))

    assert account["requirements"]["disabled_reason"] == "under_review"
    assert (account["charges_enabled"], account["payouts_enabled"]) == (False, False)


def test_a_person_accepts_the_terms_as_well(world):
    company = world.create(**onboarded_company())["id"]
    accepted = {"date": str(NOW), "ip": "203.0.113.9", "user_agent": "Lynx"}
    person = world.add_person(
        company, first_name="Bea", additional_tos_acceptances={"account": accepted}
    )

    shown = person["additional_tos_acceptances"]["account"]
    assert shown == accepted | {"date": NOW}
