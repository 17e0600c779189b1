"""Earnings by day: recomputed when an owner's calendar changes."""

from __future__ import annotations

from counterfoil.kit.clock import local_day
from counterfoil.kit.db import execute, insert_rows, stream, unit_of_work
from counterfoil.ledger.policy import is_earning


def rebuild_daily_volume(*, owner: str, livemode: bool, zone: str) -> None:
    """Sum an owner's earnings anew, by the days of the IANA time zone `zone`.

    The caller holds the owner's calendar (`accounts.queries.hold_calendar`), so that no payment
    of the same owner is posted by the old one meanwhile.
    """
    with unit_of_work():
        execute(
            "DELETE FROM ledger_dailyvolume WHERE owner = %s AND livemode = %s", [owner, livemode]
        )
        rows = stream(
            "SELECT created, currency, reporting_category, balance_type, amount, fee, net"
            " FROM ledger_balancetransaction WHERE owner = %s AND livemode = %s",
            [owner, livemode],
        )
        sums: dict[tuple[str, int], list[int]] = {}
        for created, currency, category, balance_type, amount, fee, net in rows:
            if not is_earning(category, balance_type):
                continue
            total = sums.setdefault((currency, local_day(created, zone)), [0] * 4)
            for place, value in enumerate((amount, fee, net, 1)):
                total[place] += value
        insert_rows(
            "ledger_dailyvolume",
            ("owner", "livemode", "currency", "day", "spread", "gross", "fee", "net", "count"),
            [
                (owner, livemode, currency, day, 0, *total)
                for (currency, day), total in sums.items()
            ],
        )
