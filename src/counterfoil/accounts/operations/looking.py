"""Requirements that change by themselves: deadlines pass, sellers earn more than a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from counterfoil.accounts.deadlines import WEEK, demand, undemanded
from counterfoil.accounts.models import Account
from counterfoil.accounts.operations.changing import changed_account
from counterfoil.accounts.operations.saving import facts_of, has_external_account
from counterfoil.accounts.policy import THRESHOLDS
from counterfoil.accounts.profile import Demand, Profile
from counterfoil.kit.db import execute, fetch_all, placeholders

_BATCH: Final = 500


class _Demanded(msgspec.Struct):
    """Of a profile only what a look at many accounts needs."""

    demands: list[Demand] = []
    ownership_told_at: int | None = None


_DUE = """
SELECT a.id, a.country, a.profile, COALESCE((
    SELECT SUM(v.gross) FROM ledger_dailyvolume v
    WHERE v.owner = a.id AND v.livemode = a.livemode AND v.currency = a.default_currency
), 0)
FROM accounts_account a
WHERE a.platform_id = %s AND a.livemode = %s AND a.requirements_at <= %s
  AND a.deleted_at IS NULL AND a.requirements_at IS NOT NULL
ORDER BY a.requirements_at, a.id LIMIT %s
"""


def look_at_due(*, platform_id: str, livemode: bool, now: int) -> int:
    """Act on every account whose moment has come by `now`; how many changed."""
    done = 0
    while rows := fetch_all(_DUE, [platform_id, livemode, now, _BATCH]):
        quiet = [row[0] for row in rows if not _has_news(row)]
        _later(quiet, now)
        for ident in {row[0] for row in rows} - set(quiet):
            done += _look(platform_id, livemode, ident, now)
    return done


def _has_news(row: Sequence[Any]) -> bool:
    _, country, profile, volume = row
    if volume >= THRESHOLDS.get(country, volume + 1):
        return True
    waiting = msgspec.json.decode(profile, type=_Demanded)
    return bool(waiting.demands) or waiting.ownership_told_at is not None


def _later(ids: Sequence[str], now: int) -> None:
    if ids:
        execute(
            "UPDATE accounts_account SET requirements_at = %s"  # noqa: S608 - placeholders only
            f" WHERE requirements_at <= %s AND id IN ({placeholders(ids)})",
            [(now // WEEK + 1) * WEEK, now, *ids],
        )


def _look(platform_id: str, livemode: bool, account_id: str, now: int) -> int:
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        _ask_for_more(change.account, change.profile, now)
    return int(change.is_visible)


def _ask_for_more(account: Account, profile: Profile, now: int) -> None:
    threshold = THRESHOLDS.get(account.country)
    if threshold is None:
        return
    rows = fetch_all(
        "SELECT COALESCE(SUM(gross), 0) FROM ledger_dailyvolume"
        " WHERE owner = %s AND livemode = %s AND currency = %s",
        [account.id, account.livemode, account.default_currency],
    )
    if rows[0][0] >= threshold:
        facts = facts_of(account, profile, has_external=has_external_account(account), now=now)
        demand(profile, undemanded(facts), now=now)
