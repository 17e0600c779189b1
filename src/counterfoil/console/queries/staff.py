"""Who looks after which marketplace."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.kit.db import fetch_all


@dataclass(frozen=True, slots=True)
class MemberAnywhere:
    operator_id: str
    email: str
    role: str
    platform_id: str
    platform_name: str


def all_members() -> list[MemberAnywhere]:
    """Of every marketplace: for development only."""
    return [
        MemberAnywhere(*row)
        for row in fetch_all(
            "SELECT o.id, o.email, m.role, p.id, p.name FROM access_membership m"
            " JOIN access_operator o ON o.id = m.operator_id"
            " JOIN platforms_platform p ON p.id = m.platform_id"
            " ORDER BY p.name, p.id, o.email LIMIT 200"
        )
    ]
