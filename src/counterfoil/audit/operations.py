"""Writing in the log, inside the transaction of what is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from counterfoil.audit.acting import Acting, acting
from counterfoil.audit.actions import ACTIONS, Action
from counterfoil.audit.canonical import FIELDS, record_digest
from counterfoil.kit.db import insert_rows, unit_of_work
from counterfoil.kit.devices import device_of
from counterfoil.kit.ids import new_id
from counterfoil.kit.network import network_of
from counterfoil.kit.scope import Scope

Values = Mapping[str, str | int | bool | None]

# Words of names whose values nobody may read later; last fours, kinds and masks have other names.
SECRET_WORDS: Final = frozenset(
    "code codes token secret password number iban key cookie ssn tax_id id_number dob".split()
)
_encoder = msgspec.json.Encoder(order="sorted")


def record(
    action: Action,
    *,
    scope: Scope,
    object_id: str | None = None,
    now_wall: int | None = None,
    by: Acting | None = None,
    before: Values | None = None,
    after: Values | None = None,
) -> str:
    """Write one record; its id. `scope` is whom it concerns.

    Who and from where are the edge's (`acting`), unless `by` says otherwise; so is the moment,
    which whoever acts without an edge gives as `now_wall` (wall clock, UTC seconds). `before` and
    `after` hold what changed, as the page may show it: masked, never secret.
    """
    who = by or acting.get()
    at = now_wall if now_wall is not None else who.at
    assert at is not None, "without an edge, the caller says when"
    assert action in ACTIONS, f"unknown action: {action}"
    device = device_of(who.user_agent)
    ident = new_id("aud", at)
    values = (
        ident,
        scope.platform_id,
        scope.livemode,
        scope.account_id,
        at,
        action,
        object_id,
        who.kind,
        who.id,
        network_of(who.address),
        device.browser,
        device.system,
        _json(before),
        _json(after),
    )
    with unit_of_work():
        insert_rows("audit_record", (*FIELDS, "digest"), [(*values, record_digest(values))])
        insert_rows(
            "audit_unsealed",
            ("entry_id", "platform_id", "livemode"),
            [(ident, scope.platform_id, scope.livemode)],
        )
    return ident


def record_decision(
    action: Action,
    *,
    scope: Scope,
    object_id: str | None = None,
    before: Values | None = None,
    after: Values | None = None,
) -> None:
    """As `record`, for what schedules do too: nothing is written when nobody asked.

    What the schedule moves stands in the books, which are sealed the same way.
    """
    if acting.get().at is not None:
        record(action, scope=scope, object_id=object_id, before=before, after=after)


def _json(values: Values | None) -> str | None:
    if values is None:
        return None
    secret = SECRET_WORDS & values.keys()
    assert not secret, f"the log holds no secrets: {sorted(secret)}"
    return _encoder.encode(values).decode()
