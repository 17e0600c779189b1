"""How an account stands, in one word."""

from __future__ import annotations

import pytest

from counterfoil.accounts.profile import Profile
from counterfoil.accounts.shapes import Requirements
from counterfoil.accounts.standing import name_key, standing_of

FINE = {
    "details_submitted": True,
    "charges_enabled": True,
    "payouts_enabled": True,
    "statuses": ("active", "active"),
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "enabled"),
        ({"statuses": ("unrequested", "active"), "charges_enabled": False}, "enabled"),
        ({"charges_enabled": False}, "restricted"),
        ({"payouts_enabled": False}, "restricted"),
        ({"payouts_enabled": False, "statuses": ("active", "pending")}, "pending"),
        ({"details_submitted": False, "payouts_enabled": False}, "incomplete"),
    ],
)
def test_the_gravest_word_that_holds(changes, expected):
    assert standing_of(Profile(), **FINE | changes) == expected


def test_a_deadline_warns_and_a_rejection_outweighs_everything():
    warned = Profile(requirements=Requirements(current_deadline=1_762_164_000))
    assert standing_of(warned, **FINE) == "restricted_soon"
    assert standing_of(warned, **FINE | {"payouts_enabled": False}) == "restricted"
    gone = Profile(rejected="rejected.platform_fraud")
    assert standing_of(gone, **FINE | {"details_submitted": False}) == "rejected"


def test_names_are_searched_without_case_and_spaces():
    assert name_key("  Ada   BYRON ") == "ada byron"
    assert name_key("") is None
    assert name_key(None) is None
