"""Refusals carry a code, a sentence and a parameter, and know no HTTP."""

from __future__ import annotations

from counterfoil.kit.refused import (
    BalanceInsufficient,
    Conflict,
    Declined,
    InvalidRequest,
    Refused,
    ResourceMissing,
)
from counterfoil.kit.scope import Scope


def test_a_refusal_says_what_is_wrong_with_what():
    refusal = InvalidRequest("Send an amount.", param="amount", code="parameter_missing")

    assert (str(refusal), refusal.message) == ("Send an amount.", "Send an amount.")
    assert (refusal.param, refusal.code) == ("amount", "parameter_missing")


def test_a_class_brings_its_own_code():
    assert InvalidRequest("x").code is None
    assert BalanceInsufficient("x").code == "balance_insufficient"
    assert Conflict("x").code == "idempotency_key_in_use"
    assert BalanceInsufficient("x", code="other").code == "other"
    assert BalanceInsufficient.code == "balance_insufficient"


def test_what_is_missing_is_named():
    refusal = ResourceMissing("charge", "ch_1", param="charge")

    assert refusal.message == "No such charge: 'ch_1'"
    assert (refusal.code, refusal.param) == ("resource_missing", "charge")


def test_a_decline_remembers_its_charge():
    refusal = Declined(
        "Declined.", code="card_declined", decline_code="generic_decline", charge_id="ch_1"
    )

    assert isinstance(refusal, Refused)
    assert (refusal.code, refusal.decline_code) == ("card_declined", "generic_decline")
    assert refusal.charge_id == "ch_1"


def test_a_scope_is_a_platform_in_one_mode_and_whose_objects_are_meant():
    platform = Scope("acct_p", "acct_p", False)
    seller = platform.of("acct_c")

    assert platform.is_platform
    assert not seller.is_platform
    assert seller == Scope("acct_p", "acct_c", False)
