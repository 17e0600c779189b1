from __future__ import annotations

import pytest

from counterfoil.accounts.test_numbers import (
    bank_account_outcome,
    card_outcome,
    is_never_instant,
    is_test_account,
)


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        ("000123456789", "paid"),
        ("000111111116", "no_account"),
        ("000111111113", "account_closed"),
        ("000222222227", "insufficient_funds"),
        ("000333333335", "debit_not_authorized"),
        ("000444444440", "invalid_currency"),
        ("000888888883", "paid"),
        ("000999999991", "paid"),
        ("000999999992", "paid"),
        ("000123456", "paid"),
        ("111111116", "no_account"),
        ("444444440", "invalid_currency"),
        ("00012345", "paid"),
        ("DE62370400440532013001", "no_account"),
        ("DE89370400440532013002", "account_closed"),
        ("AT89370400440532013003", "insufficient_funds"),
        ("FR89370400440532013004", "debit_not_authorized"),
        ("DE89370400440532013005", "invalid_currency"),
        ("DE89370400440532013000", "paid"),
        ("NL91ABNA0417164300", "paid"),
    ],
)
def test_a_bank_account_decides_its_payouts_fate(number, outcome):
    assert bank_account_outcome(number) == outcome


def test_a_card_decides_its_payouts_fate():
    assert card_outcome("4000056655665572") == "could_not_process"
    assert card_outcome("4000056655665556") == "paid"


def test_one_account_is_never_paid_instantly():
    assert is_never_instant("000888888883")
    assert not is_never_instant("000123456789")


def test_other_numbers_are_not_for_testing():
    assert is_test_account("000999999992")
    assert not is_test_account("9876543210")
