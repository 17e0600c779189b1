"""What the tests of accounts do, in the words they use."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import msgspec
from django.db import transaction

from counterfoil.accounts import operations
from counterfoil.accounts.models import Account
from counterfoil.accounts.params import (
    CreateAccount,
    CreateExternalAccount,
    CreateToken,
    PersonParams,
    UpdateAccount,
    UpdateExternalAccount,
)
from counterfoil.events.models import Event
from counterfoil.kit.scope import Scope
from counterfoil.platforms.operations import create_platform
from tests.contract.sdk_types import assert_valid

NOW = 1_760_000_000  # 2025-10-09


def as_form(value: Any) -> Any:
    """Parameters as the API's edge decodes a form body: nested hashes of text."""
    if isinstance(value, dict):
        return {name: as_form(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_form(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def done(operation: Callable[..., msgspec.Struct], **arguments: Any) -> dict[str, Any]:
    """The object as the API serves it; it must be one that the SDK knows.

    A refused operation is undone, as it is where no test's transaction surrounds it.
    """
    with transaction.atomic():
        wire = operation(**arguments)
    shown: dict[str, Any] = json.loads(msgspec.json.encode(wire))
    assert_valid(shown)
    return shown


def seen(wire: msgspec.Struct) -> dict[str, Any]:
    """The object as the API serves it, a valid one."""
    return done(lambda: wire)


class World:
    """A platform; every object that comes back is checked against the SDK's types."""

    def __init__(self, *, livemode: bool = False, country: str = "US") -> None:
        self.platform = create_platform(name="Bowls & Co", now=NOW, country=country).platform
        self.livemode = livemode
        self.now = NOW

    @property
    def _where(self) -> dict[str, Any]:
        return {"platform_id": self.platform.id, "livemode": self.livemode, "now": self.now}

    def create(self, **params: Any) -> dict[str, Any]:
        sent = msgspec.convert(as_form(params), CreateAccount, strict=False)
        return done(operations.create_account, params=sent, **self._where)

    def update(self, account_id: str, **params: Any) -> dict[str, Any]:
        sent = msgspec.convert(as_form(params), UpdateAccount, strict=False)
        return done(operations.update_account, account_id=account_id, params=sent, **self._where)

    def add_external(self, account_id: str, **params: Any) -> dict[str, Any]:
        sent = msgspec.convert(as_form(params), CreateExternalAccount, strict=False)
        return done(
            operations.create_external_account, account_id=account_id, params=sent, **self._where
        )

    def update_external(self, account_id: str, external_id: str, **params: Any) -> dict[str, Any]:
        sent = msgspec.convert(as_form(params), UpdateExternalAccount, strict=False)
        return done(
            operations.update_external_account,
            account_id=account_id,
            external_id=external_id,
            params=sent,
            **self._where,
        )

    def delete_external(self, account_id: str, external_id: str) -> dict[str, Any]:
        return done(
            operations.delete_external_account,
            account_id=account_id,
            external_id=external_id,
            **self._where,
        )

    def token(self, *, account_id: str | None = None, **params: Any) -> dict[str, Any]:
        sent = msgspec.convert(as_form(params), CreateToken, strict=False)
        scope = Scope(self.platform.id, account_id or self.platform.id, self.livemode)
        return done(operations.create_token, scope=scope, params=sent, now=self.now)

    def add_person(self, account_id: str, **params: Any) -> dict[str, Any]:
        sent = msgspec.convert(as_form(params), PersonParams, strict=False)
        return done(operations.create_person, account_id=account_id, params=sent, **self._where)

    def change_person(self, account_id: str, person_id: str, **params: Any) -> dict[str, Any]:
        sent = msgspec.convert(as_form(params), PersonParams, strict=False)
        return done(
            operations.update_person,
            account_id=account_id,
            person_id=person_id,
            params=sent,
            **self._where,
        )

    def remove_person(self, account_id: str, person_id: str) -> dict[str, Any]:
        return done(
            operations.delete_person, account_id=account_id, person_id=person_id, **self._where
        )

    def row(self, account_id: str) -> Account:
        return Account.objects.get(id=account_id)

    def events(self, account_id: str) -> list[Event]:
        """What happened to the account, oldest first; every object in it is a valid one."""
        events = list(Event.objects.filter(account_id=account_id).order_by("id"))
        for event in events:
            assert_valid(json.loads(event.object))
        return events

    def event_types(self, account_id: str) -> list[str]:
        return [event.type for event in self.events(account_id)]
