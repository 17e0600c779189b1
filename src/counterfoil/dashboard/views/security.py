"""`/settings/security`: where one is signed in, and what is on record."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from counterfoil.access.audit_words import device_words, items_by_day
from counterfoil.access.factors import FactorRow, factors_of, recovery_codes_left
from counterfoil.access.guard import Seller, SellerRequest, for_enrolling
from counterfoil.access.passkeys import are_possible
from counterfoil.access.session_list import OpenSession, end_sessions, open_sessions
from counterfoil.access.stepup import needs_fresh
from counterfoil.audit.queries import RecordRow, records_of
from counterfoil.dashboard.searching import cursor_text, read_cursor
from counterfoil.dashboard.shell import leave_for, render_page, seller_page, seller_page_for
from counterfoil.kit import clock
from counterfoil.kit.pages import Cursor, Page, PageRequest
from counterfoil.kit.scope import Scope
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

RECENT = 5
ROWS = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as the page lists it."""

    id: str
    word: str
    note: str
    here: bool


@dataclass(frozen=True, slots=True)
class ListedFactor:
    """A second factor as the page lists it."""

    id: str
    word: str
    note: str


@require_safe
@seller_page
@for_enrolling
def security(request: SellerRequest) -> HttpResponse:
    seller, now_wall = request.seller, clock.wall_now()
    sessions = [_listed(one, seller) for one in open_sessions(seller.account_id, now_wall=now_wall)]
    context = {
        "sessions": sorted(sessions, key=lambda one: not one.here),
        "factors": [_factor(one) for one in factors_of(seller.account_id)],
        "offered": seller.second_factor != "parity",
        "enrolling": seller.awaits == "enrolment",
        "passkeys_possible": are_possible(request),
        "recovery_left": recovery_codes_left(seller.account_id),
        "may_end": seller.may("sessions:write"),
        "days": _days(request, records_of(_scope(seller), PageRequest(limit=RECENT))),
    }
    return render_page(request, "security/index.html", context, here="security")


@require_safe
@seller_page
def security_log(request: SellerRequest) -> HttpResponse:
    """`?before={created}.{id}`: who did what, newest first."""
    cursor = read_cursor(request.GET.get("before", ""))
    found = records_of(_scope(request.seller), PageRequest(limit=ROWS, cursor=cursor))
    older = Cursor(found.rows[-1].created, found.rows[-1].id) if found.has_more else None
    context = {
        "days": _days(request, found),
        "is_first_page": cursor is None,
        "older": cursor_text(older) if older else None,
    }
    return render_page(request, "security/log.html", context, here="security")


@require_POST
@seller_page_for("sessions:write")
@needs_fresh("session", back="security")
def session_end(request: SellerRequest, session_id: str) -> HttpResponse:
    seller, now_wall = request.seller, clock.wall_now()
    if session_id not in {one.id for one in open_sessions(seller.account_id, now_wall=now_wall)}:
        raise Http404
    end_sessions(_scope(seller), only=session_id)
    return leave_for(request, reverse("security"), _("That browser is signed out."))


@require_POST
@seller_page_for("sessions:write")
@needs_fresh("session", back="security")
def sessions_end(request: SellerRequest) -> HttpResponse:
    """All but this one."""
    ended = end_sessions(_scope(request.seller), besides=request.seller.session_id)
    words = ngettext(
        "%(n)d other browser is signed out.", "%(n)d other browsers are signed out.", ended
    )
    return leave_for(request, reverse("security"), words % {"n": ended})


def _scope(seller: Seller) -> Scope:
    return Scope(seller.platform_id, seller.account_id, seller.livemode)


def _days(request: SellerRequest, page: Page[RecordRow]) -> object:
    return items_by_day(
        page.rows,
        session_id=request.seller.session_id,
        platform=request.seller.platform_name,
        today=dates.local(clock.wall_now()).date(),
    )


def _factor(factor: FactorRow) -> ListedFactor:
    today = dates.local(clock.wall_now()).date()

    def day(moment: int) -> str:
        return dates.near_day(dates.local(moment).date(), today)

    kind = _("Passkey") if factor.kind == "passkey" else _("Authenticator app")
    notes = [_("Added: %(day)s") % {"day": day(factor.created)}]
    if factor.used_at is not None:
        notes.append(_("Last used: %(day)s") % {"day": day(factor.used_at)})
    word = f"{kind} · {factor.name}" if factor.name else kind
    return ListedFactor(factor.id, word, " · ".join(notes))


def _listed(session: OpenSession, seller: Seller) -> Listed:
    seen = dates.local(session.last_seen)
    today = dates.local(clock.wall_now()).date()
    day, time = dates.near_day(seen.date(), today), dates.clock_time(session.last_seen)
    notes = [_("Last used: %(day)s, %(time)s") % {"day": day, "time": time}]
    if session.network:
        notes.append(_("network %(network)s") % {"network": session.network})
    return Listed(
        session.id,
        device_words(session.device),
        " · ".join(notes),
        here=session.id == seller.session_id,
    )
