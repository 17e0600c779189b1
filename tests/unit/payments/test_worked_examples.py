"""The worked examples of reference money-movement, as an accountant would check them.

Lines read: whose books · type · gross · fee · net · what it came from. P is the platform, C a
connected account. Everything happens on Monday 3 November 2025 unless an example says otherwise.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from counterfoil.accounts.countries import own_delay_days
from counterfoil.accounts.settlement import available_on
from counterfoil.payments.policy import processing_fee
from counterfoil.payments.rows import ChargeRow
from counterfoil.payments.wire import application_fee_wire, charge_wire, transfer_wire
from counterfoil.platforms.settings import PlatformSettings, Tariff
from tests.support.books import violations
from tests.support.builders import DAY, NOW, WEDNESDAY, Balance, World, shown, table


@pytest.fixture(autouse=True)
def the_books_hold(db):
    """After every example, every invariant of the books and of the payments."""
    yield
    assert violations(with_payments=True) == []


# ---- §1 Tariff ----


@pytest.mark.parametrize(
    ("amount", "fee"),
    [(777, 53), (1000, 59), (2000, 88), (5000, 175), (10_000, 320), (50, 31), (1, 30)],
)
def test_a_domestic_card_costs_2_9_percent_and_30_cents_half_up(amount, fee):
    assert processing_fee(amount, tariff=Tariff(), card_country="US", country="US") == fee


@pytest.mark.parametrize(("amount", "fee"), [(1000, 74), (777, 64), (10_000, 470)])
def test_a_card_from_abroad_costs_one_and_a_half_percent_more(amount, fee):
    assert processing_fee(amount, tariff=Tariff(), card_country="FR", country="US") == fee


@pytest.mark.parametrize(
    ("tariff", "fee"),
    [
        (Tariff(basis_points=150, fixed=20), 35),
        (Tariff(basis_points=0, fixed=0), 0),
        (Tariff(basis_points=125, fixed=0, international_basis_points=0), 13),  # 12.5, half up
    ],
)
def test_the_tariff_is_a_setting(tariff, fee):
    assert processing_fee(1000, tariff=tariff, card_country="US", country="US") == fee


# ---- §2.1 Direct charge ----


def test_2_1_a_direct_charge(world):
    account = world.seller()
    world.charge(1000, on=account)

    assert world.rows(P=world.id, C=account) == table("""
        C  charge           1000    59    941  ch_
    """)
    assert world.balance(account) == Balance(pending=941)
    assert world.balance() == Balance()


def test_2_1_a_direct_charge_with_an_application_fee(world):
    account = world.seller()
    charge = world.charge(1000, on=account, fee=123)

    assert world.rows(P=world.id, C=account) == table("""
        P  application_fee   123     0    123  fee_
        C  charge           1000   182    818  ch_
    """)
    assert fees_of(world, account) == ["123 application_fee", "59 stripe_fee"]
    assert world.balance(account) == Balance(pending=818)
    assert world.balance() == Balance(pending=123)

    fee = shown(application_fee_wire(world.fee_of(charge)))
    assert (fee["account"], fee["charge"]) == (account, charge.id)
    assert (fee["amount"], fee["originating_transaction"]) == (123, None)


def test_2_1_a_direct_charge_whose_processing_the_platform_pays(world):
    account = world.paying_for()
    world.charge(1000, on=account, fee=123)

    assert world.rows(P=world.id, C=account) == table("""
        P  application_fee   123     0    123  fee_
        P  stripe_fee        -59     0    -59  ch_
        C  charge           1000   123    877  ch_
    """)
    assert fees_of(world, account) == ["123 application_fee"]
    assert world.balance(account) == Balance(pending=877)
    assert world.balance() == Balance(pending=64)


def test_2_1_without_an_application_fee_the_platform_pays_all_the_same(world):
    account = world.paying_for()
    world.charge(1000, on=account)

    assert world.rows(P=world.id, C=account) == table("""
        P  stripe_fee        -59     0    -59  ch_
        C  charge           1000     0   1000  ch_
    """)
    assert world.balance() == Balance(pending=-59)


# ---- §2.2 Destination charge with an application fee ----


def test_2_2_a_destination_charge_with_an_application_fee(world):
    account = world.seller()
    charge = world.charge(1000, to=account, fee=123)

    assert world.rows(P=world.id, C=account) == table("""
        P  charge           1000    59    941  ch_
        P  transfer        -1000     0  -1000  tr_
        P  application_fee   123     0    123  fee_
        C  payment          1000   123    877  py_
    """)
    assert fees_of(world, account) == ["123 application_fee"]
    assert world.balance() == Balance(pending=64)
    assert world.balance(account) == Balance(pending=877)
    on = [row.available_on for who in (world.id, account) for row in world.transactions(who)]
    assert on == [WEDNESDAY] * 4

    transfer = shown(transfer_wire(world.transfer_of(charge)))
    assert transfer["source_transaction"] == charge.id
    assert transfer["transfer_group"] == charge.transfer_group == f"group_{charge.id}"
    payment = shown(charge_wire(world.payment_of(world.transfer_of(charge))))
    assert payment["source_transfer"] == transfer["id"]
    assert payment["application_fee_amount"] == 123
    fee = shown(application_fee_wire(world.fee_of(charge)))
    assert (fee["charge"], fee["originating_transaction"]) == (payment["id"], charge.id)


def test_2_2_through_a_payment_intent_the_group_is_the_intents(world):
    account = world.seller()
    intent = world.intent(1000, to=account, fee=123, payment_method="pm_card_visa", confirm=True)

    assert world.rows(P=world.id, C=account) == table("""
        P  charge           1000    59    941  ch_
        P  transfer        -1000     0  -1000  tr_
        P  application_fee   123     0    123  fee_
        C  payment          1000   123    877  py_
    """)
    transfer = world.transfer_of(world.find(ChargeRow, intent.latest_charge_id))
    assert transfer.transfer_group == intent.transfer_group == f"group_{intent.id}"


def test_2_2_the_transfer_happens_when_the_charge_is_captured(world):
    account = world.seller()
    charge = world.charge(1000, to=account, fee=123, capture=False)
    assert world.rows(P=world.id, C=account) == []

    world.capture_charge(charge, now=NOW + DAY)
    assert world.rows(P=world.id, C=account) == table("""
        P  charge           1000    59    941  ch_
        P  transfer        -1000     0  -1000  tr_
        P  application_fee   123     0    123  fee_
        C  payment          1000   123    877  py_
    """)
    on = {row.available_on for who in (world.id, account) for row in world.transactions(who)}
    assert on == {WEDNESDAY + DAY}  # counted from the day of capture


# ---- §2.3 Destination charge with an amount to transfer ----


def test_2_3_a_destination_charge_that_passes_on_a_part(world):
    account = world.seller()
    charge = world.charge(1000, to=account, share=877)

    assert world.rows(P=world.id, C=account) == table("""
        P  charge           1000    59    941  ch_
        P  transfer         -877     0   -877  tr_
        C  payment           877     0    877  py_
    """)
    assert world.balance() == Balance(pending=64)
    assert charge.application_fee_id is None
    assert "application_fee.created" not in world.events()


def test_2_3_a_destination_charge_that_passes_on_everything(world):
    account = world.seller()
    world.charge(1000, to=account)

    assert world.rows(P=world.id, C=account) == table("""
        P  charge           1000    59    941  ch_
        P  transfer        -1000     0  -1000  tr_
        C  payment          1000     0   1000  py_
    """)
    assert world.balance() == Balance(pending=-59)


# ---- §2.4 On behalf of ----


def test_2_4_on_behalf_of_counts_with_the_accounts_country(world):
    """A British card is a domestic one, and seven calendar days pass: Monday 10 November."""
    account = world.seller("GB")
    charge = world.charge(1000, "gbp", to=account, fee=123, on_behalf_of=account, source="tok_gb")

    assert world.rows(P=world.id, C=account) == table("""
        P  charge           1000    59    941  ch_
        P  transfer        -1000     0  -1000  tr_
        P  application_fee   123     0    123  fee_
        C  payment          1000   123    877  py_
    """)
    rows = [row for who in (world.id, account) for row in world.transactions(who)]
    assert {row.currency for row in rows} == {"gbp"}
    assert {row.available_on for row in rows} == {utc(2025, 11, 10)}
    assert charge.on_behalf_of == account


def test_2_4_for_a_british_account_an_american_card_comes_from_abroad(world):
    account = world.seller("GB")
    world.charge(1000, "gbp", to=account, share=877, on_behalf_of=account)

    assert world.rows(P=world.id, C=account) == table("""
        P  charge           1000    74    926  ch_
        P  transfer         -877     0   -877  tr_
        C  payment           877     0    877  py_
    """)


@pytest.mark.django_db
def test_2_4_the_tariff_of_the_accounts_country_applies():
    tariffs = {"default": Tariff(), "GB": Tariff(basis_points=150, fixed=20)}
    world = World(settings=PlatformSettings(tariffs=tariffs, settlement_currencies=["gbp"]))
    account = world.seller("GB")
    world.charge(1000, "gbp", to=account, on_behalf_of=account, source="tok_gb")
    world.charge(1000, "gbp", to=account, source="tok_gb")  # the platform's: 290 + 150, and 30

    assert [row for row in world.rows(P=world.id) if row.startswith("P charge")] == table("""
        P  charge           1000    35    965  ch_
        P  charge           1000    74    926  ch_
    """)


def test_2_4_the_accounts_own_delay_decides(world):
    account = world.seller(settings={"payouts": {"schedule": {"delay_days": 5}}})
    world.charge(1000, to=account, on_behalf_of=account)
    world.charge(1000, to=account)

    held = [row.available_on for row in world.transactions(account)]
    assert held == [utc(2025, 11, 10), WEDNESDAY]


# ---- §2.5 Separate charge and transfers ----


def test_2_5_two_transfers_out_of_one_charge(world):
    first, second = world.seller(), world.seller()
    charge = world.charge(10_000)
    world.transfer(7000, to=first, source_transaction=charge.id)
    world.transfer(2000, to=second, source_transaction=charge.id)

    assert world.rows(P=world.id, C1=first, C2=second) == table("""
        P   charge         10000   320   9680  ch_
        P   transfer       -7000     0  -7000  tr_
        P   transfer       -2000     0  -2000  tr_
        C1  payment         7000     0   7000  py_
        C2  payment         2000     0   2000  py_
    """)
    # They succeed though nothing is available yet, and become available with the charge.
    assert world.balance() == Balance(pending=680)
    assert world.balance(first) == Balance(pending=7000)
    assert world.balance(second) == Balance(pending=2000)
    assert world.balance(first, now=WEDNESDAY - 1) == Balance(pending=7000)
    assert world.balance(first, now=WEDNESDAY) == Balance(available=7000)
    assert world.balance(now=WEDNESDAY) == Balance(available=680)


def test_2_5_two_transfers_out_of_the_available_balance(world):
    first, second = world.seller(), world.seller()
    world.charge(10_000, now=NOW - 7 * DAY)
    world.transfer(7000, to=first)
    world.transfer(2000, to=second)

    assert world.rows(P=world.id, C1=first, C2=second) == table("""
        P   charge         10000   320   9680  ch_
        P   transfer       -7000     0  -7000  tr_
        P   transfer       -2000     0  -2000  tr_
        C1  payment         7000     0   7000  py_
        C2  payment         2000     0   2000  py_
    """)
    assert world.balance() == Balance(available=680)
    assert world.balance(first) == Balance(available=7000)
    assert world.balance(second) == Balance(available=2000)


def test_2_5_a_transfer_needs_no_charge_at_all(world):
    """A bonus, out of what the platform has at once."""
    account = world.seller()
    world.fund(1000)
    world.transfer(941, to=account)

    assert world.balance() == Balance()
    assert world.balance(account) == Balance(available=941)


# ---- §2.7 Uncaptured and partial capture ----


def test_2_7_an_authorisation_writes_nothing(world):
    account = world.seller()
    charge = world.charge(1000, on=account, fee=123, capture=False)

    assert world.rows(P=world.id, C=account) == []
    assert (charge.status, charge.captured, charge.amount_captured) == ("succeeded", False, 0)
    assert charge.balance_transaction_id is None


def test_2_7_a_partial_capture_is_one_row_of_what_was_captured(world):
    """Of the two documented forms ours is the newer: no row for what was released."""
    account = world.seller()
    charge = world.charge(1000, on=account, capture=False)
    captured = world.capture_charge(charge, on=account, amount=700)

    assert world.rows(C=account) == table("""
        C  charge            700    50    650  ch_
    """)
    assert (captured.amount, captured.amount_captured) == (1000, 700)
    assert shown(charge_wire(captured))["refunded"] is False


def test_2_7_a_partial_capture_of_a_destination_charge(world):
    account = world.seller()
    intent = world.intent(
        1000, to=account, fee=123, payment_method="pm_card_visa", confirm=True,
        capture_method="manual",
    )  # fmt: skip
    world.capture(intent, amount_to_capture=700)

    assert world.rows(P=world.id, C=account) == table("""
        P  charge            700    50    650  ch_
        P  transfer         -700     0   -700  tr_
        P  application_fee   123     0    123  fee_
        C  payment           700   123    577  py_
    """)


# ---- §6.1 When money becomes available ----

_EURO = "AT BE BG CY DE EE ES FI FR GR HR IE IT LT LU LV MT NL PT SI SK".split()
_EUROPE = "CH CZ DK GB GI HU LI NO PL RO SE".split()
_CALENDAR_WEEK = [*_EURO, *_EUROPE, "CA", "MX", "HK", "SG"]


@pytest.mark.parametrize(
    ("captured", "available", "why"),
    [
        ("2025-11-03", "2025-11-05", "Monday, two business days"),
        ("2025-11-07", "2025-11-12", "Friday; Tuesday the 11th is Veterans Day"),
        ("2025-11-08", "2025-11-13", "Saturday counts from Monday"),
        ("2025-11-09", "2025-11-13", "Sunday counts from Monday"),
        ("2025-11-11", "2025-11-14", "a holiday counts from the next day"),
        ("2025-11-26", "2025-12-01", "Thanksgiving is the 27th"),
        ("2025-12-24", "2025-12-29", "Christmas Day is a Thursday"),
        ("2026-07-02", "2026-07-06", "the 4th of July is a Saturday and does not move"),
        ("2027-07-02", "2027-07-07", "the 4th of July is a Sunday: Monday the 5th is free"),
    ],
)
def test_6_1_the_us_counts_business_days(captured, available, why):
    assert becomes_available(captured, "US") == available, why


@pytest.mark.parametrize("country", ["GB", "DE"])
@pytest.mark.parametrize(
    ("captured", "available"),
    [
        ("2025-11-03", "2025-11-10"),
        ("2025-11-07", "2025-11-14"),
        ("2025-11-08", "2025-11-15"),  # Saturday is day 0, and Saturday it becomes available
        ("2025-12-24", "2025-12-31"),  # no holiday is left out
    ],
)
def test_6_1_britain_and_germany_count_calendar_days(country, captured, available):
    assert becomes_available(captured, country) == available


@pytest.mark.parametrize(
    ("country", "days", "available", "why"),
    [
        ("US", 2, "2025-11-05", "business days"),
        ("AU", 2, "2025-11-05", "business days"),
        ("IN", 2, "2025-11-06", "business days; Wednesday is Guru Nanak's birthday"),
        ("NZ", 4, "2025-11-07", "business days"),
        ("AE", 5, "2025-11-10", "business days"),
        ("TH", 7, "2025-11-12", "business days"),
        ("MY", 7, "2025-11-12", "business days"),
        ("JP", 4, "2025-11-10", "business days; Monday is Culture Day, so Tuesday is day 0"),
        *((country, 7, "2025-11-10", "calendar days") for country in _CALENDAR_WEEK),
        ("BR", 30, "2025-12-03", "calendar days"),
    ],
)
def test_6_1_each_country_has_its_delay(country, days, available, why):
    """A payment of Monday 3 November, in every row of the table."""
    assert own_delay_days(country) == days
    assert becomes_available("2025-11-03", country) == available, why


@pytest.mark.parametrize(
    ("country", "delay_days", "available"),
    [("US", 5, "2025-11-10"), ("US", 7, "2025-11-13"), ("DE", 10, "2025-11-13")],
)
def test_6_1_a_longer_delay_counts_in_the_countrys_unit(country, delay_days, available):
    assert becomes_available("2025-11-03", country, delay_days=delay_days) == available


@pytest.mark.parametrize("hour", [0, 10, 23])
def test_6_1_the_day_of_capture_is_a_day_of_utc(hour):
    assert becomes_available("2025-11-03", "US", hour=hour) == "2025-11-05"


def test_6_1_money_is_available_from_midnight_on(world):
    account = world.seller()
    world.charge(1000, on=account)

    assert world.balance(account, now=WEDNESDAY - 1) == Balance(pending=941)
    assert world.balance(account, now=WEDNESDAY) == Balance(available=941)


@pytest.mark.parametrize(
    ("source", "net"), [("tok_bypassPending", 941), ("tok_bypassPendingInternational", 926)]
)
def test_6_1_two_test_cards_pay_into_the_available_balance(world, source, net):
    account = world.seller()
    world.charge(1000, on=account, source=source)

    assert world.balance(account) == Balance(available=net)


# ---- §10, its first day ----


def test_10_a_direct_charge_on_monday_and_a_transfer_on_tuesday(world):
    account = world.seller()
    world.fund(6000, now=NOW - DAY)
    world.charge(10_000, on=account, fee=1000)
    assert world.balance(account) == Balance(pending=8680)

    world.transfer(5000, to=account, now=NOW + DAY)
    assert world.balance(account, now=NOW + DAY) == Balance(pending=8680, available=5000)
    assert world.balance(account, now=WEDNESDAY) == Balance(available=13_680)


# ---- Helpers ----


def fees_of(world, account):
    (row,) = world.transactions(account)
    return [f"{fee['amount']} {fee['type']}" for fee in json.loads(row.fee_details)]


def becomes_available(captured, country, *, delay_days=None, hour=10):
    day = date.fromisoformat(captured)
    moment = utc(day.year, day.month, day.day) + hour * 3600
    found = available_on(moment, country=country, delay_days=delay_days)
    assert found % DAY == 0
    return datetime.fromtimestamp(found, UTC).date().isoformat()


def utc(year, month, day):
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())
