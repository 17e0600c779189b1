"""Making the demo: what is missing is added, seller by seller; what is there stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec

from counterfoil.accounts.models import Account
from counterfoil.config.demo.accounts import MARK, open_account
from counterfoil.config.demo.banking import plan_banking
from counterfoil.config.demo.customers import plan_customers
from counterfoil.config.demo.days import Days
from counterfoil.config.demo.history import HOUR, Planned, plan
from counterfoil.config.demo.keys import DemoKeys
from counterfoil.config.demo.paying import Shop, pay
from counterfoil.config.demo.platform import open_demo
from counterfoil.config.demo.seller import Seller
from counterfoil.config.demo.sellers import cast
from counterfoil.kit.clock import DAY, utc_day_start
from counterfoil.kit.db import fetch_one, unit_of_work
from counterfoil.kit.scope import Scope
from counterfoil.platforms.queries import Caller


@dataclass(frozen=True, slots=True)
class Made:
    """What one run added, and how to use it."""

    keys: DemoKeys
    sellers: int
    payments: int
    were_there: int  # sellers of an earlier run


def make_demo(
    *,
    accounts: int,
    payments: int,
    now: int,
    when_done: Callable[[Seller, int], None] = lambda _seller, _payments: None,
) -> Made:
    """The demo's platform with `accounts` sellers and, over all of them, `payments` payments.

    `now` is the wall clock, UTC seconds. A seller of an earlier run keeps what it has. Each new
    one is a transaction of its own, so that a run may be cut short and completed by the next;
    `when_done` hears of it.
    """
    platform, keys = open_demo(now=now)
    at = now + platform.clock_offset
    sellers = cast(accounts)
    counts = shares(sellers, payments)
    there = _already_there(platform.scope)
    missing = [seller for seller in sellers if seller.key not in there]
    for seller in missing:
        with unit_of_work():
            _add(seller, platform, payments=counts[seller.key], now=at)
        when_done(seller, counts[seller.key])
    return Made(
        keys=keys,
        sellers=len(missing),
        payments=sum(counts[seller.key] for seller in missing),
        were_there=len(sellers) - len(missing),
    )


def shares(sellers: Sequence[Seller], payments: int) -> Mapping[str, int]:
    """How many of the payments each seller gets by its weight; together exactly `payments`."""
    weights = {one.key: one.weight for one in sellers if one.state == "selling"}
    whole = sum(weights.values())
    counts = {one.key: 0 for one in sellers}
    given, passed = 0, 0.0
    for key, weight in weights.items():
        passed += weight
        counts[key] = round(payments * passed / whole) - given
        given += counts[key]
    return counts


def _already_there(platform: Scope) -> frozenset[str]:
    """The keys of the demo's sellers; also of those who left since."""
    notes = Account.objects.filter(
        platform_id=platform.platform_id, livemode=platform.livemode
    ).values_list("metadata", flat=True)
    return frozenset(msgspec.json.decode(text).get(MARK, "") for text in notes)


def _add(seller: Seller, platform: Caller, *, payments: int, now: int) -> None:
    joined = _joined(seller, platform, now)
    account_id = open_account(seller, platform.scope, at=joined)
    shop = Shop(seller, account_id, platform, now, Days(platform.scope, now=now))
    for planned in plan(seller, count=payments, joined=joined, now=now):
        shop.days.at(planned.at, partial(_pay, shop, planned))
    if payments:
        plan_banking(shop)
        plan_customers(shop)
    shop.days.pass_by()


def _pay(shop: Shop, planned: Planned, _at: int) -> None:
    pay(shop, planned)


def _joined(seller: Seller, platform: Caller, now: int) -> int:
    """When the account was opened: at some hour of its day, and after the platform was."""
    opened = fetch_one(
        "SELECT created FROM platforms_platform WHERE id = %s", [platform.platform_id]
    )
    assert opened is not None
    return max(utc_day_start(now) - seller.joined_days_ago * DAY + 15 * HOUR, int(opened[0]) + HOUR)
