"""Who is signed in, and what they may do: asked here and nowhere else.

One SQL look-up resolves session, account, platform and switches (design §1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Final, Literal, cast, get_args
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from counterfoil.access import left_forms, sessions
from counterfoil.access.origin import client_address
from counterfoil.audit.acting import Acting, acting
from counterfoil.events.operations import RequestOrigin, origin
from counterfoil.kit import clock
from counterfoil.kit.db import fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.platforms.settings import Features, SecondFactor, features_of, read_settings

if TYPE_CHECKING:
    from counterfoil.access.seeing import Viewing

View = Callable[..., HttpResponse]
_ENROLS: Final = "open_to_whoever_enrols"
_SELLERS_OWN: Final = RequestOrigin(actor="seller")

Permission = Literal[
    "account:write",
    "disputes:write",
    "payments:read",
    "payments:write",
    "payouts:write",
    "refunds:write",
    "sessions:write",
]
# One person per account today (reference §1: one login per account); more roles, same question.
ROLES: Final[Mapping[str, frozenset[str]]] = {"owner": frozenset(get_args(Permission))}


@dataclass(frozen=True, slots=True)
class Seller:
    """The account that a request is signed in to, and the platform around it."""

    session_id: str
    role: str
    account_id: str
    platform_id: str
    livemode: bool
    platform_name: str
    brand_color: str
    features: Features
    second_factor: SecondFactor
    has_factor: bool
    awaits: sessions.Awaited | None  # what is missing before the session opens anything
    display_name: str | None
    email: str | None
    timezone: str
    language: str | None  # chosen for every browser; None: as each asks
    color_scheme: str | None  # light or dark, where one was chosen
    country: str
    default_currency: str
    clock_offset: int
    revision: str  # differs as soon as anything that the account can see has changed
    return_url: str | None  # where signing out leads; None: to our own page
    fresh_at: int = 0  # when the person last showed who they are, wall clock
    fresh_by: sessions.Proof = "code"
    may_switch: bool = False  # an address was proven, which may open other accounts too

    @property
    def platform_now(self) -> int:
        """The platform's clock, UTC seconds: for money, `created` and schedules."""
        return clock.platform_now(self.clock_offset)

    @property
    def scope(self) -> Scope:
        return Scope(self.platform_id, self.account_id, self.livemode)

    @property
    def owner_id(self) -> str:
        """Whose second factors count."""
        return self.account_id

    @property
    def is_real(self) -> bool:
        """Whether 000000 is nobody's code."""
        return self.livemode

    @property
    def room(self) -> sessions.Room:
        return sessions.SELLERS

    def may(self, permission: Permission) -> bool:
        return permission in ROLES[self.role]


class SellerRequest(HttpRequest):
    """What a view behind `signed_in` receives."""

    seller: Seller
    viewing: Viewing | None = None  # an operator looks at what the seller sees


_FACTS = """
SELECT s.id, s.last_seen, s.redirect_url, s.fresh_at, s.fresh_by, s.awaits, a.id,
       a.platform_id, a.livemode, p.name, p.brand_color,
       CASE WHEN a.livemode THEN p.live_settings ELSE p.settings END,
       a.features, a.losses_payments, a.display_name, a.email, a.timezone, a.country,
       a.default_currency, CASE WHEN a.livemode THEN 0 ELSE p.test_clock_offset END, a.revision,
       a.language, a.color_scheme, s.proven_channel IS NOT NULL,
       EXISTS (SELECT 1 FROM access_factor f
               WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL),
       (SELECT e.id FROM events_event e WHERE e.account_id = a.id AND e.livemode = a.livemode
        ORDER BY e.created DESC, e.id DESC LIMIT 1)
"""
_SELLER: Final = f"""{_FACTS}
FROM access_session s
JOIN accounts_account a ON a.id = s.account_id AND a.deleted_at IS NULL
JOIN platforms_platform p ON p.id = a.platform_id
WHERE s.sha256 = %s AND s.idle_until > %s AND s.ends_at > %s
"""
# The same without anybody being signed in.
_SEEN: Final = f"""{_FACTS}
FROM (SELECT 'seen' AS id, 0 AS last_seen, CAST(NULL AS TEXT) AS redirect_url, 0 AS fresh_at,
             'code' AS fresh_by, CAST(NULL AS TEXT) AS awaits, CAST(NULL AS TEXT) AS proven_channel
     ) s
CROSS JOIN accounts_account a
JOIN platforms_platform p ON p.id = a.platform_id
WHERE a.id = %s AND a.platform_id = %s AND a.livemode = %s AND a.deleted_at IS NULL
"""


def seller_of(token: str, *, now_wall: int) -> Seller | None:
    """Who is in with this cookie, or None: unknown, ended, too long idle, account gone, or a
    second factor is missing."""
    holder = holder_of(token, now_wall=now_wall)
    return holder if holder is not None and holder.awaits is None else None


def holder_of(token: str, *, now_wall: int) -> Seller | None:
    """As `seller_of`, for those too who have yet to show a second factor."""
    if not token:
        return None
    sha256 = sessions.session_hash(token)
    row = fetch_one(_SELLER, [sha256, now_wall, now_wall])
    if row is None:
        return None
    sessions.touch(sha256, last_seen=row[1], now_wall=now_wall)
    return _seller(row)


def seller_seen(account_id: str, *, platform_id: str, livemode: bool) -> Seller | None:
    """What an account's holder would be, for an operator who looks at their pages (`seeing.py`)."""
    row = fetch_one(_SEEN, [account_id, platform_id, livemode])
    return None if row is None else _seller(row)


def _seller(row: tuple[Any, ...]) -> Seller:
    session_id, _last_seen, return_url, fresh_at, fresh_by, awaits, account_id, *rest = row
    platform_id, livemode, platform_name, brand_color, settings, own_features, losses, *account = (
        rest
    )
    name, email, timezone, country, currency, clock_offset, revision, *more = account
    language, color_scheme, switches, has_factor, last_event = more
    return Seller(
        session_id=session_id,
        role="owner",
        account_id=account_id,
        platform_id=platform_id,
        livemode=bool(livemode),
        platform_name=platform_name,
        brand_color=brand_color,
        features=_features(settings, own_features, losses),
        second_factor=_second_factor(settings),
        has_factor=bool(has_factor),
        awaits=awaits,
        display_name=name,
        email=email,
        timezone=timezone,
        language=language,
        color_scheme=color_scheme,
        country=country,
        default_currency=currency,
        clock_offset=clock_offset,
        revision=_revision(revision, last_event, clock.platform_now(clock_offset)),
        return_url=return_url,
        may_switch=bool(switches),
        fresh_at=fresh_at,
        fresh_by=fresh_by,
    )


def _revision(revision: int, last_event: str | None, now: int) -> str:
    """Settings, what happened last, and the day: at midnight UTC money becomes available."""
    return f"{revision}.{last_event or ''}.{now // clock.DAY}"


def signed_in(view: View) -> View:
    """Set `request.seller`, or send the browser to `/login`.

    What the view answers is nobody else's: it is never stored unless the view says so itself.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "viewing", None) is not None:
            return _only_seen(view, request, *args, **kwargs)
        now_wall = clock.wall_now()
        seller = holder_of(sessions.cookie_of(request), now_wall=now_wall)
        if seller is None:
            return _to_login(request, now_wall=now_wall)
        if seller.awaits == "factor":
            return _lead_to(request, reverse("second-factor"))
        if seller.awaits == "enrolment" and not getattr(view, _ENROLS, False):
            return _lead_to(request, reverse("security"))
        cast(SellerRequest, request).seller = seller
        with acted_by(seller, request, now_wall=now_wall):
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Cookie"])
        if seller.return_url:
            let_forms_lead_to(response, seller.return_url)
        return response

    return guarded


def _only_seen(view: View, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """An operator looks (`seeing.py`): at pages, and nothing else."""
    if request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    return view(request, *args, **kwargs)


def for_enrolling(view: View) -> View:
    """The view is open to somebody whose marketplace wants a second factor that they lack."""
    setattr(view, _ENROLS, True)
    return view


def needs(permission: Permission) -> Callable[[View], View]:
    """`signed_in`, and the person's role holds `permission`; otherwise 403."""
    assert permission in get_args(Permission), f"unknown permission: {permission}"

    def decorate(view: View) -> View:
        @signed_in
        @wraps(view)
        def permitted(request: SellerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.seller.may(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return permitted

    return decorate


@contextmanager
def acted_by(seller: Seller, request: HttpRequest, *, now_wall: int) -> Iterator[None]:
    """What happens inside is this person's doing, in events and in the audit log."""
    address, user_agent = client_address(request), request.headers.get("User-Agent")
    token = origin.set(_SELLERS_OWN)
    who = acting.set(Acting("seller", seller.session_id, now_wall, address, user_agent))
    try:
        yield
    finally:
        acting.reset(who)
        origin.reset(token)


def let_forms_lead_to(response: HttpResponse, url: str) -> None:
    """Signing out is a form that may end on the platform's site, and browsers hold the redirect
    of a form to the page's `form-action` too. (`_csp_update` is django-csp's.)"""
    parts = urlsplit(url)
    update = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    response._csp_update = update  # type: ignore[attr-defined] # read by CSPMiddleware


def _lead_to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        # A fragment would swap the sign-in page into the middle of another page.
        response: HttpResponse = HttpResponseClientRedirect(address)
    else:
        response = HttpResponseRedirect(address, status=303)
    response["Cache-Control"] = "no-store"
    return response


def _to_login(request: HttpRequest, *, now_wall: int) -> HttpResponse:
    response = _lead_to(request, "/login")
    if sessions.cookie_of(request):
        # What was typed is not lost: it waits until the same person is back.
        left_forms.keep(request, response, now_wall=now_wall)
        sessions.drop_cookie(response)
    return response


@lru_cache(maxsize=256)
def _features(settings: str, own: str | None, losses: str) -> Features:
    return features_of(read_settings(settings), own, losses_payments=losses)


@lru_cache(maxsize=256)
def _second_factor(settings: str) -> SecondFactor:
    return read_settings(settings).second_factor
