"""Top-ups: money from a bank, by the clock in test mode, by an operator in live mode."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from counterfoil.accounts.operations import create_token
from counterfoil.accounts.params import BankAccountParams, CreateToken
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.ledger.queries import TransactionFilter, list_transactions
from counterfoil.payments.operations import topups
from counterfoil.payments.topup_params import UpdateTopup
from counterfoil.payments.topup_rows import TopupRow
from counterfoil.payments.wire.topup import topup_wire
from tests.contract.sdk_types import assert_valid
from tests.support.books import violations
from tests.support.builders import (
    DAY,
    NOW,
    Balance,
    World,
    nothing_written,
    one_request,
    shown,
    table,
    utc,
)

pytestmark = pytest.mark.django_db

cancel_topup = one_request(topups.cancel_topup)
fail_topup = one_request(topups.fail_topup)
settle_topup = one_request(topups.settle_topup)
update_topup = one_request(topups.update_topup)

# Monday 3 November 2025 and five business days, Tuesday the 11th being a bank holiday.
ANSWER = utc(2025, 11, 10)


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


# ---- By the clock ----


def test_a_top_up_brings_nothing_until_the_bank_has_answered(world):
    topup = world.top_up(20_000, description="Float", statement_descriptor="Float 1")

    assert shown(topup_wire(topup)) | {"id": "", "metadata": {}} == {
        "id": "",
        "object": "topup",
        "amount": 20_000,
        "balance_transaction": None,
        "created": NOW,
        "currency": "usd",
        "description": "Float",
        "expected_availability_date": ANSWER,
        "failure_code": None,
        "failure_message": None,
        "initiated_by": "user",
        "livemode": False,
        "metadata": {},
        "source": None,
        "statement_descriptor": "Float 1",
        "status": "pending",
        "transfer_group": None,
    }
    assert world.transactions(world.id) == []
    assert world.pass_until(ANSWER - 1) == 0
    assert world.find(TopupRow, topup.id).status == "pending"


def test_a_top_up_is_available_the_moment_it_succeeds(world):
    topup = world.top_up(20_000)
    assert world.pass_until(ANSWER) == 1

    assert world.rows(P=world.id) == table("P topup 20000 0 20000 tu_")
    assert world.balance() == Balance(available=20_000)
    assert shown(topup_wire(world.find(TopupRow, topup.id)))["status"] == "succeeded"
    assert world.events() == ["topup.created", "topup.succeeded", "balance.available"]


def test_the_event_shows_the_balance_that_the_money_made(world):
    world.top_up(20_000)
    world.pass_until(ANSWER)
    kind, balance = world.told()[-1]

    assert_valid(balance)
    assert kind == "balance.available"
    assert balance["available"][0]["amount"] == 20_000


def test_topped_up_money_may_be_transferred(world):
    account = world.seller()
    world.top_up(5000)
    world.pass_until(ANSWER)
    world.transfer(5000, to=account)

    assert world.balance() == Balance()


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("btok_us_verified_noAccount", "no_account"),
        ("btok_us_verified_accountClosed", "account_closed"),
        ("btok_us_verified_insufficientFunds", "insufficient_funds"),
        ("btok_us_verified_debitNotAuthorized", "debit_not_authorized"),
        ("btok_us_verified_invalidCurrency", "invalid_currency"),
    ],
)
def test_a_bank_may_say_no(world, token, code):
    topup = world.top_up(5000, source=token)
    world.pass_until(ANSWER)
    wire = shown(topup_wire(world.find(TopupRow, topup.id)))

    assert (wire["status"], wire["failure_code"]) == ("failed", code)
    assert wire["failure_message"]
    assert world.transactions(world.id) == []
    assert world.events() == ["topup.created", "topup.failed"]


def test_a_verified_bank_account_pays(world):
    world.top_up(5000, source="btok_us_verified")
    world.pass_until(ANSWER)

    assert world.balance() == Balance(available=5000)


def bank_token(world: World, number: str, **more: str) -> str:
    numbers = {"country": "US", "account_number": number, "routing_number": "110000000"} | more
    params = CreateToken(bank_account=BankAccountParams(**numbers))
    return create_token(scope=world.scope, params=params, now=world.now).id


@pytest.mark.parametrize(
    ("number", "status"), [("000123456789", "succeeded"), ("000222222227", "failed")]
)
def test_a_test_account_number_decides_too(world, number, status):
    topup = world.top_up(5000, source=bank_token(world, number))
    world.pass_until(ANSWER)

    assert world.find(TopupRow, topup.id).status == status


def test_a_german_bank_debit_counts_target_days(world):
    numbers = {"country": "DE", "routing_number": ""}
    token = bank_token(world, "DE89370400440532013000", **numbers)
    topup = world.top_up(5000, "eur", source=token)

    # Tuesday 11 November is no holiday there.
    assert topup.expected_on == utc(2025, 11, 10)
    world.now = utc(2025, 11, 7)
    assert world.top_up(1, source="btok_us_verified").expected_on == utc(2025, 11, 17)


def test_a_token_serves_once(world):
    token = bank_token(world, "000123456789")
    world.top_up(5000, source=token)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.top_up(5000, source=token)

    assert refusal.value.code == "token_already_used"


# ---- Refused ----


@pytest.mark.parametrize(
    ("sent", "param", "code"),
    [
        ({"amount": 0}, "amount", "parameter_invalid_integer"),
        ({"amount": -5}, "amount", "parameter_invalid_integer"),
        ({"amount": 10**11}, "amount", "amount_too_large"),
        ({"currency": "xxx"}, "currency", None),
        ({"source": "btok_us_verified", "currency": "eur"}, "currency", None),
        ({"source": "tok_visa_debit"}, "source", "bank_account_unusable"),
        ({"source": "btok_nobody"}, "source", "resource_missing"),
        ({"statement_descriptor": "sixteen letters!"}, "statement_descriptor", None),
        ({"statement_descriptor": "12345"}, "statement_descriptor", None),
        ({"statement_descriptor": "Größe"}, "statement_descriptor", None),
        ({"transfer_group": "g" * 256}, "transfer_group", None),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(world, sent, param, code):
    asked = {"amount": 1000, "currency": "usd"} | sent
    with nothing_written(), pytest.raises((InvalidRequest, ResourceMissing)) as refusal:
        world.top_up(**asked)

    assert (refusal.value.param, refusal.value.code) == (param, code)


# ---- Canceled, reversed, changed ----


def test_a_pending_top_up_can_be_canceled_and_stays_so(world):
    topup = world.top_up(5000)
    row = cancel_topup(scope=world.scope, topup_id=topup.id, now=world.now)
    shown(topup_wire(row))

    assert row.status == "canceled"
    assert world.pass_until(ANSWER) == 0
    assert world.events() == ["topup.created", "topup.canceled"]
    with pytest.raises(InvalidRequest) as refusal:
        cancel_topup(scope=world.scope, topup_id=topup.id, now=world.now)
    assert refusal.value.code == "status_transition_invalid"


def test_a_top_up_that_came_cannot_be_canceled(world):
    topup = world.top_up(5000)
    world.pass_until(ANSWER)
    with nothing_written(), pytest.raises(InvalidRequest):
        cancel_topup(scope=world.scope, topup_id=topup.id, now=world.now)


def test_money_that_came_and_went_is_reversed(world):
    topup = world.top_up(5000)
    world.pass_until(ANSWER)
    world.now += DAY
    row = fail_topup(
        topup_id=topup.id, scope=world.scope, code="debit_not_authorized", now=world.now
    )

    assert shown(topup_wire(row))["status"] == "reversed"
    assert world.rows(P=world.id) == table("""
        P topup           5000 0  5000 tu_
        P topup_reversal -5000 0 -5000 tu_
    """)
    assert world.balance() == Balance()
    assert world.events()[-1] == "topup.reversed"
    with nothing_written(), pytest.raises(InvalidRequest):
        fail_topup(topup_id=topup.id, scope=world.scope, code="no_account", now=world.now)


def test_a_pending_top_up_made_to_fail_brings_nothing_later(world):
    topup = world.top_up(5000)
    fail_topup(topup_id=topup.id, scope=world.scope, code="no_account", now=world.now)

    assert world.pass_until(ANSWER + DAY) == 0
    assert world.find(TopupRow, topup.id).status == "failed"


def test_description_and_metadata_change_and_nothing_else(world):
    topup = world.top_up(5000, description="Float", metadata={"batch": "7", "old": "1"})
    row = update_topup(
        scope=world.scope,
        topup_id=topup.id,
        params=UpdateTopup(description="", metadata={"old": "", "new": "2"}),
        now=world.now,
    )
    wire = shown(topup_wire(row))

    assert (wire["description"], wire["metadata"]) == (None, {"batch": "7", "new": "2"})
    assert shown(topup_wire(world.find(TopupRow, topup.id))) == wire


def test_a_foreign_top_up_is_unknown(world):
    topup = world.top_up(5000)
    stranger = World(name="Fair")
    with pytest.raises(ResourceMissing):
        cancel_topup(scope=stranger.scope, topup_id=topup.id, now=world.now)


# ---- Live mode ----


@one_request
def counterfoil(*arguments: str) -> str:
    out = io.StringIO()
    call_command("topups", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def live(world):
    return world.top_up(7500, caller=world.live)


def test_a_live_top_up_waits_for_an_operator(world, live):
    wire = shown(topup_wire(live))

    assert (wire["livemode"], wire["expected_availability_date"]) == (True, None)
    assert live.reference is not None
    assert live.reference.startswith("CF-")
    assert world.pass_until(ANSWER + 30 * DAY) == 0
    assert counterfoil("list").split() == [live.id, live.reference, world.id, "75.00", "USD"]


@pytest.mark.parametrize("name", ["id", "reference"])
def test_an_operator_confirms_what_the_bank_statement_shows(world, live, name):
    assert "succeeded 75.00 USD" in counterfoil("confirm", getattr(live, name))

    assert [row.amount for row in live_transactions(world)] == [7500]
    with pytest.raises(CommandError, match="only pending"):
        counterfoil("confirm", live.id)
    assert counterfoil("list") == "No live top-up is waiting.\n"


def test_an_operator_may_say_that_it_never_came(world, live):
    assert "failed 75.00 USD" in counterfoil("fail", live.id)
    assert live_transactions(world) == []


def live_transactions(world):
    return list_transactions(world.live.scope, TransactionFilter(), PageRequest()).rows


def test_the_clock_answers_test_top_ups_and_no_operator_does(world):
    topup = world.top_up(5000)
    with pytest.raises(CommandError, match="clock advance"):
        counterfoil("confirm", topup.id)
    with pytest.raises(CommandError, match="No such top-up"):
        counterfoil("confirm", "CF-NOBODY")
    with pytest.raises(CommandError, match="Which top-up"):
        counterfoil("confirm")


def test_live_mode_takes_no_test_bank(world):
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.top_up(5000, caller=world.live, source="btok_us_verified")

    assert refusal.value.param == "source"


def test_settling_by_hand_is_settling(world):
    topup = world.top_up(5000)
    settle_topup(topup_id=topup.id, scope=world.scope, now=world.now)

    assert world.balance() == Balance(available=5000)
    assert world.pass_until(ANSWER) == 0
