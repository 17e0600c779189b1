"""Which operator is in the console, and what they may do there: asked here and nowhere else.

Operators look after a marketplace. Their sessions, cookie and roles are apart from sellers'; codes,
limits, second factors and step-up are the same machinery. All moments are the wall clock's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Literal, cast, get_args

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect

from counterfoil.access import sessions
from counterfoil.access.origin import client_address
from counterfoil.audit.acting import Acting, acting
from counterfoil.events.operations import RequestOrigin, origin
from counterfoil.kit import clock
from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.platforms.settings import SecondFactor

View = Callable[..., HttpResponse]
Role = Literal["operator", "support"]
Right = Literal["accounts:write", "keys:write", "money:write", "sellers:see", "testing"]
# Support reads everything, and sees what a seller sees; it changes nothing.
RIGHTS: Final[Mapping[str, frozenset[str]]] = {
    "operator": frozenset(get_args(Right)),
    "support": frozenset({"sellers:see"}),
}
_ENROLS: Final = "open_to_operators_who_enrol"
_THE_PLATFORMS: Final = RequestOrigin(actor="platform")


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody who is in the console of one marketplace, in one mode."""

    session_id: str
    operator_id: str
    email: str
    role: Role
    platform_id: str
    platform_name: str
    brand_color: str
    country: str
    currency: str
    livemode: bool
    clock_offset: int
    platforms: int  # how many marketplaces they look after
    has_factor: bool
    awaits: sessions.Awaited | None
    fresh_at: int
    fresh_by: sessions.Proof
    display_name: None = None  # operators are known by their address

    @property
    def owner_id(self) -> str:
        """Whose second factors count."""
        return self.operator_id

    @property
    def scope(self) -> Scope:
        """The marketplace itself, in the mode that is looked at."""
        return Scope(self.platform_id, self.platform_id, self.livemode)

    @property
    def is_real(self) -> bool:
        """Whether 000000 is nobody's code: everywhere but in development, in both modes."""
        return not settings.DEVELOPMENT

    @property
    def second_factor(self) -> SecondFactor:
        return "required" if self.is_real else "encouraged"

    @property
    def room(self) -> sessions.Room:
        return sessions.CONSOLE

    @property
    def now(self) -> int:
        """The platform's clock in the mode that is looked at, UTC seconds."""
        return clock.platform_now(self.clock_offset)

    def may(self, right: Right) -> bool:
        return right in RIGHTS[self.role]


class OperatorRequest(HttpRequest):
    """What a view behind `operator_in` receives."""

    operator: Operator


_OPERATOR = """
SELECT s.id, o.id, o.email, m.role, p.id, p.name, p.brand_color, p.country, p.default_currency,
       s.livemode, CASE WHEN s.livemode THEN 0 ELSE p.test_clock_offset END,
       (SELECT COUNT(*) FROM access_membership x WHERE x.operator_id = o.id),
       EXISTS (SELECT 1 FROM access_factor f
               WHERE f.account_id = o.id AND f.confirmed_at IS NOT NULL),
       s.awaits, s.fresh_at, s.fresh_by, s.last_seen
FROM access_operatorsession s
JOIN access_operator o ON o.id = s.operator_id
JOIN access_membership m ON m.operator_id = o.id AND m.platform_id = s.platform_id
JOIN platforms_platform p ON p.id = s.platform_id
WHERE s.sha256 = %s AND s.idle_until > %s AND s.ends_at > %s
"""


def operator_of(token: str, *, now_wall: int) -> Operator | None:
    """Who is in with this cookie; None: unknown, ended, idle for too long, or not of the
    marketplace any more. `awaits` says whether a second factor is missing."""
    if not token:
        return None
    sha256 = sessions.session_hash(token)
    row = fetch_one(_OPERATOR, [sha256, now_wall, now_wall])
    if row is None:
        return None
    *facts, livemode, offset, platforms, has_factor, awaits, fresh_at, fresh_by, last_seen = row
    if now_wall - last_seen >= settings.LIFETIMES.session_touch:
        execute(
            "UPDATE access_operatorsession SET last_seen = %s, idle_until = %s"
            " WHERE sha256 = %s AND last_seen < %s",
            [now_wall, now_wall + settings.LIFETIMES.operator_idle, sha256, now_wall],
        )
    seen = [bool(livemode), offset, platforms, bool(has_factor), awaits, fresh_at, fresh_by]
    values: list[Any] = [*facts, *seen]
    return Operator(*values)


def operator_in(view: View) -> View:
    """Set `request.operator`, or send the browser to `/console/login`.

    What is done inside is this operator's doing, in events and in the audit log.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        now_wall = clock.wall_now()
        operator = operator_of(sessions.cookie_of(request, sessions.CONSOLE), now_wall=now_wall)
        if operator is None:
            return _to_login(request)
        if operator.awaits == "factor":
            return _lead_to(request, reverse("console-second-factor"))
        if operator.awaits == "enrolment" and not getattr(view, _ENROLS, False):
            return _lead_to(request, reverse("console-security"))
        cast(OperatorRequest, request).operator = operator
        with done_by(operator, request, now_wall=now_wall):
            response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        patch_vary_headers(response, ["Cookie"])
        return response

    return guarded


def operator_who_may(right: Right) -> Callable[[View], View]:
    """`operator_in`, and the operator's role holds `right`; otherwise 403."""
    assert right in get_args(Right), f"unknown right: {right}"

    def decorate(view: View) -> View:
        @operator_in
        @wraps(view)
        def permitted(request: OperatorRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.operator.may(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return permitted

    return decorate


def for_enrolling_operators(view: View) -> View:
    """The view is open to an operator who has yet to set up a second factor."""
    setattr(view, _ENROLS, True)
    return view


@contextmanager
def done_by(operator: Operator, request: HttpRequest, *, now_wall: int) -> Iterator[None]:
    address, user_agent = client_address(request), request.headers.get("User-Agent")
    token = origin.set(_THE_PLATFORMS)
    who = acting.set(Acting("operator", operator.operator_id, now_wall, address, user_agent))
    try:
        yield
    finally:
        acting.reset(who)
        origin.reset(token)


def _lead_to(request: HttpRequest, address: str) -> HttpResponse:
    if request.headers.get("HX-Request") == "true":
        response: HttpResponse = HttpResponseClientRedirect(address)
    else:
        response = HttpResponseRedirect(address, status=303)
    response["Cache-Control"] = "no-store"
    return response


def _to_login(request: HttpRequest) -> HttpResponse:
    response = _lead_to(request, sessions.CONSOLE.login)
    if sessions.cookie_of(request, sessions.CONSOLE):
        sessions.drop_cookie(response, sessions.CONSOLE)
    return response
