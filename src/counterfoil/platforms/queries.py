"""Who calls: one query from a key to everything a request needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from counterfoil.kit.clock import platform_now
from counterfoil.kit.db import fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.platforms.keys import key_hash
from counterfoil.platforms.settings import PlatformSettings, read_settings


@dataclass(frozen=True, slots=True)
class Caller:
    """A platform in one mode, and the account it acts on (its own, or a connected one)."""

    platform_id: str
    platform_name: str
    platform_country: str
    platform_currency: str
    livemode: bool
    kind: str  # secret | publishable
    account_id: str | None  # None: the account it asked for is not one of its own
    clock_offset: int
    settings: PlatformSettings

    @property
    def scope(self) -> Scope:
        assert self.account_id is not None
        return Scope(self.platform_id, self.account_id, self.livemode)

    @property
    def platform_scope(self) -> Scope:
        return Scope(self.platform_id, self.platform_id, self.livemode)

    def now(self) -> int:
        """The platform's clock, UTC seconds."""
        return platform_now(self.clock_offset)


_CALLER = """
SELECT p.id, p.name, p.country, p.default_currency, k.livemode, k.kind,
       CASE WHEN %s IN ('', p.id) THEN p.id ELSE a.id END,
       CASE WHEN k.livemode THEN 0 ELSE p.test_clock_offset END,
       CASE WHEN k.livemode THEN p.live_settings ELSE p.settings END
FROM platforms_apikey k
JOIN platforms_platform p ON p.id = k.platform_id
LEFT JOIN accounts_account a
  ON a.id = %s AND a.platform_id = p.id AND a.livemode = k.livemode AND a.deleted_at IS NULL
WHERE k.sha256 = %s AND k.revoked_at IS NULL
"""


def caller_of(key: str, *, account_id: str | None) -> Caller | None:
    """The caller behind a key, or None when we do not know the key.

    `account_id` is what `Stripe-Account` named. The accounts table is read here by name, in
    the one query every request makes, though its package stands above this one.
    """
    wanted = account_id or ""
    row = fetch_one(_CALLER, [wanted, wanted, key_hash(key)])
    if row is None:
        return None
    platform_id, name, country, currency, livemode, kind, account, offset, settings = row
    return Caller(
        platform_id=platform_id,
        platform_name=name,
        platform_country=country,
        platform_currency=currency,
        livemode=bool(livemode),
        kind=kind,
        account_id=account,
        clock_offset=offset,
        settings=_settings(settings),
    )


@dataclass(frozen=True, slots=True)
class PlatformFacts:
    """What work without a caller needs to know about a platform."""

    country: str
    currency: str
    settings: PlatformSettings


def platform_facts(platform_id: str, *, livemode: bool) -> PlatformFacts:
    settings = "live_settings" if livemode else "settings"
    row = fetch_one(
        f"SELECT country, default_currency, {settings} FROM platforms_platform WHERE id = %s",
        [platform_id],
    )
    assert row is not None, f"no platform {platform_id}"
    country, currency, settings = row
    return PlatformFacts(country, currency, _settings(settings))


@lru_cache(maxsize=256)
def _settings(text: str) -> PlatformSettings:
    return read_settings(text)


def platform_time(platform_id: str, *, livemode: bool, now_wall: int) -> int:
    """What a platform's clock shows (UTC seconds) when the wall clock shows `now_wall`."""
    if livemode:
        return now_wall
    row = fetch_one("SELECT test_clock_offset FROM platforms_platform WHERE id = %s", [platform_id])
    return now_wall + (0 if row is None else int(row[0]))
