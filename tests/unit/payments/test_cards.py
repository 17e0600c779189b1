"""Successful cards in each of their spellings (reference test-data §1)."""

from __future__ import annotations

import pytest

from counterfoil.payments.rows import ChargeRow, PaymentMethodRow
from counterfoil.payments.wire import charge_wire, payment_method_wire
from counterfoil.rails.simulator.cards import card_of_number, card_of_payment_method, card_of_token
from tests.support.builders import Balance, card_data, shown

# name behind pm_card_ and tok_ · number · brand · funding
BRANDS = [
    ("visa", "4242424242424242", "visa", "credit"),
    ("visa_debit", "4000056655665556", "visa", "debit"),
    ("mastercard", "5555555555554444", "mastercard", "credit"),
    ("mastercard_debit", "5200828282828210", "mastercard", "debit"),
    ("mastercard_prepaid", "5105105105105100", "mastercard", "prepaid"),
    ("amex", "378282246310005", "amex", "credit"),
    ("discover", "6011111111111117", "discover", "credit"),
    ("diners", "3056930009020004", "diners", "credit"),
    ("jcb", "3566002020360505", "jcb", "credit"),
    ("unionpay", "6200000000000005", "unionpay", "credit"),
]
NUMBERS_ONLY = [
    ("2223003122003222", "mastercard", "credit"),
    ("371449635398431", "amex", "credit"),
    ("6011000990139424", "discover", "credit"),
    ("6011981111111113", "discover", "debit"),
    ("36227206271667", "diners", "credit"),
    ("6205500000000000004", "unionpay", "credit"),
]
COUNTRIES = {
    "BR": "4000000760000002", "CA": "4000001240000000", "MX": "4000004840008001",
    "AT": "4000000400000008", "BE": "4000000560000004", "DE": "4000002760000016",
    "DK": "4000002080000001", "ES": "4000007240000007", "FI": "4000002460000001",
    "FR": "4000002500000003", "IE": "4000003720000005", "IT": "4000003800000008",
    "NL": "4000005280000002", "NO": "4000005780000007", "PL": "4000006160000005",
    "PT": "4000006200000007", "SE": "4000007520000008", "CH": "4000007560000009",
    "GB": "4000008260000000", "AU": "4000000360000006", "HK": "4000003440000004",
    "IN": "4000003560000008", "JP": "4000003920000003", "NZ": "4000005540000008",
    "SG": "4000007020000003",
}  # fmt: skip


@pytest.mark.parametrize(("name", "number", "brand", "funding"), BRANDS)
def test_a_card_is_paid_with_in_every_spelling(world, name, number, brand, funding):
    by_token = world.charge(source=f"tok_{name}")
    by_method = pay(world, payment_method=f"pm_card_{name}")
    by_number = pay(world, payment_method_data=card_data(number))

    for charge in (by_token, by_method, by_number):
        card = shown(charge_wire(charge))["payment_method_details"]["card"]
        seen = (card["brand"], card["funding"], card["last4"], card["country"])
        assert seen == (brand, funding, number[-4:], "US")
        assert (charge.status, charge.captured, charge.amount_captured) == ("succeeded", True, 1000)


@pytest.mark.parametrize(("number", "brand", "funding"), NUMBERS_ONLY)
def test_some_cards_have_only_a_number(world, number, brand, funding):
    card = shown(charge_wire(pay(world, payment_method_data=card_data(number))))
    card = card["payment_method_details"]["card"]

    assert (card["brand"], card["funding"], card["last4"]) == (brand, funding, number[-4:])


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_a_card_knows_the_country_of_its_issuer(country):
    number = COUNTRIES[country]
    found = [
        card_of_number(number),
        card_of_token(f"tok_{country.lower()}"),
        card_of_payment_method(f"pm_card_{country.lower()}"),
    ]

    assert [(card.number, card.country, card.scenario) for card in found] == [
        (number, country, "succeeds")
    ] * 3


def test_a_card_from_abroad_costs_more(world):
    world.charge(1000, source="tok_fr")

    assert world.rows(P=world.id) == ["P charge 1000 74 926 ch_"]


@pytest.mark.parametrize(
    ("name", "number", "net"),
    [
        ("bypassPending", "4000000000000077", 941),
        ("bypassPendingInternational", "4000003720000278", 926),
    ],
)
def test_two_cards_pay_straight_into_the_available_balance(world, name, number, net):
    world.charge(source=f"tok_{name}")
    pay(world, payment_method=f"pm_card_{name}")
    pay(world, payment_method_data=card_data(number))

    assert world.balance() == Balance(available=3 * net)


def test_a_magic_id_gives_a_fresh_payment_method_each_time(world):
    first = world.intent(payment_method="pm_card_visa")
    second = world.intent(payment_method="pm_card_visa")

    assert first.payment_method_id != second.payment_method_id
    method = world.find(PaymentMethodRow, first.payment_method_id)
    assert method.id.startswith("pm_")
    wire = shown(payment_method_wire(method))
    assert (wire["customer"], wire["card"]["last4"]) == (None, "4242")


def test_the_same_card_has_the_same_fingerprint(world):
    first, second = world.charge(source="tok_visa"), pay(world, payment_method="pm_card_visa")
    other = world.charge(source="tok_amex")

    prints = [fingerprint(charge) for charge in (first, second, other)]
    assert prints[0] == prints[1] != prints[2]


def test_a_payment_method_can_be_used_again_on_its_account(world):
    first = world.intent(payment_method="pm_card_visa", confirm=True)
    again = world.intent(payment_method=first.payment_method_id, confirm=True)

    assert again.status == "succeeded"
    assert again.payment_method_id == first.payment_method_id


def test_a_charge_from_a_token_shows_its_card_as_the_source(world):
    wire = shown(charge_wire(world.charge(source="tok_mastercard")))

    assert wire["source"]["object"] == "card"
    assert wire["source"]["id"] == wire["payment_method"]
    assert wire["source"]["brand"] == "MasterCard"
    assert shown(charge_wire(pay(world, payment_method="pm_card_visa")))["source"] is None


def test_no_number_of_a_card_is_kept(world):
    charge = pay(world, payment_method_data=card_data("4242424242424242"))
    method = world.find(PaymentMethodRow, charge.payment_method_id)

    assert "42424242" not in method.card + charge.details
    assert all("42424242" not in str(wire) for _, wire in world.told())


def pay(world, **more) -> ChargeRow:
    intent = world.intent(1000, confirm=True, **more)
    assert intent.status == "succeeded"
    return world.find(ChargeRow, intent.latest_charge_id)


def fingerprint(charge):
    return shown(charge_wire(charge))["payment_method_details"]["card"]["fingerprint"]
