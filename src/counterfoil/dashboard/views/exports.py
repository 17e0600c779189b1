"""Lists as files: choosing a format, waiting for a long one, fetching it."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from counterfoil.access.guard import SellerRequest
from counterfoil.access.stepup import ask_first, needs_fresh
from counterfoil.dashboard.exports import everything
from counterfoil.dashboard.exports.kinds import TABLES, may_export
from counterfoil.dashboard.exports.operations import (
    Export,
    ask,
    find_export,
    latest_export,
    make_at_once,
    open_export,
    table_of,
)
from counterfoil.dashboard.exports.payouts import NoSuchPayout
from counterfoil.dashboard.exports.whose import whose
from counterfoil.dashboard.exports.writers import MEDIA_TYPES, WRITERS
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.take_along import ask_for_everything
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import leave_for, render_page, seller_page, seller_page_for
from counterfoil.kit import clock
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import gettext as _

# Where each list is, for leading back.
_PLACES = {
    "balance_summary": "reports",
    everything.KIND: "data",
    "payments": "payments",
    "payout_lines": "payouts",
    "payout_reconciliation": "reconciliation",
    "payouts": "payouts",
    "transactions": "transactions",
}


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page
def new_export(request: SellerRequest) -> HttpResponse:
    """`/exports/new?of=transactions&type=refunds`: the rest of the address is the list's own."""
    seller = request.seller
    query = request.GET.copy()
    kind = query.pop("of", [""])[-1]
    query.pop("before", None)
    if kind not in TABLES or not may_export(seller, kind):
        raise Http404
    of, asked = whose(seller), query.urlencode()
    try:
        name = table_of(of, kind, asked).name
    except NoSuchPayout:
        raise Http404 from None
    problem = ""
    if request.method == "POST":
        chosen = request.POST.get("format", "")
        try:
            key = key_of(request)
            if chosen in WRITERS:
                return _made(request, kind, chosen, asked, key, name)
            problem = _("Choose one of these.")
        except Refused as refusal:
            problem = said(refusal)
    context = {
        "kind": kind,
        "name": name,
        "is_filtered": bool(asked) and kind in {"payments", "payouts", "transactions"},
        "problem": problem,
        "form_key": form_key(),
        "back": reverse(_PLACES[kind]),
    }
    status = 422 if problem else 200
    return render_page(request, "exports/new.html", context, here=_here(kind), status=status)


def _here(kind: str) -> str:
    """The navigation entry of a list."""
    return {"reconciliation": "reports", "data": "settings"}.get(_PLACES[kind], _PLACES[kind])


def _made(
    request: SellerRequest, kind: str, form: str, asked: str, key: str, name: str
) -> HttpResponse:
    """The file, when it is small; on to the page where one waits for it, when it is not."""
    of = whose(request.seller)
    file = make_at_once(of, kind, form, asked)
    if file is not None:
        return _attached(file, f"{name}.{form}", form)
    now = clock.wall_now()

    def act() -> str:
        return reverse("export", args=[ask(of, kind, form, asked, now_wall=now)])

    return HttpResponseRedirect(once(request.seller, key, act, now_wall=now), status=303)


@require_safe
@seller_page
def export(request: SellerRequest, export_id: str) -> HttpResponse:
    """`/exports/{id}`: how far it is, and the file once it is there."""
    found = _export_or_404(request, export_id)
    context = {"export": found, "back": reverse(_PLACES[found.kind])}
    return render_page(request, "exports/export.html", context, here=_here(found.kind))


@require_safe
@seller_page
def export_file(request: SellerRequest, export_id: str) -> HttpResponse:
    """`/exports/{id}/file`: the finished file, to be saved."""
    found = _export_or_404(request, export_id)
    if found.kind == everything.KIND:
        raise Http404  # `data_file` asks first who is there
    return _finished(found)


def _finished(found: Export) -> HttpResponse:
    if found.state != "done" or found.filename is None:
        raise Http404
    return _attached(open_export(found), found.filename, found.format)


# ---- Everything about the account ----


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def data(request: SellerRequest) -> HttpResponse:
    """`/settings/data`: a copy of everything, made by a worker; one at a time."""
    seller, now_wall = request.seller, clock.wall_now()
    latest = latest_export(
        everything.KIND, seller.account_id, livemode=seller.livemode, now_wall=now_wall
    )
    waits = latest is not None and latest.state != "done"
    if request.method != "POST":
        context = {"latest": latest, "waits": waits, "form_key": form_key()}
        return render_page(request, "settings/data.html", context, here="settings")
    if latest is not None and waits:
        return leave_for(request, reverse("export", args=[latest.id]))
    if (asked := ask_first(request, "export", back="data")) is not None:
        return asked

    def act() -> str:
        ident = ask_for_everything(seller=seller, of=whose(seller), now_wall=now_wall)
        return reverse("export", args=[ident])

    return leave_for(request, once(seller, key_of(request), act, now_wall=now_wall))


@require_POST
@seller_page_for("account:write")
@needs_fresh("export", back="data")
def data_file(request: SellerRequest, export_id: str) -> HttpResponse:
    """`/settings/data/{id}`: the finished copy, to whoever shows once more who they are."""
    found = _export_or_404(request, export_id)
    if found.kind != everything.KIND:
        raise Http404
    return _finished(found)


def _export_or_404(request: SellerRequest, export_id: str) -> Export:
    seller = request.seller
    found = find_export(
        export_id, seller.account_id, livemode=seller.livemode, now_wall=clock.wall_now()
    )
    if found is None or not may_export(seller, found.kind):
        raise Http404
    return found


def _attached(file: Any, filename: str, form: str) -> HttpResponse:
    """Saved, not opened; nothing in it runs."""
    response = FileResponse(file, content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    return cast(HttpResponse, response)  # all that the frame asks of one, it has
