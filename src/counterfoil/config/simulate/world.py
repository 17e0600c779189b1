"""The platforms of a life, what steps were answered with, and the time."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.config.simulate.client import Reply, send
from counterfoil.config.simulate.steps import Listed, Ref, Step
from counterfoil.kit.db import execute, fetch_all
from counterfoil.platforms.operations import create_platform
from counterfoil.platforms.queries import platform_facts
from counterfoil.platforms.settings import PlatformSettings, write_settings

BEGINNING: Final = 1_767_607_200  # Monday 5 January 2026, 10:00 UTC


class NotThere(Exception):
    """What a step is about was never made, because an earlier one was refused or left out."""


@dataclass(frozen=True, slots=True)
class Market:
    id: str
    keys: dict[bool, str]  # by mode


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that may be sent several times; what it is about is settled."""

    method: str
    path: str
    params: dict[str, Any]
    secret_key: str
    account: str | None

    def send(self, key: str, **more: Any) -> Reply:
        """Under an idempotency key, where its method has one, with `more` parameters."""
        return send(
            self.method,
            self.path,
            self.params | more,
            secret_key=self.secret_key,
            account=self.account,
            idempotency_key=key if self.method == "POST" else None,
        )


class World:
    def __init__(self) -> None:
        self.now = BEGINNING  # wall clock, UTC seconds
        self.markets: dict[int, Market] = {}
        self.answers: dict[int, dict[str, Any]] = {}

    def market(self, step: Step) -> Market:
        if step.platform not in self.markets:
            raise NotThere
        return self.markets[step.platform]

    def open_platform(self, step: Step) -> None:
        params = step.params or {}
        made = create_platform(
            name=f"Platform {step.number}",
            country=params["country"],
            default_currency=params["currency"],
            settings=msgspec.convert(params["settings"], PlatformSettings),
            now=self.now,
        )
        keys = {False: made.secret_test.text, True: made.secret_live.text}
        self.markets[step.number] = Market(made.platform.id, keys)

    def change_fees(self, step: Step) -> None:
        """The platform's settings in both modes, with these instead."""
        ident = self.market(step).id
        before = msgspec.to_builtins(platform_facts(ident, livemode=False).settings)
        settings = msgspec.convert(before | dict(step.params or {}), PlatformSettings)
        sql = "UPDATE platforms_platform SET settings = %s, live_settings = %s WHERE id = %s"
        execute(sql, [text := write_settings(settings), text, ident])

    def nows(self) -> dict[tuple[str, bool], int]:
        """What the clock shows, by platform and mode."""
        found = {}
        for ident, offset in fetch_all("SELECT id, test_clock_offset FROM platforms_platform"):
            found[ident, False] = self.now + int(offset)
            found[ident, True] = self.now
        return found

    def let_in(self, account_id: str) -> None:
        """Live mode: an operator has verified a seller."""
        execute(
            "UPDATE accounts_account SET payouts_enabled = %s, charges_enabled = %s,"
            " card_payments = 'active', transfers = 'active' WHERE id = %s",
            [True, True, account_id],
        )

    # ---- Naming ----

    def request(self, step: Step) -> Prepared:
        """The step's request, with ids for all that it names; raises NotThere."""
        return Prepared(
            method=step.method,
            path=step.path.format(*[self.value(target, step) for target in step.targets]),
            params=self.filled(step.params or {}, step),
            secret_key=self.market(step).keys[step.livemode],
            account=self.value(step.on, step) if step.on else None,
        )

    def filled(self, value: Any, step: Step) -> Any:
        """Parameters with ids for what they name."""
        if isinstance(value, Ref | Listed):
            return self.value(value, step)
        if isinstance(value, dict):
            return {name: self.filled(part, step) for name, part in value.items()}
        if isinstance(value, list):
            return [self.filled(part, step) for part in value]
        return value

    def value(self, target: Ref | Listed, step: Step) -> str:
        if isinstance(target, Listed):
            return self._listed(target, step)
        found: Any = self.answers.get(target.step)
        for name in target.field.split("."):
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, str):
            raise NotThere
        return found

    def _listed(self, target: Listed, step: Step) -> str:
        path = target.path.format(self.value(target.of, step)) if target.of else target.path
        reply = send(
            "GET",
            path,
            {"limit": target.among},
            secret_key=self.market(step).keys[step.livemode],
            account=self.value(step.on, step) if step.on else None,
        )
        shown = reply.json().get("data") if reply.ok else None
        if not shown:
            raise NotThere
        picked = min(shown, key=lambda one: _rank(target.pick, one["id"]))
        return str(picked[target.field])


def _rank(pick: int, ident: str) -> bytes:
    return hashlib.blake2b(f"{pick}:{ident}".encode(), digest_size=8).digest()
