"""Rules of payouts, as tables of cases (reference money-movement §6)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from counterfoil.payouts.policy import (
    FAILURES,
    INSTANT_LIMITS,
    Target,
    check_allowed,
    check_amount,
    check_daily_limit,
    check_funds,
    check_instant,
    check_not_held,
    check_target,
    currency_of,
    instant_fee,
    largest_instant,
    left_behind,
    minimum_payout,
    takes_instant,
)

BANK = Target("ba_1", "bank_account", "US", "usd", "new", instant=True)


def refused(check, *arguments, **more) -> tuple[str | None, str | None]:
    with pytest.raises(InvalidRequest) as refusal:
        check(*arguments, **more)
    return refusal.value.code, refusal.value.param


@pytest.mark.parametrize(
    ("currency", "least"),
    [
        *((currency, 1) for currency in ("usd", "aud", "cad", "nzd", "hkd", "jpy", "thb")),
        *((currency, 100) for currency in ("gbp", "eur", "sgd")),
        ("chf", 500),
        *((currency, 2000) for currency in ("sek", "nok", "dkk")),
        ("pln", 500),
        ("czk", 3000),
        ("huf", 36_000),
        ("mxn", 1000),
        ("myr", 500),
        ("aed", 200),
    ],
)
def test_the_smallest_payout_of_each_currency(currency, least):
    assert minimum_payout(currency) == least
    check_amount(least, currency=currency)
    if least > 1:
        assert refused(check_amount, least - 1, currency=currency) == ("amount_too_small", "amount")


@pytest.mark.parametrize("amount", [0, -1, -500])
def test_a_payout_is_positive(amount):
    expected = ("parameter_invalid_integer", "amount")
    assert refused(check_amount, amount, currency="usd") == expected


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        (36_050, "huf"),
        (150, "twd"),
        (150, "isk"),
        (101, "ugx"),
        *((12_345, currency) for currency in ("bhd", "jod", "kwd", "omr", "tnd")),
    ],
)
def test_banks_know_no_fractions_of_some_currencies(amount, currency):
    assert refused(check_amount, amount, currency=currency)[0] == "invalid_charge_amount"


def test_an_amount_beyond_all_banks():
    expected = ("amount_too_large", "amount")
    assert refused(check_amount, 10**12, currency="usd") == expected


@pytest.mark.parametrize(
    ("available", "currency", "minimum_balance", "left"),
    [
        (13_680, "usd", 0, 0),
        (1, "usd", 0, 0),
        (99, "eur", 0, 99),  # below the smallest payout: all of it stays
        (100, "eur", 0, 0),
        (5000, "usd", 1000, 1000),
        (1000, "usd", 1000, 1000),  # not above what is to be kept
        (1001, "usd", 1000, 1000),
        (999, "usd", 1000, 999),
        (5099, "eur", 5000, 5099),  # what is above is too little for a bank
        (5100, "eur", 5000, 5000),
        (36_099, "huf", 0, 99),  # forints are whole
        (46_099, "huf", 10_000, 10_099),
        (40_000, "huf", 10_000, 40_000),
    ],
)
def test_what_an_automatic_payout_leaves(available, currency, minimum_balance, left):
    found = left_behind(available, currency=currency, minimum_balance=minimum_balance)
    assert found == left


def test_payouts_that_are_held_back_say_why():
    assert refused(check_allowed, enabled=False, paused="fraud check", disabled_reason=None) == (
        "payouts_not_allowed",
        None,
    )
    with pytest.raises(InvalidRequest, match="fraud check"):
        check_allowed(enabled=False, paused="fraud check", disabled_reason="platform_paused")
    with pytest.raises(InvalidRequest, match=r"requirements\.past_due"):
        check_allowed(enabled=False, paused=None, disabled_reason="requirements.past_due")
    check_allowed(enabled=True, paused=None, disabled_reason=None)


def test_where_money_cannot_go():
    errored = Target("ba_1", "bank_account", "US", "usd", "errored", instant=True)

    assert refused(check_target, None, currency="usd") == (None, "currency")
    assert refused(check_target, BANK, currency="eur")[1] == "destination"
    assert refused(check_target, errored, currency="usd") == (
        "bank_account_unusable",
        "destination",
    )
    assert check_target(BANK, currency="usd") is BANK


def test_a_place_that_waits_takes_nothing_before_its_day():
    waits = replace(BANK, instant=True, held_until=1000)

    assert refused(check_not_held, waits, now=999) == ("bank_account_held", "destination")
    assert not takes_instant(waits, platform_currency="usd", now=999)
    check_not_held(waits, now=1000)
    assert takes_instant(waits, platform_currency="usd", now=1000)
    check_not_held(BANK, now=0)


def test_funds_are_checked_to_the_cent():
    check_funds(500, available=500, currency="usd")
    with pytest.raises(BalanceInsufficient, match=r"5\.00 USD is available and 5\.01 USD"):
        check_funds(501, available=500, currency="usd")
    with pytest.raises(BalanceInsufficient, match=r"-16\.75 USD: nothing can be paid out"):
        check_funds(1, available=-1675, currency="usd")


INSTANT = {
    "usd": ("0.50", 9_999),
    "cad": ("0.60", 9_999),
    **dict.fromkeys(("sgd", "aud", "nzd"), ("0.50", 9_999)),
    **dict.fromkeys(("gbp", "eur"), ("0.40", 9_999)),
    **dict.fromkeys(("nok", "dkk", "sek"), ("5.00", 9_999)),
    **dict.fromkeys(("pln", "ron", "myr", "aed"), ("2.00", 9_999)),
    "czk": ("10.00", 99_999),
    "huf": ("200.00", 999_999),
}


def test_instant_payouts_are_in_these_currencies_and_no_others():
    assert INSTANT_LIMITS.keys() == INSTANT.keys()


@pytest.mark.parametrize(("currency", "limits"), INSTANT.items())
def test_instant_payouts_have_limits(currency, limits):
    """Reference money-movement §6.4, as printed there: in whole units, not in cents."""
    least, most = int(limits[0].replace(".", "")), limits[1] * 100
    target = Target("ba_1", "bank_account", "XX", currency, "new", instant=True)
    for amount in (least, most):
        check_instant(target, amount, platform_currency=currency)
    too_small = refused(check_instant, target, least - 1, platform_currency=currency)
    assert too_small == ("amount_too_small", "amount")
    too_large = refused(check_instant, target, most + 1, platform_currency=currency)
    assert too_large == ("instant_payouts_limit_exceeded", "amount")


def test_instant_payouts_need_a_bank_that_takes_them_and_the_platforms_currency():
    slow = Target("ba_1", "bank_account", "US", "usd", "new", instant=False)
    yen = Target("ba_1", "bank_account", "JP", "jpy", "new", instant=True)

    assert refused(check_instant, slow, 500, platform_currency="usd") == (
        "instant_payouts_unsupported",
        "method",
    )
    disabled = ("instant_payouts_currency_disabled", "currency")
    assert refused(check_instant, BANK, 500, platform_currency="eur") == disabled
    assert refused(check_instant, yen, 500, platform_currency="jpy") == disabled


def test_a_platforms_instant_payouts_of_a_day_have_a_limit():
    check_daily_limit(400, used=600, limit=1000, currency="usd")
    check_daily_limit(10**9, used=0, limit=None, currency="usd")
    assert refused(check_daily_limit, 401, used=600, limit=1000, currency="usd") == (
        "instant_payouts_limit_exceeded",
        "amount",
    )


@pytest.mark.parametrize(
    ("amount", "basis_points", "fee"),
    [(490, 200, 10), (9800, 200, 200), (500, 0, 0), (100, 150, 2), (50, 200, 1)],
)
def test_the_fee_is_a_percentage_of_what_is_debited(amount, basis_points, fee):
    assert instant_fee(amount, basis_points) == fee


@pytest.mark.parametrize("basis_points", [0, 1, 150, 200, 333, 1000])
def test_the_largest_instant_payout_takes_all_there_is_and_never_more(basis_points):
    for available in [*range(400), 500, 9_999, 123_457]:
        amount = largest_instant(available, basis_points)
        assert amount + instant_fee(amount, basis_points) <= available
        more = amount + 1
        assert more + instant_fee(more, basis_points) > available


@pytest.mark.parametrize(("given", "currency"), [("usd", "usd"), ("USD", "usd"), ("Eur", "eur")])
def test_currencies_may_be_upper_case(given, currency):
    assert currency_of(given) == currency


@pytest.mark.parametrize("given", ["", "us", "xxx", "dem"])
def test_what_is_no_currency_is_refused(given):
    assert refused(currency_of, given) == (None, "currency")


def test_every_failure_has_a_sentence():
    assert all(text.endswith(".") and len(text) > 20 for text in FAILURES.values())
