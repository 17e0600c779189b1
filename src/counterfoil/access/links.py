"""Login links: made by the platform's server, known by their hash (reference §2.1)."""

from __future__ import annotations

import hashlib

from django.conf import settings

from counterfoil.access.policy import CLOSED, check_may_have_link, checked_redirect_url
from counterfoil.audit.operations import record
from counterfoil.kit.db import fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import secret_token
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope

_ACCOUNT = """
SELECT dashboard_type, details_submitted, deleted_at
FROM accounts_account
WHERE id = %s AND platform_id = %s AND livemode = %s
"""
_COLUMNS = (
    "sha256",
    "account_id",
    "platform_id",
    "livemode",
    "created",
    "expires_at",
    "redirect_url",
)


def create_login_link(
    *, account_id: str, platform_id: str, livemode: bool, redirect_url: str | None, now_wall: int
) -> str:
    """The token of a new link, 190 random bits; only its hash is kept.

    `now_wall` is the wall clock, UTC seconds; the link opens for `settings.LIFETIMES.link` seconds.
    `redirect_url` is where signing out will lead. Raises ResourceMissing when the platform has
    no such account in this mode; InvalidRequest when the account has no Express Dashboard, has
    not finished onboarding (the published sentence, which clients match), is closed, or the URL is
    none.
    """
    row = fetch_one(_ACCOUNT, [account_id, platform_id, livemode])
    if row is None:
        raise ResourceMissing("account", account_id, param="account")
    if row[2] is not None:
        raise InvalidRequest(CLOSED)
    check_may_have_link(dashboard_type=row[0], details_submitted=bool(row[1]))
    back = checked_redirect_url(redirect_url)
    token = secret_token(32)
    expires_at = now_wall + settings.LIFETIMES.link
    values = (token_hash(token), account_id, platform_id, livemode, now_wall, expires_at, back)
    with unit_of_work():
        insert_rows("access_loginlink", _COLUMNS, [values])
        scope = Scope(platform_id, account_id, livemode)
        record("login_link.created", scope=scope, now_wall=now_wall)
    return token


def login_link_url(base: str, account_id: str, token: str) -> str:
    """`base` is the scheme and host that browsers reach us by, without a slash at the end."""
    return f"{base}/express/{account_id}/{token}"


def token_hash(token: str) -> str:
    """SHA-256 in hex: tokens are random, so a slow hash would protect nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
