from __future__ import annotations

import pytest

from counterfoil.accounts.countries import (
    _COUNTRIES,
    MAXIMUM_DELAY_DAYS,
    country_of,
    counts_business_days,
    own_delay_days,
)
from counterfoil.kit.currencies import known_currencies


def test_every_country_is_paid_in_a_known_currency_within_the_longest_delay():
    for code, country in _COUNTRIES.items():
        assert country.code == code
        assert country.currency in known_currencies(), code
        assert 0 < country.delay_days <= MAXIMUM_DELAY_DAYS


@pytest.mark.parametrize(
    ("code", "days", "business"),
    [("US", 2, True), ("AU", 2, True), ("GB", 7, False), ("DE", 7, False), ("BR", 30, False)],
)
def test_delays_are_counted_as_the_country_does(code, days, business):
    assert own_delay_days(code) == days
    assert counts_business_days(code) is business


def test_some_countries_only_receive():
    assert country_of("NG") is not None
    assert not country_of("NG").payments
    assert country_of("KP") is None
