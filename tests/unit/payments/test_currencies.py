"""Several currencies (reference money-movement §9), as an accountant would check them.

Lines read: whose books · type · gross · fee · net · currency · rate. P is the platform, in
dollars; C an account. One euro is 1.10 dollars, one dollar 0.80 pounds: test mode's own rates.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from counterfoil.accounts.operations import create_external_account
from counterfoil.accounts.params import CreateExternalAccount
from counterfoil.kit.db import execute, fetch_all
from counterfoil.kit.exchange import converted, exchange_rate
from counterfoil.kit.money import Money
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.outbox.running import run_due
from counterfoil.payments.operations.refunds import create_refund, fail_refund
from counterfoil.payments.operations.reversals import create_fee_refund, create_reversal
from counterfoil.payments.refund_params import CreateFeeRefund, CreateRefund, CreateReversal
from counterfoil.payments.rows import ChargeRow, RefundRow
from counterfoil.payments.wire import application_fee_wire, charge_wire, transfer_wire
from counterfoil.payments.wire.refund import refund_wire
from counterfoil.platforms.exchange import ExchangeTable
from counterfoil.platforms.settings import PlatformSettings, Tariff, write_settings
from tests.support.books import violations
from tests.support.builders import (
    Balance,
    World,
    nothing_written,
    one_request,
    shown,
    table,
)
from tests.unit.payments.owing import change

pytestmark = pytest.mark.django_db

# No fees, so that a table shows conversions and nothing else.
FREE = Tariff(basis_points=0, fixed=0, international_basis_points=0, conversion_basis_points=0)
FREE_OF_CHARGE = {"default": FREE}


@pytest.fixture(autouse=True)
def the_books_hold(db):
    yield
    assert violations(with_payments=True) == []


@pytest.fixture
def world(db):
    return World(settings=PlatformSettings(tariffs=FREE_OF_CHARGE))


@pytest.fixture
def briton(world):
    return world.seller("GB")


def lines(world: World, **accounts: str) -> list[str]:
    return [
        f"{name} {row.type} {row.amount} {row.fee} {row.net} {row.currency}"
        f" {row.exchange_rate or '-'}"
        for name, account in accounts.items()
        for row in world.transactions(account)
    ]


def outside(world: World) -> dict[str, int]:
    """What network and exchange hold in each currency; what is zero is left out."""
    rows = fetch_all(
        "SELECT purpose, currency, SUM(amount) FROM ledger_balance WHERE owner = %s"
        " AND purpose IN ('card_network', 'fx') GROUP BY purpose, currency",
        [world.id],
    )
    return {f"{purpose} {currency}": int(sum_) for purpose, currency, sum_ in rows if sum_}


@one_request
def refund(world: World, charge: ChargeRow, *, on=None, **more) -> RefundRow:
    made = create_refund(
        scope=world.on(on).scope,
        params=msgspec.convert({"charge": charge.id} | more, CreateRefund),
        now=world.now,
    )
    shown(refund_wire(made))
    return made


@one_request
def reverse(world: World, transfer_id: str, **more):
    params = msgspec.convert(more, CreateReversal)
    return create_reversal(scope=world.scope, transfer_id=transfer_id, params=params, now=world.now)


@one_request
def give_back(world: World, fee_id: str, **more):
    params = msgspec.convert(more, CreateFeeRefund)
    return create_fee_refund(scope=world.scope, fee_id=fee_id, params=params, now=world.now)


# ---- §9: the flows ----


def test_9_the_vector(world, briton):
    """Destination, 100.00 EUR, P in USD (1.10), C in GBP (0.80), fee of 10.00 EUR."""
    charge = world.charge(10_000, "eur", to=briton, fee=1000)

    assert lines(world, P=world.id, C=briton) == table("""
        P  charge           11000    0   11000  usd  1.1
        P  transfer        -11000    0  -11000  usd  -
        P  application_fee    880    0     880  gbp  -
        C  payment           8800  880    7920  gbp  0.8
    """)
    assert (world.balance(), world.balance(currency="gbp")) == (
        Balance(),
        Balance(pending=880),
    )
    assert world.balance(briton, "gbp") == Balance(pending=7920)
    transfer = world.transfer_of(charge)
    payment = world.payment_of(transfer)
    fee = world.fee_of(charge)
    assert (charge.amount, charge.currency, charge.application_fee_amount) == (10_000, "eur", 1000)
    assert (transfer.amount, transfer.currency) == (11_000, "usd")
    assert (payment.amount, payment.currency) == (11_000, "usd")
    assert (fee.amount, fee.currency) == (880, "gbp")
    for wire in (charge_wire(charge), transfer_wire(transfer), charge_wire(payment)):
        shown(wire)
    shown(application_fee_wire(fee))


def test_9_the_vector_with_the_classic_tariff():
    """On 110.00: 2.9 % + 0.30 is 3.49; 1.5 % for a card from abroad 1.65; 1 % for converting."""
    world = World()
    account = world.seller("GB")
    world.charge(10_000, "eur", to=account, fee=1000, source="tok_de")
    row = world.transactions(world.id)[0]

    assert (row.amount, row.fee, row.net) == (11_000, 349 + 165 + 110, 10_376)
    parts = [(part["amount"], part["description"]) for part in msgspec.json.decode(row.fee_details)]
    assert parts == [(349 + 165, "Processing fee"), (110, "Currency conversion fee")]


def test_9_direct_presentment_to_the_account_and_the_fee_to_the_platform(world, briton):
    """C's row in pounds (0.88), the fee out of it in pounds; P has it in dollars (1.10)."""
    charge = world.charge(10_000, "eur", on=briton, fee=1000)

    assert lines(world, P=world.id, C=briton) == table("""
        P  application_fee   1100    0   1100  usd  1.1
        C  charge            8800  880   7920  gbp  0.88
    """)
    fee = world.fee_of(charge)
    assert (fee.amount, fee.currency) == (1000, "eur")
    shown(application_fee_wire(fee))


def test_9_destination_on_behalf_of_presentment_to_the_account(world, briton):
    """One conversion; P's rows are in C's currency."""
    world.charge(10_000, "eur", to=briton, fee=1000, on_behalf_of=briton)

    assert lines(world, P=world.id, C=briton) == table("""
        P  charge           8800    0   8800  gbp  0.88
        P  transfer        -8800    0  -8800  gbp  -
        P  application_fee   880    0    880  gbp  -
        C  payment          8800  880   7920  gbp  -
    """)


def test_9_separate_presentment_to_the_platform_and_the_transfer_to_the_account(world, briton):
    charge = world.charge(10_000, "eur")
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(100, "eur", to=briton, source_transaction=charge.id)
    assert refusal.value.param == "currency"
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.transfer(11_001, to=briton, source_transaction=charge.id)
    assert refusal.value.code == "charge_exceeds_source_limit"

    world.transfer(5000, to=briton, source_transaction=charge.id)
    world.transfer(None, to=briton, source_transaction=charge.id)
    assert lines(world, P=world.id, C=briton) == table("""
        P  charge     11000  0  11000  usd  1.1
        P  transfer   -5000  0  -5000  usd  -
        P  transfer   -6000  0  -6000  usd  -
        C  payment     4000  0   4000  gbp  0.8
        C  payment     4800  0   4800  gbp  0.8
    """)


def test_9_separate_on_behalf_of_settles_in_the_accounts_currency(world, briton):
    charge = world.charge(10_000, "eur", on_behalf_of=briton)
    world.transfer(8000, "gbp", to=briton, source_transaction=charge.id)

    assert lines(world, P=world.id, C=briton) == table("""
        P  charge     8800  0   8800  gbp  0.88
        P  transfer  -8000  0  -8000  gbp  -
        C  payment    8000  0   8000  gbp  -
    """)


def test_9_the_share_of_a_destination_is_given_in_the_currency_of_the_card(world, briton):
    """transfer_data[amount]: what P keeps stays in its own currency."""
    world.charge(10_000, "eur", to=briton, share=9000)

    assert lines(world, P=world.id, C=briton) == table("""
        P  charge    11000  0  11000  usd  1.1
        P  transfer  -9900  0  -9900  usd  -
        C  payment    7920  0   7920  gbp  0.8
    """)
    assert world.balance() == Balance(pending=1100)


def test_9_a_part_captured_converts_the_part(world, briton):
    charge = world.charge(10_000, "eur", to=briton, fee=1000, capture=False)
    world.capture_charge(charge, amount=5000)

    assert lines(world, P=world.id, C=briton) == table("""
        P  charge           5500    0   5500  usd  1.1
        P  transfer        -5500    0  -5500  usd  -
        P  application_fee   880    0    880  gbp  -
        C  payment          4400  880   3520  gbp  0.8
    """)


# ---- §9: settlement without conversion ----


def test_9_a_bank_account_in_that_currency_settles_without_conversion(world, briton):
    bank = {
        "object": "bank_account",
        "country": "DE",
        "currency": "eur",
        "account_number": "DE89370400440532013000",
    }
    create_external_account(
        platform_id=world.id,
        livemode=False,
        account_id=briton,
        params=msgspec.convert({"external_account": bank}, CreateExternalAccount),
        now=world.now,
    )
    world.charge(10_000, "eur", on=briton)

    assert lines(world, C=briton) == table("C charge 10000 0 10000 eur -")


def test_9_a_platform_holds_what_its_settings_say(briton):
    holds = PlatformSettings(tariffs=FREE_OF_CHARGE, settlement_currencies=["eur", "gbp"])
    world = World(settings=holds)
    account = world.seller("GB")
    world.charge(10_000, "eur", to=account, fee=1000)
    world.charge(2000, "gbp", to=account)

    assert lines(world, P=world.id, C=account) == table("""
        P  charge           10000    0   10000  eur  -
        P  transfer        -10000    0  -10000  eur  -
        P  application_fee    880    0     880  gbp  -
        P  charge            2000    0    2000  gbp  -
        P  transfer         -2000    0   -2000  gbp  -
        C  payment           8800  880    7920  gbp  0.88
        C  payment           2000    0    2000  gbp  -
    """)


def test_one_currency_needs_no_rate_and_no_look_up(world):
    """Where nobody converts, nothing is asked but what every charge asks."""
    account = world.seller()
    world.charge(10_000, to=account, fee=1000)

    assert lines(world, C=account) == table("C payment 10000 1000 9000 usd -")
    assert world.find(ChargeRow, charge_id(world)).settled_amount is None


def charge_id(world: World) -> str:
    return str(fetch_all("SELECT id FROM payments_charge WHERE account_id = %s", [world.id])[0][0])


def test_a_platform_that_pays_the_processor_pays_in_its_own_currency():
    world = World()
    account = world.paying_for("GB")
    world.charge(10_000, "eur", on=account, source="tok_gb")

    # On 88.00: 2.9 % + 0.30 and 1 % for converting, 3.73 pounds; 4.66 dollars.
    assert lines(world, P=world.id, C=account) == table("""
        P  stripe_fee  -466  0  -466  usd  1.25
        C  charge      8800  0  8800  gbp  0.88
    """)


# ---- Decimals ----


@pytest.mark.parametrize(
    ("money", "currency", "rate", "becomes"),
    [
        (Money(1000, "usd"), "jpy", "147.0588235", 1471),  # 1470.588…
        (Money(1471, "jpy"), "usd", "0.0068", 1000),  # 10.0028
        (Money(50, "jpy"), "krw", "9.315068493", 466),
        (Money(1000, "usd"), "bhd", "0.3773584906", 3770),  # 3.7736 dinars, in tens
        (Money(3770, "bhd"), "usd", "2.65", 999),  # 9.9905
        (Money(10_000, "bhd"), "jpy", "389.7058824", 3897),
        (Money(12_345, "usd"), "isk", "138.8888889", 1_714_600),  # whole krónur
        (Money(5, "usd"), "gbp", "0.1", 1),  # half a penny goes up
        (Money(4, "usd"), "gbp", "0.1", 0),
        (Money(-5, "usd"), "gbp", "0.1", -1),
        (Money(999_999_999_999, "usd"), "gbp", "0.8", 799_999_999_999),
    ],
)
def test_9_minor_units_differ_and_halves_go_up(money, currency, rate, becomes):
    assert converted(money, currency, Decimal(rate)) == Money(becomes, currency)


def test_9_yen_and_dinars_through_the_books(world):
    japanese = world.seller("JP")
    world.charge(1000, to=japanese)
    world.charge(5000, "jpy", on=japanese, fee=500)
    world.charge(10_000, "bhd")

    assert lines(world, P=world.id, C=japanese) == table("""
        P  charge             1000    0   1000  usd  -
        P  transfer          -1000    0  -1000  usd  -
        P  application_fee     340    0    340  usd  0.0068
        P  charge             2650    0   2650  usd  2.65
        C  payment            1471    0   1471  jpy  147.0588235
        C  charge             5000  500   4500  jpy  -
    """)


# ---- Rates ----


def test_a_margin_makes_the_rate_worse_and_stays_in_the_exchange():
    settings = PlatformSettings(
        tariffs=FREE_OF_CHARGE, exchange=ExchangeTable(margin_basis_points=200)
    )
    world = World(settings=settings)
    world.charge(10_000, "eur")

    assert lines(world, P=world.id) == table("P charge 10780 0 10780 usd 1.078")
    assert outside(world) == {"card_network eur": -10_000, "fx eur": 10_000, "fx usd": -10_780}


def test_the_platform_sets_its_own_values():
    exchange = ExchangeTable(values={"eur": "1.2345"})
    world = World(settings=PlatformSettings(tariffs=FREE_OF_CHARGE, exchange=exchange))
    world.charge(10_000, "eur")

    assert lines(world, P=world.id) == table("P charge 12345 0 12345 usd 1.2345")


def test_ten_digits_of_a_rate_are_kept_and_applied():
    rate = exchange_rate(Decimal(1), Decimal(3))

    assert f"{rate:f}" == "0.3333333333"
    assert converted(Money(3 * 10**11, "usd"), "gbp", rate).amount == 99_999_999_990


@pytest.mark.parametrize(
    ("values", "margin"),
    [
        ({"eur": "0"}, 0),
        ({"eur": "-1.1"}, 0),
        ({"eur": "one"}, 0),
        ({"eur": "NaN"}, 0),
        ({"eur": "Infinity"}, 0),
        ({"xyz": "1"}, 0),
        ({}, -1),
        ({}, 5001),
    ],
)
def test_a_table_that_cannot_be_is_refused(values, margin):
    with pytest.raises(ValueError, match=r".+"):
        ExchangeTable(values=values, margin_basis_points=margin)


def test_live_mode_has_no_rates_but_the_platforms_own():
    table_ = ExchangeTable(values={"usd": "1", "eur": "1.2"})

    assert table_.rate("eur", "usd", livemode=True) == Decimal("1.2")
    assert table_.rate("gbp", "usd", livemode=True) is None
    assert table_.rate("gbp", "usd", livemode=False) == Decimal("1.25")


def test_without_a_rate_the_charge_is_refused(world):
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        world.charge(10_000, "stn")  # the table has no dobras

    assert refusal.value.param == "currency"
    assert "STN to USD" in refusal.value.message


def test_a_fee_or_share_of_which_nothing_is_left_is_refused(world):
    account = world.seller("JP")
    for more, param in (
        ({"fee": 50}, "application_fee_amount"),
        ({"share": 50}, "transfer_data[amount]"),
    ):
        with nothing_written(), pytest.raises(InvalidRequest) as refusal:
            world.charge(100_000_00, "idr", to=account, **more)
        assert (refusal.value.param, refusal.value.code) == (param, "amount_too_small")


# ---- Going back ----


@pytest.fixture
def vector(world, briton):
    """The vector with money available, and enough on both sides to take it back from."""
    world.fund(50_000)
    world.charge(50_000, "gbp", on=briton, source="tok_bypassPending")
    return world.charge(10_000, "eur", to=briton, fee=1000, source="tok_bypassPending")


def test_a_full_refund_undoes_the_vector_to_the_cent(world, briton, vector):
    before = outside(world)
    refund(world, vector, reverse_transfer=True, refund_application_fee=True)

    assert set(lines(world, P=world.id)[-3:]) == set(
        table("""
            P  refund                  -11000  0  -11000  usd  1.1
            P  transfer_refund          11000  0   11000  usd  -
            P  application_fee_refund    -880  0    -880  gbp  -
        """)
    )
    assert lines(world, C=briton)[-1:] == table("C payment_refund -8800 -880 -7920 gbp 0.8")
    assert before["fx eur"] == 10_000
    assert not [name for name in outside(world) if name.startswith("fx")]
    assert "card_network eur" not in outside(world)
    assert world.balance() == Balance(available=50_000)
    assert world.balance(briton, "gbp") == Balance(available=50_000)


def test_rates_that_changed_meanwhile_change_nothing_about_what_goes_back(world, briton, vector):
    """The euro doubles after the charge: refund and reversal go by the rates of the charge."""
    table_now = PlatformSettings(
        tariffs=FREE_OF_CHARGE, exchange=ExchangeTable({"eur": "2.20", "gbp": "0.5"})
    )
    sql = "UPDATE platforms_platform SET settings = %s WHERE id = %s"
    execute(sql, [write_settings(table_now), world.id])
    refund(world, vector, amount=4000, reverse_transfer=True, refund_application_fee=True)
    refund(world, vector, amount=6000, reverse_transfer=True, refund_application_fee=True)

    assert (world.balance(), world.balance(currency="gbp")) == (
        Balance(available=50_000),
        Balance(),
    )
    assert world.balance(briton, "gbp") == Balance(available=50_000)
    world.charge(1000, "eur", source="tok_bypassPending")  # by the table of now
    assert world.balance() == Balance(available=50_000 + 2200)


def test_thirds_of_a_refund_add_up_in_every_currency(world, briton, vector):
    for amount in (3333, 3333, 3334):
        refund(world, vector, amount=amount, reverse_transfer=True, refund_application_fee=True)

    assert lines(world, C=briton)[-3:] == table("""
        C  payment_refund  -2933  -293  -2640  gbp  0.8
        C  payment_refund  -2933  -294  -2639  gbp  0.8
        C  payment_refund  -2934  -293  -2641  gbp  0.8
    """)
    assert not [name for name in outside(world) if name.startswith("fx")]
    assert world.balance(currency="gbp") == Balance()


def test_a_refund_that_fails_returns_what_it_took_at_the_same_rate(world, vector):
    before = outside(world), world.balance()
    made = refund(world, vector, amount=3333)
    one_request(fail_refund)(refund_id=made.id, scope=world.scope, reason="unknown", now=world.now)

    assert lines(world, P=world.id)[-2:] == table("""
        P  refund          -3666  0  -3666  usd  1.1
        P  refund_failure   3666  0   3666  usd  1.1
    """)
    assert (outside(world), world.balance()) == before


def test_refunds_wait_for_the_currency_that_pays_them(world):
    charge = world.charge(10_000, "eur", source="tok_bypassPending")
    world.transfer(11_000, to=world.seller())
    made = refund(world, charge)
    assert made.pending_reason == "insufficient_funds"

    world.fund(10_000)
    run_due(world.now)
    assert world.find(RefundRow, made.id).status == "pending"
    world.fund(1000)
    run_due(world.now)
    assert world.find(RefundRow, made.id).status == "succeeded"
    assert world.balance() == Balance()


def test_a_reversal_takes_back_what_arrived(world, briton):
    world.fund(50_000)
    transfer = world.transfer(10_001, to=briton)  # 80.01 pounds
    reverse(world, transfer.id, amount=5000)
    reverse(world, transfer.id)

    assert lines(world, P=world.id, C=briton)[1:] == table("""
        P  transfer        -10001  0  -10001  usd  -
        P  transfer_refund   5000  0    5000  usd  -
        P  transfer_refund   5001  0    5001  usd  -
        C  payment           8001  0    8001  gbp  0.8
        C  payment_refund   -4000  0   -4000  gbp  0.8
        C  payment_refund   -4001  0   -4001  gbp  0.8
    """)
    assert outside(world) == {"card_network usd": -50_000}


def test_a_reversal_of_less_than_the_smallest_coin_is_refused():
    world = World(settings=PlatformSettings(settlement_currencies=["idr"]))
    american = world.seller()
    world.fund(50_000_000_00, "idr")
    transfer = world.transfer(10_000_00, "idr", to=american)  # 63 cents
    with nothing_written(), pytest.raises(InvalidRequest) as refusal:
        reverse(world, transfer.id, amount=1)

    assert (refusal.value.code, refusal.value.param) == ("amount_too_small", "amount")


def test_a_reversal_needs_the_money_in_the_currency_that_arrived(world, briton):
    world.fund(50_000)
    transfer = world.transfer(10_000, to=briton)
    change_away(world, briton, 1, "gbp")
    with nothing_written(), pytest.raises(BalanceInsufficient) as refusal:
        reverse(world, transfer.id)

    assert "79.99 GBP available" in refusal.value.message


def change_away(world: World, account: str, amount: int, currency: str) -> None:
    change(world, (account, -amount), currency=currency)


def test_a_fee_returned_on_its_own_reaches_the_account_in_its_currency(world, briton):
    charge = world.charge(10_000, "eur", on=briton, fee=1000)
    fee = world.fee_of(charge)
    give_back(world, fee.id, amount=333)
    give_back(world, fee.id)

    assert lines(world, P=world.id, C=briton) == table("""
        P  application_fee         1100    0   1100  usd  1.1
        P  application_fee_refund  -366    0   -366  usd  1.1
        P  application_fee_refund  -734    0   -734  usd  1.1
        C  charge                  8800  880   7920  gbp  0.88
        C  adjustment               293    0    293  gbp  -
        C  adjustment               587    0    587  gbp  -
    """)


def test_a_direct_refund_with_its_fee_takes_each_side_back_in_its_currency(world, briton):
    charge = world.charge(10_000, "eur", on=briton, fee=1000)
    refund(world, charge, on=briton, refund_application_fee=True)

    assert lines(world, P=world.id, C=briton) == table("""
        P  application_fee          1100     0   1100  usd  1.1
        P  application_fee_refund  -1100     0  -1100  usd  1.1
        C  charge                   8800   880   7920  gbp  0.88
        C  refund                  -8800  -880  -7920  gbp  0.88
    """)
    assert outside(world) == {}


@settings(max_examples=25, deadline=None)
@given(
    amount=st.integers(1000, 10**9),
    presented=st.sampled_from(["usd", "eur", "gbp", "jpy", "kwd", "huf"]),
    country=st.sampled_from(["US", "GB", "JP", "DE"]),
    cuts=st.lists(st.integers(1, 999), max_size=4),
    way=st.sampled_from(["direct", "destination", "on_behalf_of"]),
)
def test_whatever_is_refunded_in_whatever_parts_leaves_nothing(
    amount, presented, country, cuts, way
):
    amount = max(amount, 20_000) // 10 * 10
    with transaction.atomic():
        world = World(settings=PlatformSettings(tariffs=FREE_OF_CHARGE))
        account = world.seller(country)
        if way == "direct":
            charge = world.charge(amount, presented, on=account, fee=amount // 7)
            flags = {"on": account}
        else:
            more = {"on_behalf_of": account} if way == "on_behalf_of" else {}
            charge = world.charge(amount, presented, to=account, fee=amount // 7, **more)
            flags = {"reverse_transfer": True}
        places = sorted({amount * cut // 1000 for cut in cuts} - {0, amount})
        for part in [b - a for a, b in zip([0, *places], [*places, amount], strict=True)]:
            refund(world, charge, amount=part, refund_application_fee=True, **flags)

        assert outside(world) == {}
        assert [row for who in (world.id, account) for row in totals(world, who) if row] == []
        assert violations(with_payments=True) == []
        transaction.set_rollback(True)


def totals(world: World, account: str) -> list[int]:
    sums: dict[str, int] = {}
    for row in world.transactions(account):
        sums[row.currency] = sums.get(row.currency, 0) + row.net
    return list(sums.values())


def test_no_part_of_a_fee_is_returned_of_which_nothing_arrives(world, briton):
    """A yen is 0.54 pence: the first is a penny, the second none, the third one again."""
    charge = world.charge(10_000, "jpy", on=briton, fee=1000)
    give_back(world, charge.application_fee_id, amount=1)

    with nothing_written(), pytest.raises(InvalidRequest, match="smallest amount in GBP") as no:
        give_back(world, charge.application_fee_id, amount=1)

    assert (no.value.code, no.value.param) == ("amount_too_small", "amount")
    give_back(world, charge.application_fee_id, amount=2)
