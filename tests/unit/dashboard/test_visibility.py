"""Every cell of the table in express-dashboard §6.1, and the switches on top of it."""

from __future__ import annotations

import pytest

from counterfoil.dashboard.visibility import (
    SIGHT,
    Kind,
    kind_of,
    may_answer_disputes,
    may_capture,
    may_refund,
)
from counterfoil.platforms.settings import Features

TABLE = """
                     direct  on_behalf_of  destination  separate
whole_amount         yes     yes           no           no
payer                yes     yes           no           no
processing_fee       yes     yes           no           no
platform_fee         yes     yes           yes          no
history              yes     yes           no           no
may_refund           yes     yes           no           no
may_answer_disputes  yes     yes           no           no
may_capture          yes     yes           no           no
"""
KINDS = (Kind.DIRECT, Kind.ON_BEHALF_OF, Kind.DESTINATION, Kind.SEPARATE)
CELLS = [
    (line.split()[0], kind, word == "yes")
    for line in TABLE.strip().splitlines()[1:]
    for kind, word in zip(KINDS, line.split()[1:], strict=True)
]


@pytest.mark.parametrize(("what", "kind", "seen"), CELLS)
def test_a_seller_sees_of_a_payment_what_its_kind_lets_them(what, kind, seen):
    assert getattr(SIGHT[kind], what) is seen


def test_the_table_has_every_column_of_the_rule():
    assert {what for what, *_ in CELLS} == set(SIGHT[Kind.DIRECT].__slots__)


@pytest.mark.parametrize(
    ("may", "feature"),
    [
        (may_refund, "issue_refunds"),
        (may_answer_disputes, "manage_disputes"),
        (may_capture, "capture_payments"),
    ],
)
def test_a_seller_acts_only_where_the_platform_lets_them_and_the_payment_is_theirs(may, feature):
    both = Features(view_payments=True, **{feature: True})
    for kind in KINDS:
        theirs = kind in (Kind.DIRECT, Kind.ON_BEHALF_OF)
        assert may(kind, both) is theirs
        assert not may(kind, Features(**{feature: True}))
        assert not may(kind, Features(view_payments=True))


@pytest.mark.parametrize(
    ("own", "came_by_transfer", "of_destination_charge", "kind"),
    [
        (True, False, False, Kind.DIRECT),
        (False, False, False, Kind.ON_BEHALF_OF),
        (True, True, True, Kind.DESTINATION),
        (True, True, False, Kind.SEPARATE),
    ],
)
def test_how_a_payment_was_charged_is_told_from_its_rows(
    own, came_by_transfer, of_destination_charge, kind
):
    assert (
        kind_of(
            own=own,
            came_by_transfer=came_by_transfer,
            of_destination_charge=of_destination_charge,
        )
        is kind
    )
