"""What the platform's clock brings about in payouts (see `platforms/timing.py`).

Schedules run, payouts are handed over, arrive or come back. Where no rail is plugged in (live
mode), an operator does all but the schedules.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from counterfoil.kit.db import fetch_one
from counterfoil.payouts.operations.automatic import run_schedules
from counterfoil.payouts.operations.claiming import rail_of
from counterfoil.payouts.operations.landing import land_due
from counterfoil.payouts.operations.sending import hand_over_due

Step = Callable[..., int]


def next_due(platform_id: str, livemode: bool, until: int) -> int | None:
    """The next moment, `until` at the latest, at which something happens to a payout."""
    tables = [("accounts_account", "next_payout_at", " AND deleted_at IS NULL")]
    if rail_of(livemode) is not None:
        tables.append(("payouts_payout", "next_at", ""))
    moments = []
    for table, column, more in tables:
        row = fetch_one(
            f"SELECT MIN({column}) FROM {table}"  # noqa: S608 - our own names
            f" WHERE platform_id = %s AND livemode = %s AND {column} <= %s"
            f" AND {column} IS NOT NULL{more}",
            [platform_id, livemode, until],
        )
        if row is not None and row[0] is not None:
            moments.append(int(row[0]))
    return min(moments, default=None)


def run_due(platform_id: str, livemode: bool, moment: int, *, clock: int | None = None) -> int:
    """Do all that is due at `moment`; how much there was. `clock` is what the clock shows.

    What comes back is seen before the schedules run, so that a bank account that just failed is
    not paid again; what the schedules make is handed over at once.
    """
    rail = rail_of(livemode)
    shown = moment if clock is None else clock
    done = 0
    if rail is not None:
        done += _all_of(partial(land_due, platform_id, livemode, rail, now=moment, clock=shown))
    done += run_schedules(platform_id, livemode, now=moment)
    if rail is not None:
        done += _all_of(
            partial(hand_over_due, platform_id, livemode, rail, now=moment, clock=shown)
        )
    return done


def _all_of(step: Step) -> int:
    """Batch after batch; last those that other workers were claiming meanwhile."""
    done = 0
    for wait in (False, True):
        while some := step(wait=wait):
            done += some
    return done
