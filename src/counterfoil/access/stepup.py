"""Showing once more who one is, before what must not be done by whoever finds an open browser.

A view says why it needs it: `@needs_fresh("bank_account")` below `seller_page_for(…)`, or, where it
depends on what was sent, `if (asked := ask_first(request, "refund")) is not None: return asked`.
The form that was being sent is kept, sealed, for one use by this session; after a code or a
factor it is sent again to its own address, once, as if nothing had been in between. All moments
are the wall clock's, UTC seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, Literal, get_args

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from counterfoil.access.guard import View
from counterfoil.access.holders import Holder, holder_in
from counterfoil.access.holding import hold, sealed_form
from counterfoil.access.links import token_hash
from counterfoil.access.operators import Operator
from counterfoil.kit import clock
from counterfoil.kit.crypt import unseal
from counterfoil.kit.db import execute, fetch_one

Why = Literal[
    "bank_account",
    "closing",
    "contact",
    "export",
    "factor",
    "keys",
    "live_money",
    "payout",
    "refund",
    "session",
]
WHYS: Final[tuple[str, ...]] = get_args(Why)
FIELD: Final = "held"  # names the kept form when it is sent again

_decode = msgspec.json.Decoder(list[tuple[str, str]]).decode


@dataclass(frozen=True, slots=True)
class Held:
    """A form that waits. `whole` is False where it came with files, which are not kept."""

    sha256: str
    path: str
    back: str  # where leaving it leads
    why: Why
    whole: bool
    confirmed: bool


def is_fresh(holder: Holder, *, now_wall: int) -> bool:
    """Whether the person showed who they are within the last minutes.

    In development an operator may have nothing to show: whoever sits there is them.
    """
    if isinstance(holder, Operator) and not holder.is_real and not holder.has_factor:
        return True
    return now_wall - holder.fresh_at < settings.LIFETIMES.fresh


def needs_fresh(why: Why, *, back: str = "home") -> Callable[[View], View]:
    """The view's POSTs wait until the person has shown anew who they are; reading does not.

    `back` is the name of the page that one comes from, for whoever leaves it.
    """
    assert why in WHYS, f"unknown reason: {why}"

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if (
                request.method == "POST"
                and (asked := ask_first(request, why, back=back)) is not None
            ):
                return asked
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def takes_up(view: View) -> View:
    """The view may be asked to act on a form that was kept: `request.POST` becomes what it was.

    `seller_page` does this for every page. A form that is gone or was done already
    is said to be.
    """

    @wraps(view)
    def taking(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST" and (token := request.POST.get(FIELD)):
            holder = holder_in(request)
            kept = _take(request, holder, token)
            if kept is None:
                return HttpResponseRedirect(reverse(holder.room.step_up, args=[token]), status=303)
            request.POST = kept  # type: ignore[assignment] # as Django itself does
        return view(request, *args, **kwargs)

    return taking


def ask_first(request: HttpRequest, why: Why, *, back: str = "home") -> HttpResponse | None:
    """None for somebody who has just shown who they are; else what to answer instead."""
    holder, now_wall = holder_in(request), clock.wall_now()
    if is_fresh(holder, now_wall=now_wall):
        return None
    token = hold(
        request,
        session_id=holder.session_id,
        why=why,
        back=reverse(back),
        body=None if request.FILES else sealed_form(request),
        now_wall=now_wall,
        ends_at=now_wall + settings.LIFETIMES.held_form,
    )
    address = reverse(holder.room.step_up, args=[token])
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(address)
    return HttpResponseRedirect(address, status=303)


_HELD = """
SELECT sha256, path, back, why, body IS NOT NULL, confirmed_at IS NOT NULL
FROM access_heldform WHERE sha256 = %s AND session_id = %s AND ends_at > %s
"""


def held_form(holder: Holder, token: str, *, now_wall: int) -> Held | None:
    """What waits under this token in this session, and for nobody else."""
    row = fetch_one(_HELD, [token_hash(token), holder.session_id, now_wall])
    return None if row is None else Held(*row)


def confirm(held: Held, *, now_wall: int) -> None:
    """The person has shown who they are, about this form."""
    execute(
        "UPDATE access_heldform SET confirmed_at = %s WHERE sha256 = %s", [now_wall, held.sha256]
    )


_TAKE = """
DELETE FROM access_heldform
WHERE sha256 = %s AND session_id = %s AND path = %s AND ends_at > %s
  AND confirmed_at IS NOT NULL AND body IS NOT NULL
RETURNING body
"""


def _take(request: HttpRequest, holder: Holder, token: str) -> QueryDict | None:
    """The kept form, which is gone now: a second try finds nothing."""
    row = fetch_one(
        _TAKE,
        [token_hash(token), holder.session_id, request.get_full_path(), clock.wall_now()],
    )
    if row is None:
        return None
    kept = QueryDict(mutable=True)
    for key, value in _decode(unseal(row[0])):
        kept.appendlist(key, value)
    kept._mutable = False
    return kept
