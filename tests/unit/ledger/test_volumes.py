"""Earnings by day: on the owner's own calendar, and rebuilt when that changes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from counterfoil.kit.db import fetch_all
from counterfoil.ledger.policy import NOT_EARNED, is_earning
from counterfoil.ledger.volumes import rebuild_daily_volume
from tests.support.books import OTHER, PLATFORM, SELLER, charge, payout, post, transfer

EPOCH = date(1970, 1, 1).toordinal()


def moment(text: str) -> int:
    return int(datetime.fromisoformat(text).astimezone(UTC).timestamp())


def volume(owner: str = SELLER, *, livemode: bool = False) -> dict[tuple[str, str], tuple]:
    """(gross, fee, net, count) by (currency, day)."""
    rows = fetch_all(
        "SELECT currency, day, SUM(gross), SUM(fee), SUM(net), SUM(count) FROM ledger_dailyvolume"
        " WHERE owner = %s AND livemode = %s GROUP BY currency, day ORDER BY currency, day",
        [owner, livemode],
    )
    return {
        (currency, date.fromordinal(day + EPOCH).isoformat()): tuple(int(one) for one in totals)
        for currency, day, *totals in rows
    }


ONE = (1000, 59, 941, 1)
TWO = (2000, 118, 1882, 2)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Etc/UTC", "2025-11-03T23:59:59+00:00", "2025-11-03"),
        ("Etc/UTC", "2025-11-04T00:00:00+00:00", "2025-11-04"),
        ("Europe/Berlin", "2025-11-03T23:00:00+00:00", "2025-11-04"),
        ("America/Los_Angeles", "2025-11-04T07:59:59+00:00", "2025-11-03"),
        ("Pacific/Kiritimati", "2025-11-03T10:00:00+00:00", "2025-11-04"),
        ("Asia/Kathmandu", "2025-11-03T18:14:59+00:00", "2025-11-03"),
        ("Asia/Kathmandu", "2025-11-03T18:15:00+00:00", "2025-11-04"),
        # The days on which clocks change have 23 and 25 hours.
        ("America/New_York", "2025-03-09T04:59:59+00:00", "2025-03-08"),
        ("America/New_York", "2025-03-09T05:00:00+00:00", "2025-03-09"),
        ("America/New_York", "2025-03-10T03:59:59+00:00", "2025-03-09"),
        ("America/New_York", "2025-03-10T04:00:00+00:00", "2025-03-10"),
        ("America/New_York", "2025-11-02T04:00:00+00:00", "2025-11-02"),
        ("America/New_York", "2025-11-03T04:59:59+00:00", "2025-11-02"),
        ("America/New_York", "2025-11-03T05:00:00+00:00", "2025-11-03"),
        # Here midnight itself is skipped: the day begins at 01:00.
        ("America/Santiago", "2025-09-07T03:59:59+00:00", "2025-09-06"),
        ("America/Santiago", "2025-09-07T04:00:00+00:00", "2025-09-07"),
    ],
)
def test_a_payment_counts_on_its_owners_day_when_posted_and_when_rebuilt(zone, at, day):
    post(charge("1"), at=moment(at), acct_seller=zone)
    assert volume() == {("usd", day): ONE}

    rebuild_daily_volume(owner=SELLER, livemode=False, zone=zone)
    assert volume() == {("usd", day): ONE}


@pytest.mark.django_db
def test_a_move_to_another_zone_moves_every_payment():
    post(charge("1"), at=moment("2025-11-03T23:30:00+00:00"), acct_seller="Europe/Berlin")
    post(charge("2"), at=moment("2025-11-04T08:30:00+00:00"), acct_seller="Europe/Berlin")
    post(charge("3", currency="eur"), at=moment("2025-11-04T08:30:00+00:00"))
    assert volume() == {("usd", "2025-11-04"): TWO, ("eur", "2025-11-04"): ONE}

    rebuild_daily_volume(owner=SELLER, livemode=False, zone="America/New_York")
    assert volume() == {
        ("eur", "2025-11-04"): ONE,
        ("usd", "2025-11-03"): ONE,
        ("usd", "2025-11-04"): ONE,
    }

    post(charge("4"), at=moment("2025-11-04T04:59:59+00:00"), acct_seller="America/New_York")
    assert volume()["usd", "2025-11-03"] == TWO


@pytest.mark.django_db
def test_a_rebuild_touches_one_owner_in_one_mode():
    now = moment("2025-11-03T23:30:00+00:00")
    post(charge("1"), charge("2", OTHER), at=now)
    post(charge("1"), at=now, livemode=True)

    rebuild_daily_volume(owner=SELLER, livemode=False, zone="Europe/Berlin")

    assert volume() == {("usd", "2025-11-04"): ONE}
    assert volume(OTHER) == volume(livemode=True) == {("usd", "2025-11-03"): ONE}


@pytest.mark.django_db
def test_rebuilding_what_was_spread_gives_the_same_totals():
    now = moment("2025-11-03T12:00:00+00:00")
    for n in range(40):
        post(charge(str(n), PLATFORM), at=now)
    before = volume(PLATFORM)

    rebuild_daily_volume(owner=PLATFORM, livemode=False, zone="Etc/UTC")

    assert volume(PLATFORM) == before == {("usd", "2025-11-03"): (40_000, 2360, 37_640, 40)}


@pytest.mark.django_db
def test_a_transfer_is_earned_where_it_arrives_and_given_where_it_leaves():
    now = moment("2025-11-03T12:00:00+00:00")
    post(transfer("1", amount=700), at=now)

    assert volume() == {("usd", "2025-11-03"): (700, 0, 700, 1)}
    assert volume(PLATFORM) == {("usd", "2025-11-03"): (-700, 0, -700, 1)}


@pytest.mark.django_db
def test_a_payout_is_not_earned():
    post(payout("1"))

    assert volume() == {}


@pytest.mark.parametrize("category", sorted(NOT_EARNED))
def test_money_between_an_owners_pockets_is_not_earned(category):
    assert not is_earning(category, "payments")


@pytest.mark.parametrize(
    "category",
    "charge refund refund_failure dispute dispute_reversal transfer transfer_reversal fee tax"
    " platform_earning platform_earning_refund other_adjustment partial_capture_reversal".split(),
)
def test_activity_is_earned_on_the_payments_balance_alone(category):
    assert is_earning(category, "payments")
    assert not is_earning(category, "prefunding")
