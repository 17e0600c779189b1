"""Which live accounts an address opens: whose e-mail or phone it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from counterfoil.kit.db import fetch_all
from counterfoil.messaging.letters import OURSELVES, Brand
from counterfoil.messaging.message import Channel

Proven = tuple[Channel, str]  # an address that a code was sent to and came back from


@dataclass(frozen=True, slots=True)
class Door:
    """A live account with the Express Dashboard that one address opens."""

    account_id: str
    platform_id: str
    name: str | None
    country: str
    phone: str | None
    email: str | None
    platform_name: str
    brand_color: str

    def reached_by(self, channel: Channel) -> str | None:
        return (self.phone if channel == "sms" else self.email) or None


# E-mail addresses are compared without regard to case, by the engine on both sides.
_DOORS = """
SELECT a.id, a.platform_id, a.display_name, a.country, a.phone, a.email, p.name, p.brand_color
FROM accounts_account a JOIN platforms_platform p ON p.id = a.platform_id
WHERE {same} AND a.livemode = %s AND a.deleted_at IS NULL
  AND a.dashboard_type = 'express' AND a.details_submitted = %s
ORDER BY a.created DESC, a.id DESC LIMIT 200
"""
_SAME: dict[Channel, str] = {
    "email": "LOWER(a.email) = LOWER(%s)",
    "sms": "a.phone = %s",
}


def doors_of(proven: Proven) -> list[Door]:
    """The accounts that an address opens, newest first; test accounts never."""
    channel, address = proven
    sql = _DOORS.format(same=_SAME[channel])
    return [Door(*row) for row in fetch_all(sql, [address, True, True])]


@dataclass(frozen=True, slots=True)
class OperatorDoor:
    """A marketplace whose console one address opens."""

    operator_id: str
    email: str
    role: str
    platform_id: str
    platform_name: str
    brand_color: str

    def reached_by(self, channel: Channel) -> str | None:
        return self.email if channel == "email" else None


_CONSOLES = """
SELECT o.id, o.email, m.role, p.id, p.name, p.brand_color
FROM access_operator o
JOIN access_membership m ON m.operator_id = o.id
JOIN platforms_platform p ON p.id = m.platform_id
WHERE o.email = %s ORDER BY m.created DESC, p.id DESC LIMIT 200
"""


def operator_doors(proven: Proven) -> list[OperatorDoor]:
    """The consoles that an address opens, the newest first; a phone number opens none."""
    channel, address = proven
    if channel != "email":
        return []
    return [OperatorDoor(*row) for row in fetch_all(_CONSOLES, [address.lower()])]


def brand_of(doors: Sequence[Door | OperatorDoor]) -> Brand:
    """The marketplace's, when they are all of one; ours otherwise."""
    if len({door.platform_id for door in doors}) == 1:
        return Brand(doors[0].platform_name, doors[0].brand_color)
    return Brand(OURSELVES)
