"""Transfers: from the balance, out of a charge, and what they are refused for (api.md §5.1)."""

from __future__ import annotations

import pytest

from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest, ResourceMissing
from counterfoil.payments.rows import ChargeRow, TransferRow
from counterfoil.payments.wire import charge_wire, transfer_wire
from counterfoil.platforms.settings import PlatformSettings
from tests.support.builders import DAY, NOW, WEDNESDAY, Balance, World, nothing_written, shown


@pytest.fixture
def account(world):
    return world.seller()


def test_a_transfer_shows_what_was_sent(world, account):
    world.fund(10_000)
    made = world.transfer(
        5000,
        to=account,
        description="Bonus",
        metadata={"month": "October"},
        transfer_group="bonus-10",
        source_type="card",
    )

    wire = shown(transfer_wire(world.find(TransferRow, made.id)))
    assert (wire["amount"], wire["currency"], wire["amount_reversed"]) == (5000, "usd", 0)
    assert (wire["destination"], wire["source_transaction"]) == (account, None)
    assert (wire["description"], wire["metadata"]) == ("Bonus", {"month": "October"})
    assert wire["transfer_group"] == "bonus-10"
    assert wire["reversed"] is False
    assert wire["reversals"] == {
        "object": "list",
        "data": [],
        "has_more": False,
        "url": f"/v1/transfers/{made.id}/reversals",
    }


def test_a_transfer_makes_a_payment_on_the_account(world, account):
    world.fund(10_000)
    made = world.transfer(5000, to=account)

    payment = world.payment_of(made)
    wire = shown(charge_wire(payment))
    assert wire["id"].startswith("py_")
    assert payment.account_id == account
    assert (wire["amount"], wire["amount_captured"], wire["paid"]) == (5000, 5000, True)
    assert wire["source_transfer"] == made.id
    assert wire["payment_method_details"] == {"type": "stripe_account", "stripe_account": {}}
    assert wire["application"].startswith("ca_")


# ---- Out of the available balance ----


def test_a_transfer_may_take_all_that_is_available(world, account):
    world.fund(10_000)
    world.transfer(9680, to=account)

    assert world.balance() == Balance()


@pytest.mark.parametrize("amount", [9681, 10_000, 999_999_999_999])
def test_a_transfer_beyond_the_available_balance_is_refused(world, account, amount):
    world.fund(10_000)
    world.charge(50_000)  # pending money does not count
    with nothing_written(), pytest.raises(BalanceInsufficient) as refusal:
        world.transfer(amount, to=account)

    assert refusal.value.code == "balance_insufficient"
    assert "96.80 USD is available" in refusal.value.message
    assert "4000000000000077" in refusal.value.message


@pytest.mark.django_db
def test_each_currency_has_a_balance_of_its_own():
    world = World(settings=PlatformSettings(settlement_currencies=["gbp"]))
    account = world.seller("GB")
    world.fund(10_000, "gbp")
    with nothing_written(), pytest.raises(BalanceInsufficient):
        world.transfer(100, "usd", to=account)

    world.transfer(100, "GBP", to=account)
    assert world.balance(account, "gbp") == Balance(available=100)


def test_money_is_there_once_the_charge_is_available(world, account):
    world.charge(10_000)
    with nothing_written(), pytest.raises(BalanceInsufficient):
        world.transfer(9680, to=account, now=WEDNESDAY - 1)

    world.transfer(9680, to=account, now=WEDNESDAY)
    assert world.balance(account, now=WEDNESDAY) == Balance(available=9680)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (None, "parameter_missing"),
        (0, "parameter_invalid_integer"),
        (-5, "parameter_invalid_integer"),
        (10**12, "amount_too_large"),
        (10**30, "amount_too_large"),
    ],
)
def test_an_amount_that_cannot_be_is_refused(world, account, amount, code):
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(amount, to=account)

    assert (refusal.value.code, refusal.value.param) == (code, "amount")


# ---- Out of a charge ----


def test_out_of_a_charge_the_amount_may_be_left_to_us(world, account):
    charge = world.charge(10_000)
    first = world.transfer(7000, to=account, source_transaction=charge.id)
    rest = world.transfer(None, to=account, source_transaction=charge.id)

    assert (first.amount, rest.amount) == (7000, 3000)


def test_transfers_out_of_a_charge_share_its_group(world, account):
    charge = world.charge(10_000)
    first = world.transfer(1000, to=account, source_transaction=charge.id)
    second = world.transfer(1000, to=account, source_transaction=charge.id)
    other = world.transfer(1000, to=account, source_transaction=charge.id, transfer_group="mine")

    group = world.find(ChargeRow, charge.id).transfer_group
    assert first.transfer_group == second.transfer_group == group == f"group_{charge.id}"
    assert other.transfer_group == "mine"


def test_the_group_of_a_paid_intent_is_named_after_it(world, account):
    intent = world.intent(10_000, payment_method="pm_card_visa", confirm=True)
    made = world.transfer(1000, to=account, source_transaction=intent.latest_charge_id)

    assert made.transfer_group == f"group_{intent.id}"


@pytest.mark.parametrize("amounts", [[10_001], [7000, 3001], [10_000, 1], [10_000, None]])
def test_transfers_out_of_a_charge_are_no_more_than_the_charge(world, account, amounts):
    charge = world.charge(10_000)
    *fitting, last = amounts
    for amount in fitting:
        world.transfer(amount, to=account, source_transaction=charge.id)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(last, to=account, source_transaction=charge.id)

    assert (refusal.value.code, refusal.value.param) == ("charge_exceeds_source_limit", "amount")
    assert "must not exceed the source amount of 100.00 USD." in refusal.value.message


def test_what_a_destination_charge_passed_on_is_not_there_again(world, account):
    charge = world.charge(10_000, to=account, share=8000)
    with nothing_written(), pytest.raises(InvalidRequest):
        world.transfer(2001, to=account, source_transaction=charge.id)

    world.transfer(2000, to=account, source_transaction=charge.id)
    assert world.balance(account) == Balance(pending=10_000)


def test_only_what_was_captured_can_be_passed_on(world, account):
    charge = world.charge(10_000, capture=False)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(1, to=account, source_transaction=charge.id)
    assert refusal.value.param == "source_transaction"

    world.capture_charge(charge, amount=6000)
    with nothing_written(), pytest.raises(InvalidRequest):
        world.transfer(6001, to=account, source_transaction=charge.id)
    world.transfer(6000, to=account, source_transaction=charge.id)


def test_a_failed_charge_has_nothing_to_pass_on(world, account):
    charge = world.try_charge(source="tok_visa_chargeDeclined").charge
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(1, to=account, source_transaction=charge.id)

    assert refusal.value.param == "source_transaction"


def test_the_currency_is_the_charges(world, account):
    charge = world.charge(10_000, "usd")
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(100, "eur", to=account, source_transaction=charge.id)

    assert refusal.value.code == "transfer_source_balance_parameters_mismatch"
    assert refusal.value.param == "currency"


def test_out_of_an_available_charge_money_arrives_available(world, account):
    charge = world.charge(10_000, now=NOW - 7 * DAY)
    world.transfer(5000, to=account, source_transaction=charge.id)

    assert world.balance(account) == Balance(available=5000)


@pytest.mark.parametrize("source", ["ch_nobody", "direct", "foreign"])
def test_the_source_is_a_charge_of_the_platform(world, account, source):
    ident = {
        "ch_nobody": lambda: "ch_nobody",
        "direct": lambda: world.charge(10_000, on=account).id,
        "foreign": lambda: World(name="Elsewhere").charge(10_000).id,
    }[source]()
    with nothing_written(), pytest.raises(ResourceMissing) as refusal:
        world.transfer(100, to=account, source_transaction=ident)

    assert refusal.value.param == "source_transaction"
    assert refusal.value.message == f"No such charge: '{ident}'"


# ---- To whom ----


def test_an_account_that_is_not_ready_receives_nothing(world):
    newcomer = world.newcomer()
    world.fund(10_000)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(100, to=newcomer)

    assert (refusal.value.code, refusal.value.param) == ("capability_not_active", "destination")


def test_a_foreign_account_receives_nothing(world):
    world.fund(10_000)
    for ident in (World(name="Elsewhere").seller(), world.id, "acct_nobody"):
        with nothing_written(), pytest.raises(ResourceMissing) as refusal:
            world.transfer(100, to=ident)
        assert refusal.value.param == "destination"


def test_transfers_start_from_the_platform(world, account):
    other = world.seller()
    world.charge(10_000, on=account, source="tok_bypassPending")
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(100, to=other, on=account)

    assert refusal.value.code == "transfers_not_allowed"


def test_live_money_is_not_test_money(world, account):
    """Test mode's balance and accounts are nothing to live mode."""
    world.fund(10_000)
    with nothing_written(), pytest.raises(ResourceMissing):
        world.transfer(100, to=account, caller=world.live)


# ---- Update ----


def test_a_transfer_can_say_something_else(world, account):
    world.fund(10_000)
    made = world.transfer(100, to=account, description="Bonus", metadata={"a": "1"})
    world.update_transfer(made, description="", metadata={"b": "2"})

    wire = shown(transfer_wire(world.find(TransferRow, made.id)))
    assert (wire["description"], wire["metadata"]) == (None, {"a": "1", "b": "2"})
    kind, told = world.told()[-1]
    assert (kind, told) == ("transfer.updated", wire)
    with nothing_written():
        world.update_transfer(made, metadata={"b": "2"})


@pytest.mark.parametrize(
    "metadata", [{"k" * 41: "x"}, {"k": "x" * 501}, {f"k{n}": "x" for n in range(51)}]
)
def test_metadata_has_limits(world, account, metadata):
    world.fund(10_000)
    made = world.transfer(100, to=account)
    for attempt in (
        lambda: world.transfer(100, to=account, metadata=metadata),
        lambda: world.update_transfer(made, metadata=metadata),
    ):
        with nothing_written(), pytest.raises(InvalidRequest, match="Metadata"):
            attempt()


def test_a_transfer_group_has_a_limit(world, account):
    world.fund(10_000)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(100, to=account, transfer_group="g" * 256)

    assert refusal.value.param == "transfer_group"


def test_an_unknown_transfer_is_missing(world):
    with nothing_written(), pytest.raises(ResourceMissing) as refusal:
        world.update_transfer("tr_nobody", description="x")

    assert refusal.value.param == "id"
