"""When an account's requirements change by themselves, and what is asked for by then."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from counterfoil.accounts.policy import GRACE, THRESHOLDS, Facts, needs
from counterfoil.accounts.profile import Demand, Profile
from counterfoil.kit.clock import DAY

# How often an account is held against its threshold: all of them at one moment, so that a clock
# that is moved far stops once a week for them and not once for each.
WEEK: Final = 7 * DAY


def next_look(facts: Facts, *, deadline: int | None) -> int | None:
    """The next moment at which a deadline acts or a threshold is looked at; None: neither."""
    moments = [] if deadline is None else [deadline]
    if facts.profile.enabled_once and facts.country in THRESHOLDS and undemanded(facts):
        moments.append((facts.now // WEEK + 1) * WEEK)
    return min(moments, default=None)


def undemanded(facts: Facts) -> set[str]:
    """Keys of what is due later and has no deadline yet; being announced is none."""
    demanded = {
        key
        for demand in facts.profile.demands
        if demand.starts_at <= facts.now
        for key in demand.keys
    }
    return {need.key for need in needs(facts) if need.when == "later"} - demanded


def demand(
    profile: Profile,
    keys: Collection[str],
    *,
    now: int,
    grace: int = GRACE,
    charges_too: bool = False,
    cause: str | None = None,
    ahead: int = 0,
) -> None:
    """Ask for `keys` of needs within `grace` seconds, or announce `ahead` seconds before that they
    will be asked for. What was demanded stays demanded, so that details that are taken back later
    are missed at once."""
    if keys:
        starts_at = now + ahead
        demanded = Demand(sorted(keys), starts_at + grace, charges_too, cause, starts_at)
        profile.demands.append(demanded)
