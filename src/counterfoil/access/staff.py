"""Who looks after a marketplace: added, given another role, and removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from counterfoil.access.operator_sessions import end_sessions_of
from counterfoil.access.operators import Role
from counterfoil.audit.operations import record
from counterfoil.kit.db import execute, fetch_all, fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope


@dataclass(frozen=True, slots=True)
class Member:
    """An operator of one marketplace."""

    operator_id: str
    email: str
    role: str
    created: int
    has_factor: bool


def add_operator(*, platform_id: str, email: str, role: Role, now_wall: int) -> str:
    """Let somebody into a marketplace's console, or give them another role there; their id.

    Raises InvalidRequest for what is no e-mail address or no role.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidRequest("An operator needs an e-mail address.", param="email") from error
    if len(address) > 320 or role not in get_args(Role):
        raise InvalidRequest("A role is operator or support.", param="role")
    scope = Scope(platform_id, platform_id, livemode=True)
    with unit_of_work():
        execute(
            "INSERT INTO access_operator (id, email, created) VALUES (%s, %s, %s)"
            " ON CONFLICT (email) DO NOTHING",
            [new_id("opr", now_wall), address, now_wall],
        )
        row = fetch_one("SELECT id FROM access_operator WHERE email = %s", [address])
        assert row is not None, "it is there now"
        operator_id = str(row[0])
        columns = ("operator_id", "platform_id", "role", "created")
        insert_rows(
            "access_membership",
            columns,
            [(operator_id, platform_id, role, now_wall)],
            conflict="ON CONFLICT (operator_id, platform_id) DO UPDATE SET role = excluded.role",
        )
        record(
            "operator.added",
            scope=scope,
            object_id=operator_id,
            now_wall=now_wall,
            after={"role": role},
        )
    return operator_id


def remove_operator(*, platform_id: str, email: str, now_wall: int) -> None:
    """Nobody any more: signed out there at once. Whoever has no marketplace left loses their
    second factors too, so that they begin anew. Raises ResourceMissing."""
    address = email.strip().lower()
    with unit_of_work():
        row = fetch_one(
            "DELETE FROM access_membership WHERE platform_id = %s AND operator_id ="
            " (SELECT id FROM access_operator WHERE email = %s) RETURNING operator_id, role",
            [platform_id, address],
        )
        if row is None:
            raise ResourceMissing("operator", address, param="email")
        operator_id, role = row
        end_sessions_of(operator_id, platform_id=platform_id)
        if not fetch_one("SELECT 1 FROM access_membership WHERE operator_id = %s", [operator_id]):
            execute("DELETE FROM access_factor WHERE account_id = %s", [operator_id])
            execute("DELETE FROM access_recoverycode WHERE account_id = %s", [operator_id])
        record(
            "operator.removed",
            scope=Scope(platform_id, platform_id, livemode=True),
            object_id=operator_id,
            now_wall=now_wall,
            before={"role": role},
        )


def members_of(platform_id: str) -> list[Member]:
    """Everybody who looks after a marketplace, by address."""
    return [
        Member(operator_id, email, role, created, bool(has_factor))
        for operator_id, email, role, created, has_factor in fetch_all(
            "SELECT o.id, o.email, m.role, m.created,"
            " EXISTS (SELECT 1 FROM access_factor f"
            "         WHERE f.account_id = o.id AND f.confirmed_at IS NOT NULL)"
            " FROM access_membership m JOIN access_operator o ON o.id = m.operator_id"
            " WHERE m.platform_id = %s ORDER BY o.email",
            [platform_id],
        )
    ]
