"""Reads of the way in: one round trip each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from counterfoil.access.links import token_hash
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.messaging.message import Channel

LinkState = Literal["open", "used", "expired"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A login link with the account it leads to and the code it waits for, if any."""

    link_sha256: str
    expires_at: int
    used_at: int | None
    redirect_url: str | None
    account_id: str
    platform_id: str
    livemode: bool
    country: str
    phone: str | None
    email: str | None
    platform_name: str
    brand_color: str
    code_channel: Channel | None
    code_expires_at: int | None  # None: no code was asked for yet
    code_tries_left: int | None
    code_job_id: str | None
    sms_down_since: int | None
    email_down_since: int | None

    def state(self, now_wall: int) -> LinkState:
        """A code that was asked for in time may still be entered after the link's own minutes.

        SMS are slow at times; whoever opened the link in time must not be turned away for it.
        """
        if self.used_at is not None:
            return "used"
        last_moment = max(self.expires_at, self.code_expires_at or 0)
        return "open" if now_wall < last_moment else "expired"

    def has_code(self, now_wall: int) -> bool:
        """Whether a code is out that would still be accepted."""
        return bool(self.code_tries_left) and now_wall < (self.code_expires_at or 0)

    def destination(self, channel: Channel) -> str | None:
        """The phone number or the e-mail address on file."""
        return (self.phone if channel == "sms" else self.email) or None

    def gets_through(self, channel: Channel) -> bool:
        """False while messages on that channel cannot be handed over; test mode sends none."""
        down = self.sms_down_since if channel == "sms" else self.email_down_since
        return down is None or not self.livemode

    @property
    def first_channel(self) -> Channel | None:
        """SMS to the phone on file; e-mail when there is none (reference §2.1)."""
        if self.phone:
            return "sms"
        return "email" if self.email else None


_ENTRY = """
SELECT l.sha256, l.expires_at, l.used_at, l.redirect_url, a.id, a.platform_id, a.livemode,
       a.country, a.phone, a.email, p.name, p.brand_color, c.channel, c.expires_at, c.tries_left,
       c.job_id, (SELECT since FROM messaging_trouble WHERE channel = 'sms'),
       (SELECT since FROM messaging_trouble WHERE channel = 'email')
FROM access_loginlink l
JOIN accounts_account a ON a.id = l.account_id AND a.deleted_at IS NULL
JOIN platforms_platform p ON p.id = a.platform_id
LEFT JOIN access_signincode c ON c.key = l.sha256
WHERE l.sha256 = %s
"""


def entry_of(account_id: str, token: str) -> Entry | None:
    """The link behind a URL, or None when this account was never given this token."""
    row = fetch_one(_ENTRY, [token_hash(token)])
    if row is None:
        return None
    values = list(row)
    values[6] = bool(values[6])  # SQLite knows numbers only
    entry = Entry(*values)
    return entry if entry.account_id == account_id else None


@dataclass(frozen=True, slots=True)
class TestSeller:
    """A test-mode account that a login link can lead to."""

    account_id: str
    platform_id: str
    platform_name: str
    display_name: str | None
    email: str | None
    country: str


_TEST_SELLERS = """
SELECT a.id, p.id, p.name, a.display_name, a.email, a.country
FROM accounts_account a JOIN platforms_platform p ON p.id = a.platform_id
WHERE a.livemode = %s AND a.deleted_at IS NULL
  AND a.dashboard_type = 'express' AND a.details_submitted = %s
ORDER BY p.name, p.id, a.created, a.id LIMIT %s
"""


def test_sellers(*, limit: int) -> list[TestSeller]:
    return [TestSeller(*row) for row in fetch_all(_TEST_SELLERS, [False, True, limit])]


def platform_of_test_account(account_id: str) -> str | None:
    """None for live-mode accounts too: development pages never open those."""
    row = fetch_one(
        "SELECT platform_id FROM accounts_account"
        " WHERE id = %s AND livemode = %s AND deleted_at IS NULL",
        [account_id, False],
    )
    return row[0] if row else None
