"""What a charge is refused for: amounts, fees, parties, texts, live mode. Nothing is written.

The same rules hold for charges and payment intents, so each case runs through both.
"""

from __future__ import annotations

import pytest

from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.platforms.settings import PlatformSettings
from tests.support.builders import Balance, World, nothing_written


@pytest.fixture
def world(db):
    """It keeps these currencies as they come: nothing is converted."""
    holds = ["gbp", "isk", "jpy", "kwd"]
    return World(settings=PlatformSettings(settlement_currencies=holds))


@pytest.fixture(params=["try_charge", "try_intent"])
def way(request):
    return request.param


@pytest.fixture
def refusal_of(way, world):
    """Try to charge, see it refused, see nothing written."""

    def refused(*arguments, kind=InvalidRequest, **more):
        with nothing_written(), pytest.raises(kind) as refusal:
            getattr(world, way)(*arguments, **more)
        return refusal.value

    return refused


@pytest.fixture
def pay(way, world):
    def paid(*arguments, **more):
        if way == "try_intent":
            more |= {"payment_method": "pm_card_visa", "confirm": True}
        assert getattr(world, way)(*arguments, **more).declined is None

    return paid


# ---- Amounts (reference money-movement §9) ----


@pytest.mark.parametrize(
    ("amount", "currency", "code"),
    [
        (0, "usd", "parameter_invalid_integer"),
        (-1, "usd", "parameter_invalid_integer"),
        (-1000, "jpy", "parameter_invalid_integer"),
        (49, "usd", "amount_too_small"),
        (29, "gbp", "amount_too_small"),
        (49, "jpy", "amount_too_small"),
        (299, "sek", "amount_too_small"),
        (999, "mxn", "amount_too_small"),
        (17_499, "huf", "amount_too_small"),
        (1_000_000_000_000, "usd", "amount_too_large"),
        (10**30, "usd", "amount_too_large"),
        (1001, "kwd", "invalid_charge_amount"),
        (1005, "bhd", "invalid_charge_amount"),
        (150, "isk", "invalid_charge_amount"),
        (1050, "ugx", "invalid_charge_amount"),
    ],
)
def test_an_amount_out_of_bounds_is_refused(refusal_of, amount, currency, code):
    refusal = refusal_of(amount, currency)

    assert (refusal.code, refusal.param) == (code, "amount")


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (50, "usd"),
        (30, "gbp"),
        (50, "jpy"),
        (51, "jpy"),  # a yen is the smallest unit
        (1000, "kwd"),
        (1010, "kwd"),
        (200, "isk"),
        (999_999_999_999, "usd"),
    ],
)
def test_an_amount_at_the_bound_is_taken(world, pay, amount, currency):
    pay(amount, currency)

    assert world.transactions(world.id)[0].amount == amount


def test_american_express_takes_less_than_other_cards(world):
    """Reference money-movement §9: 999,999,999 minor units, of a charge and of an intent."""
    world.charge(999_999_999, source="tok_amex")
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.charge(1_000_000_000, source="tok_amex")
    assert (refusal.value.code, refusal.value.param) == ("amount_too_large", "amount")

    intent = world.intent(1_000_000_000)
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.confirm(intent, payment_method="pm_card_amex")
    assert refusal.value.code == "amount_too_large"
    world.confirm(intent, payment_method="pm_card_visa")


@pytest.mark.parametrize("currency", ["xxx", "us", "", "usdollar", "dem", "btc"])
def test_a_currency_that_nobody_is_paid_in_is_refused(refusal_of, currency):
    assert refusal_of(1000, currency).param == "currency"


def test_a_currency_may_be_written_in_capitals(world, pay):
    pay(1000, "USD")

    assert world.transactions(world.id)[0].currency == "usd"


def test_a_charge_smaller_than_its_fee_leaves_a_debt(world, pay):
    pay(30, "gbp")  # a card from the US costs 1 + 30 and nothing is left

    assert world.balance(currency="gbp") == Balance(pending=-1)


# ---- Fees ----


def test_a_platforms_own_charge_has_no_application_fee(refusal_of):
    refusal = refusal_of(1000, fee=100)

    assert refusal.code == "application_fees_not_allowed"
    assert refusal.param == "application_fee_amount"


@pytest.mark.parametrize(
    ("fee", "code"),
    [
        (0, "parameter_invalid_integer"),
        (-1, "parameter_invalid_integer"),
        (1001, "amount_too_large"),
    ],
)
def test_a_fee_is_part_of_the_charge(world, refusal_of, fee, code):
    account = world.seller()
    for parties in ({"to": account}, {"on": account}):
        refusal = refusal_of(1000, fee=fee, **parties)
        assert (refusal.code, refusal.param) == (code, "application_fee_amount")


def test_a_fee_may_be_everything(world, pay):
    account = world.seller()
    pay(1000, to=account, fee=1000)
    pay(1000, on=account, fee=1000)

    assert world.balance(account) == Balance(pending=-59)  # the processing of the direct charge


def test_fee_and_share_exclude_each_other(world, refusal_of):
    refusal = refusal_of(1000, to=world.seller(), fee=100, share=800)

    assert (refusal.code, refusal.param) == ("parameters_exclusive", "application_fee_amount")


@pytest.mark.parametrize(
    ("share", "code"),
    [
        (0, "parameter_invalid_integer"),
        (-1, "parameter_invalid_integer"),
        (1001, "amount_too_large"),
    ],
)
def test_a_share_is_part_of_the_charge(world, refusal_of, share, code):
    refusal = refusal_of(1000, to=world.seller(), share=share)

    assert (refusal.code, refusal.param) == (code, "transfer_data[amount]")


# ---- Parties ----


def test_an_account_that_is_not_ready_cannot_be_charged_on(world, refusal_of):
    account = world.newcomer()
    refusal = refusal_of(1000, on=account)

    assert refusal.code == "capability_not_active"
    assert account in refusal.message
    assert "card_payments" in refusal.message


def test_an_account_that_is_not_ready_cannot_be_charged_for(world, refusal_of):
    newcomer, ready = world.newcomer(), world.seller()
    refusal = refusal_of(1000, to=ready, on_behalf_of=newcomer)

    assert (refusal.code, refusal.param) == ("capability_not_active", "on_behalf_of")


def test_an_account_that_is_not_ready_receives_nothing(world, refusal_of):
    refusal = refusal_of(1000, to=world.newcomer())

    assert refusal.code == "capability_not_active"
    assert refusal.param == "transfer_data[destination]"
    assert "transfers" in refusal.message


def test_an_account_that_only_receives_transfers_is_not_charged_on(world, refusal_of, pay):
    account = world.seller(capabilities={"transfers": {"requested": True}})
    assert refusal_of(1000, on=account).code == "capability_not_active"
    assert refusal_of(1000, to=account, on_behalf_of=account).code == "capability_not_active"

    pay(1000, to=account)
    assert world.balance(account) == Balance(pending=1000)


@pytest.mark.parametrize("where", ["to", "on_behalf_of"])
def test_an_account_of_another_platform_does_not_exist(world, refusal_of, where):
    foreign = World(name="Elsewhere").seller()
    refusal = refusal_of(1000, kind=ResourceMissing, **{where: foreign})

    assert refusal.code == "resource_missing"
    assert refusal.message == f"No such account: '{foreign}'"
    param = "on_behalf_of" if where == "on_behalf_of" else "transfer_data[destination]"
    assert refusal.param == param


@pytest.mark.parametrize("ident", ["acct_nobody", "", "ch_1"])
def test_an_account_that_does_not_exist_receives_nothing(refusal_of, ident):
    refusal_of(1000, kind=ResourceMissing, to=ident)


def test_the_platform_is_not_its_own_destination(world, refusal_of):
    refusal_of(1000, kind=ResourceMissing, to=world.id)


def test_a_direct_charge_stays_on_its_account(world, refusal_of):
    account, other = world.seller(), world.seller()
    assert refusal_of(1000, on=account, to=other).param == "transfer_data[destination]"
    assert refusal_of(1000, on=account, on_behalf_of=other).param == "on_behalf_of"


# ---- Texts ----


@pytest.mark.parametrize("name", ["statement_descriptor", "statement_descriptor_suffix"])
@pytest.mark.parametrize("text", ["A" * 23, "1234", "A<B", "A*B", "A'B", 'A"B', "A\\B"])
def test_a_descriptor_is_short_and_plain(refusal_of, name, text):
    assert refusal_of(1000, **{name: text}).param == name


@pytest.mark.parametrize("text", ["A" * 22, "BAZAAR 1", "a1"])
def test_a_descriptor_of_letters_is_taken(pay, text):
    pay(1000, statement_descriptor=text)


@pytest.mark.parametrize(
    "metadata",
    [
        {f"key{number}": "x" for number in range(51)},
        {"k" * 41: "x"},
        {"key": "x" * 501},
        {"a[b]": "x"},
    ],
)
def test_metadata_has_limits(refusal_of, metadata):
    assert refusal_of(1000, metadata=metadata).param.startswith("metadata")


def test_metadata_up_to_its_limits_is_kept(world, pay):
    metadata = {f"{number:040d}": "x" * 500 for number in range(50)}
    pay(1000, metadata=metadata)

    shown = [wire for kind, wire in world.told() if kind == "charge.succeeded"]
    assert shown[0]["metadata"] == metadata


def test_a_transfer_group_has_a_limit(refusal_of, pay):
    assert refusal_of(1000, transfer_group="g" * 256).param == "transfer_group"
    pay(1000, transfer_group="g" * 255)


# ---- Live mode ----


def test_live_mode_takes_no_cards(world, refusal_of):
    refusal = refusal_of(1000, caller=world.live)

    assert refusal.code == "testmode_charges_only"
    assert "top-ups" in refusal.message
