"""Making a platform."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.currencies import known_currencies
from counterfoil.kit.db import execute, fetch_one, lock_row_suffix, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest
from counterfoil.platforms.changing import changed_settings
from counterfoil.platforms.keys import NewKey, create_key
from counterfoil.platforms.models import Platform
from counterfoil.platforms.params import UpdateSettings
from counterfoil.platforms.settings import PlatformSettings, read_settings, write_settings


@dataclass(frozen=True, slots=True)
class NewPlatform:
    """A platform with its four keys, whose texts are never seen again."""

    platform: Platform
    secret_test: NewKey
    secret_live: NewKey
    publishable_test: NewKey
    publishable_live: NewKey


def create_platform(
    *,
    name: str,
    now: int,
    country: str = "US",
    default_currency: str = "usd",
    operator_email: str | None = None,
    brand_color: str = "#3b5bdb",
    settings: PlatformSettings | None = None,
) -> NewPlatform:
    """A marketplace, with keys for both modes. `now` is the wall clock, UTC seconds.

    Both modes begin with the same settings and go their own ways from there.
    Raises InvalidRequest when the name is empty or the currency unknown.
    """
    if not name.strip():
        raise InvalidRequest("A platform needs a name.", param="name")
    if default_currency not in known_currencies():
        raise InvalidRequest(f"Unknown currency: {default_currency}", param="default_currency")
    with unit_of_work():
        platform = Platform.objects.create(
            id=new_id("acct", now),
            created=now,
            name=name.strip(),
            country=country,
            default_currency=default_currency,
            operator_email=operator_email,
            brand_color=brand_color,
            settings=(text := write_settings(settings or PlatformSettings())),
            live_settings=text,
        )
        keys = [
            create_key(platform_id=platform.id, livemode=livemode, kind=kind, now=now)
            for kind in ("secret", "publishable")
            for livemode in (False, True)
        ]
    return NewPlatform(platform, *keys)


def update_settings(
    *, platform_id: str, livemode: bool, params: UpdateSettings
) -> PlatformSettings:
    """Change the settings of one mode; they count for whatever happens afterwards.

    Raises InvalidRequest, and then nothing is changed.
    """
    column = "live_settings" if livemode else "settings"
    with unit_of_work():
        row = fetch_one(
            f"SELECT {column} FROM platforms_platform WHERE id = %s{lock_row_suffix()}",  # noqa: S608 - one of our two columns
            [platform_id],
        )
        assert row is not None, f"no platform {platform_id}"
        settings = changed_settings(read_settings(row[0]), params)
        execute(
            f"UPDATE platforms_platform SET {column} = %s WHERE id = %s",  # noqa: S608 - the same
            [write_settings(settings), platform_id],
        )
    return settings
