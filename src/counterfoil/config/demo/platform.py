"""The demo's marketplace: found again by its name and operator, or made, with keys that work."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from counterfoil.access.staff import add_operator, members_of
from counterfoil.config.demo.keys import DemoKeys, save_demo, saved_demo
from counterfoil.kit.clock import DAY, utc_day_start
from counterfoil.kit.db import unit_of_work
from counterfoil.platforms.keys import create_key
from counterfoil.platforms.models import Platform
from counterfoil.platforms.operations import create_platform
from counterfoil.platforms.queries import Caller, caller_of
from counterfoil.platforms.settings import DisputeFees, Features, PlatformSettings

NAME: Final = "Ambleroot"
OPERATOR: Final = "operator@ambleroot.example"
BRAND_COLOR: Final = "#7a3f8f"
DAYS_OPEN: Final = 285  # before the first demo: a little longer than its oldest seller


def open_demo(*, now: int) -> tuple[Caller, DemoKeys]:
    """The demo's platform in test mode, with keys that are written down.

    `now` is the wall clock, UTC seconds. A lost or foreign key file is replaced by new keys;
    what keys there were before keep working.
    """
    platform = Platform.objects.filter(name=NAME, operator_email=OPERATOR).order_by("id").first()
    if platform is None:
        keys = _make(now)
    else:
        keys = _working(saved_demo(), platform.id) or _mint(platform.id, now)
    caller = caller_of(keys.secret_key_test, account_id=None)
    assert caller is not None
    if not members_of(keys.platform_id):
        add_operator(platform_id=keys.platform_id, email=OPERATOR, role="operator", now_wall=now)
    return caller, keys


def on(caller: Caller, account_id: str) -> Caller:
    """The platform acting on one of its accounts."""
    return replace(caller, account_id=account_id)


def _make(now: int) -> DemoKeys:
    made = create_platform(
        name=NAME,
        now=utc_day_start(now) - DAYS_OPEN * DAY,
        operator_email=OPERATOR,
        brand_color=BRAND_COLOR,
        settings=PlatformSettings(
            features=Features.all_on(),
            settlement_currencies=["eur", "gbp"],
            dispute_fees={
                currency: DisputeFees(received=1500) for currency in ("usd", "eur", "gbp")
            },
        ),
    )
    keys = DemoKeys(made.platform.id, NAME, made.secret_test.text, made.publishable_test.text)
    save_demo(keys)
    return keys


def _working(keys: DemoKeys | None, platform_id: str) -> DemoKeys | None:
    """The keys, when they still open this platform."""
    if keys is None:
        return None
    for key in (keys.secret_key_test, keys.publishable_key_test):
        caller = caller_of(key, account_id=None)
        if caller is None or caller.livemode or caller.platform_id != platform_id:
            return None
    return keys


def _mint(platform_id: str, now: int) -> DemoKeys:
    with unit_of_work():
        secret = create_key(platform_id=platform_id, livemode=False, kind="secret", now=now)
        publishable = create_key(
            platform_id=platform_id, livemode=False, kind="publishable", now=now
        )
    keys = DemoKeys(platform_id, NAME, secret.text, publishable.text)
    save_demo(keys)
    return keys
