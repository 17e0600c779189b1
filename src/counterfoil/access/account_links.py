"""Account links: how a seller comes to give their details (reference api.md §2.6).

Like a login link, one is known by its hash, opens for minutes and once; looking at its page uses
nothing up. Opening it makes a second token, which the browser holds in a cookie while its holder
works through the forms. Whoever was sent the link is taken for the holder: nobody else is known
yet, so what it opens gives details and shows none that are secret. Only where money goes asks for
more: a code to the account's phone or mailbox (`holder_codes.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from msgspec import UNSET

from counterfoil.access.links import token_hash
from counterfoil.access.policy import checked_redirect_url
from counterfoil.accounts.operations import hand_over
from counterfoil.accounts.params import CreateAccountLink
from counterfoil.audit.operations import record
from counterfoil.kit.db import execute, fetch_one, insert_rows, unit_of_work
from counterfoil.kit.ids import secret_token
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope

LinkState = Literal["open", "used", "expired"]
PATH: Final = "/onboarding"
_COLUMNS: Final = (
    "sha256",
    "account_id",
    "platform_id",
    "livemode",
    "created",
    "expires_at",
    "type",
    "fields",
    "ahead",
    "return_url",
    "refresh_url",
)


@dataclass(frozen=True, slots=True)
class Onboarding:
    """A link, and the account whose details it is about."""

    link: str  # its hash
    account_id: str
    platform_id: str
    livemode: bool
    ahead: bool  # asks for future requirements too
    platform_name: str
    brand_color: str
    country: str
    timezone: str
    clock_offset: int
    fields: str  # currently_due | eventually_due
    return_url: str | None
    refresh_url: str | None
    used_at: int | None
    expires_at: int
    proven_at: int | None  # when a code was typed that went to the account's own contact

    def state(self, now_wall: int) -> LinkState:
        if self.used_at is not None:
            return "used"
        return "open" if now_wall < self.expires_at else "expired"

    @property
    def scope(self) -> Scope:
        return Scope(self.platform_id, self.account_id, self.livemode)


def create_account_link(
    *, platform_id: str, livemode: bool, params: CreateAccountLink, now_wall: int
) -> tuple[str, int]:
    """The token of a new link, and until when it opens (wall clock). Only its hash is kept.

    From now on the holder gives the details: where the platform does not collect them itself, it
    may not change them any more. Raises ResourceMissing, and InvalidRequest for addresses that
    are none and a type that the account cannot have.
    """
    back = checked_redirect_url(params.return_url or None, "return_url")
    again = checked_redirect_url(params.refresh_url or None, "refresh_url")
    token, expires_at = secret_token(32), now_wall + settings.LIFETIMES.link
    with unit_of_work():
        account = hand_over(platform_id=platform_id, livemode=livemode, account_id=params.account)
        if params.type == "account_update" and account.requirement_collection != "application":
            raise InvalidRequest(
                "Links of the type account_update are for accounts whose requirements the platform"
                " collects. Use account_onboarding.",
                param="type",
            )
        values = (
            token_hash(token),
            account.id,
            platform_id,
            livemode,
            now_wall,
            expires_at,
            params.type,
            _fields(params),
            _ahead(params),
            back,
            again,
        )
        insert_rows("access_accountlink", _COLUMNS, [values])
        scope = Scope(platform_id, account.id, livemode)
        record("account_link.created", scope=scope, now_wall=now_wall)
    return token, expires_at


def _fields(params: CreateAccountLink) -> str:
    options = params.collection_options
    if options is not UNSET and options.fields is not UNSET:
        return options.fields
    return "currently_due" if params.collect is UNSET else params.collect


def _ahead(params: CreateAccountLink) -> bool:
    options = params.collection_options
    return options is not UNSET and options.future_requirements == "include"


_FOUND = """
SELECT l.sha256, l.account_id, l.platform_id, l.livemode, l.ahead, p.name, p.brand_color, a.country,
       a.timezone, CASE WHEN a.livemode THEN 0 ELSE p.test_clock_offset END, l.fields,
       l.return_url, l.refresh_url, l.used_at, l.expires_at, l.proven_at
FROM access_accountlink l
JOIN accounts_account a ON a.id = l.account_id AND a.deleted_at IS NULL
JOIN platforms_platform p ON p.id = l.platform_id
WHERE {condition}
"""


def link_of(token: str) -> Onboarding | None:
    """The link with this token, whatever has become of it; None for one we never made."""
    return _found("l.sha256 = %s", [token_hash(token)])


def holder_of(request: HttpRequest, *, now_wall: int) -> Onboarding | None:
    """Who works through the forms in this browser; None when nobody does, or too long."""
    token = request.COOKIES.get(cookie_name(), "")
    if not token:
        return None
    return _found("l.cookie_sha256 = %s AND l.ends_at > %s", [token_hash(token), now_wall])


def open_link(token: str, *, now_wall: int) -> str | None:
    """Use the link up; the token for the browser's cookie. None when it is over: of two that
    open it at once, one does."""
    cookie = secret_token(43)
    with unit_of_work():
        opened = execute(
            "UPDATE access_accountlink SET used_at = %s, cookie_sha256 = %s, ends_at = %s"
            " WHERE sha256 = %s AND used_at IS NULL AND expires_at > %s",
            [
                now_wall,
                token_hash(cookie),
                now_wall + settings.LIFETIMES.onboarding,
                token_hash(token),
                now_wall,
            ],
        )
        found = link_of(token) if opened else None
        if found is None:
            return None
        record("account_link.opened", scope=found.scope, now_wall=now_wall)
    return cookie


def leave(onboarding: Onboarding, *, now_wall: int) -> None:
    """The browser's cookie opens nothing any more."""
    execute(
        "UPDATE access_accountlink SET ends_at = %s WHERE sha256 = %s", [now_wall, onboarding.link]
    )


def cookie_name() -> str:
    return "__Secure-onboarding" if settings.TLS else "onboarding"


def put_cookie(response: HttpResponse, token: str) -> None:
    response.set_cookie(
        cookie_name(),
        token,
        max_age=settings.LIFETIMES.onboarding,
        path=PATH,
        secure=settings.TLS,
        httponly=True,
        samesite="Lax",
    )


def account_link_url(base: str, token: str) -> str:
    """`base` is the scheme and host that browsers reach us by, without a slash at the end."""
    return f"{base}{PATH}/{token}"


def _found(condition: str, params: list[Any]) -> Onboarding | None:
    row = fetch_one(_FOUND.format(condition=condition), params)
    if row is None:
        return None
    link, account_id, platform_id, livemode, ahead, *rest = row
    return Onboarding(link, account_id, platform_id, bool(livemode), bool(ahead), *rest)
