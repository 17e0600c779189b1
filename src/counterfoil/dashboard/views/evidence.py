"""`/disputes/{id}/evidence`: the draft that is kept as one goes, and its files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from babel.numbers import format_decimal
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.dashboard import compelling_form
from counterfoil.dashboard import dispute_words as words
from counterfoil.dashboard.evidence_form import (
    LONG,
    TEXTS,
    asked,
    checklist,
    fields_for,
)
from counterfoil.dashboard.operations.answer_dispute import (
    PURPOSE,
    attach_file,
    save_evidence,
    take_file_out,
)
from counterfoil.dashboard.queries.disputes import DisputeCase
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.dashboard.views.disputes import (
    answerable,
    found_case,
    may_answer,
    refusal_words,
)
from counterfoil.disputes.evidence import ALL_TEXTS, FILES, LONG_TEXT, SHORT_TEXT, characters
from counterfoil.files.policy import most_bytes
from counterfoil.kit import clock
from counterfoil.kit.refused import InvalidRequest, Refused, ResourceMissing
from counterfoil.wording import dates
from counterfoil.wording.languages import active_locale
from counterfoil.wording.languages import gettext as _

_MIB: Final = 1024 * 1024


@dataclass(slots=True)
class Sent:
    """What a form held that could not be kept, and why; errors by field, "" for all of it."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("disputes:write", "manage_disputes")
def evidence(request: SellerRequest, dispute_id: str) -> HttpResponse:
    """The form. A script saves it while one types (header X-Draft); a button does without."""
    seller = request.seller
    case = answerable(seller, dispute_id)
    if request.method != "POST":
        return _form(request, case, Sent())
    sent = _saved(request, case)
    if request.headers.get("X-Draft"):
        return _draft_state(seller, sent)
    case = found_case(seller, dispute_id)
    if sent.errors:
        return _form(request, case, sent, status=422)
    if request.POST.get("do") == "send":
        return leave_for(request, reverse("dispute-submission", args=[dispute_id]))
    return leave_for(request, reverse("evidence", args=[dispute_id]), _("The draft is saved."))


@require_POST
@seller_page_for("disputes:write", "manage_disputes")
def evidence_file(request: SellerRequest, dispute_id: str, name: str) -> HttpResponse:
    """One file, sent by a script as soon as it is chosen, or taken out: the field's fragment."""
    seller = request.seller
    case = answerable(seller, dispute_id)
    if name not in FILES:
        return HttpResponse(status=404)
    sent = Sent()
    upload = request.FILES.get("file")
    if upload is not None:
        _attach(request, case, name, upload, sent)
    elif "remove" in request.POST:
        _take_out(seller, case, name, sent)
    else:
        sent.errors[name] = _("The file did not arrive whole. Choose it again.")
    case = found_case(seller, dispute_id)
    context = {"asked": asked(case, name, {}), "error": _error(sent, name)}
    status = 422 if sent.errors else 200
    return render_page(request, "disputes/_upload.html", context, here="disputes", status=status)


def _saved(request: SellerRequest, case: DisputeCase) -> Sent:
    """Keep all that can be kept: the texts together, each file for itself."""
    seller = request.seller
    texts = {name: _plain(request.POST[name]) for name in TEXTS if name in request.POST}
    sent = Sent()
    compelling = None
    if compelling_form.applies(case) and any(
        name.startswith(compelling_form.PREFIX) for name in request.POST
    ):
        typed = {name: _plain(text) for name, text in request.POST.dict().items()}
        compelling, errors = compelling_form.read(typed)
        sent.errors |= errors
        sent.typed = {k: v for k, v in typed.items() if k.startswith(compelling_form.PREFIX)}
    for name, text in texts.items():
        most = LONG_TEXT if name in LONG else SHORT_TEXT
        if len(text) > most:
            limit = {"count": _number(len(text)), "most": _number(most)}
            sent.errors[name] = (
                _("%(count)s characters; the bank takes %(most)s at most. Shorten it.") % limit
            )
    # What cannot be kept must not keep the rest from being kept.
    kept = {name: text for name, text in texts.items() if name not in sent.errors}
    try:
        save_evidence(
            seller=seller, case=case, texts=kept, compelling=compelling, now=seller.platform_now
        )
    except ResourceMissing:
        sent.errors[""] = _("One of the earlier payments is not yours. Choose it again.")
    except Refused as refusal:
        sent.errors[""] = _problem(refusal)
    for name in FILES:
        upload = request.FILES.get(name)
        if upload is not None:
            _attach(request, case, name, upload, sent)
    removed = request.POST.get("remove", "")
    if removed in FILES:
        _take_out(seller, case, removed, sent)
    sent.typed = {**sent.typed, **texts} if sent.errors else {}
    return sent


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\0", "").strip()


def _attach(
    request: SellerRequest, case: DisputeCase, name: str, upload: UploadedFile, sent: Sent
) -> None:
    seller = request.seller
    most = most_bytes(PURPOSE)
    size = upload.size or 0
    if size > most:
        sent.errors[name] = _("This file has %(size)s; at most %(most)s are taken.") % {
            "size": size_words(size),
            "most": size_words(most),
        }
        return
    try:
        attach_file(
            seller=seller,
            case=case,
            field=name,
            filename=upload.name,
            content=upload.read(),
            base=f"{request.scheme}://{request.get_host()}",
            now=seller.platform_now,
            now_wall=clock.wall_now(),
        )
    except InvalidRequest as refusal:
        if refusal.param != "file":
            sent.errors[""] = _problem(refusal)
        elif size == 0:
            sent.errors[name] = _("This file is empty.")
        else:
            sent.errors[name] = _(
                "This is no JPEG or PNG picture and no PDF, whatever its name says. Save it as"
                " one of these."
            )
    except Refused as refusal:
        sent.errors[""] = _problem(refusal)


def _take_out(seller: Seller, case: DisputeCase, name: str, sent: Sent) -> None:
    try:
        take_file_out(seller=seller, case=case, field=name, now=seller.platform_now)
    except Refused as refusal:
        sent.errors[""] = _problem(refusal)


def _problem(refusal: Refused) -> str:
    if refusal.param == "evidence" and refusal.code is None:
        most = {"most": _number(ALL_TEXTS)}
        return _("All texts together may have %(most)s characters. Shorten some.") % most
    return refusal_words(refusal)


def _error(sent: Sent, name: str) -> str:
    return sent.errors.get(name) or sent.errors.get("") or ""


def _draft_state(seller: Seller, sent: Sent) -> HttpResponse:
    """One sentence for the script to show: saved, or why not."""
    if sent.errors:
        text = next(iter(sent.errors.values()))
        return HttpResponse(text, content_type="text/plain; charset=utf-8", status=422)
    text = _("Saved at %(time)s") % {"time": dates.clock_time(seller.platform_now)}
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _form(
    request: SellerRequest, case: DisputeCase, sent: Sent, *, status: int = 200
) -> HttpResponse:
    seller = request.seller
    first, rest = fields_for(case.row.reason)
    context = {
        "dispute": case.row,
        "claim": words.reason_word(case.row.reason),
        "left": words.time_left(case.row.status, case.row.due_by, seller.platform_now),
        "open": may_answer(seller, case),
        "compelling": compelling_form.section(case, sent.typed, sent.errors)
        if compelling_form.applies(case)
        else None,
        "fields": [asked(case, name, sent.typed) for name in first],
        "more": [asked(case, name, sent.typed) for name in rest],
        "more_is_used": any(name in sent.errors for name in rest),
        "wishes": checklist(case),
        "errors": sent.errors,
        "size": size_words,
        "long_text": LONG_TEXT,
        "all_texts": ALL_TEXTS,
        "number": _number,
        "characters": characters(case.evidence),
        "largest": size_words(most_bytes(PURPOSE)),
        "most_bytes": most_bytes(PURPOSE),
    }
    return render_page(request, "disputes/evidence.html", context, here="disputes", status=status)


def _number(count: int) -> str:
    return str(format_decimal(count, locale=active_locale()))


def size_words(size: int) -> str:
    """`4.2 MB`, as phones and computers count."""
    if size >= _MIB:
        return f"{format_decimal(size / _MIB, '0.#', locale=active_locale())} MB"
    return f"{max(1, size // 1024)} KB"
