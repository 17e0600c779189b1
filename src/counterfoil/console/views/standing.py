"""What an operator decides about an account: payouts held, questions, rejection, remarks.

Each is one operation of the package whose thing it is; all of them are on record.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from counterfoil.access.operators import OperatorRequest
from counterfoil.access.stepup import needs_fresh
from counterfoil.accounts.models import Account
from counterfoil.accounts.operations.standing import (
    ask_question,
    reject_account,
    unreject_account,
)
from counterfoil.accounts.operations.verify import verify_account
from counterfoil.accounts.params import AskQuestion, RejectAccount
from counterfoil.console.finding import account_of, scope_of
from counterfoil.console.operations import write_note
from counterfoil.console.shell import console_page_for, leave_for, refuse
from counterfoil.console.views.accounts import account_page
from counterfoil.kit import clock
from counterfoil.kit.refused import Refused
from counterfoil.payouts.operations.settings import pause_payouts, resume_payouts
from counterfoil.payouts.params import PausePayouts
from counterfoil.wording.languages import gettext as _

LONGEST_REASON = 200


@require_POST
@console_page_for("accounts:write")
def hold(request: OperatorRequest, account_id: str) -> HttpResponse:
    """`reason=`: payouts wait until they are let go; the seller reads why."""
    account = account_of(request.operator, account_id)
    reason = request.POST.get("reason", "").replace("\0", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        words = _("Say why, in %(n)d characters at most: the seller reads it.")
        return account_page(
            request,
            account,
            errors={"reason": words % {"n": LONGEST_REASON}},
            typed={"reason": reason},
            status=422,
        )
    pause_payouts(
        scope=scope_of(account), params=PausePayouts(reason=reason), now=request.operator.now
    )
    return _done(request, account, _("Payouts are held. The seller sees why."))


@require_POST
@console_page_for("accounts:write")
def release(request: OperatorRequest, account_id: str) -> HttpResponse:
    account = account_of(request.operator, account_id)
    resume_payouts(scope=scope_of(account), now=request.operator.now)
    return _done(request, account, _("Payouts go on."))


@require_POST
@console_page_for("accounts:write")
def question(request: OperatorRequest, account_id: str) -> HttpResponse:
    """`title=&text=&kind=text|choice|file&choices=&days=`: asked like any requirement."""
    account = account_of(request.operator, account_id)
    sent = {name: request.POST.get(name, "").replace("\0", "").strip() for name in _QUESTION}
    kind = sent["kind"] if sent["kind"] in ("choice", "file", "text") else "text"
    choices = [line.strip() for line in sent["choices"].splitlines() if line.strip()]
    params = AskQuestion(
        account=account.id,
        title=sent["title"][:200],
        kind=kind,  # type: ignore[arg-type] # one of the three
        text=sent["text"][:1000],
        choices=choices if kind == "choice" else [],
        days=int(sent["days"]) if sent["days"].isascii() and sent["days"].isdigit() else 0,
    )
    try:
        ask_question(
            platform_id=account.platform_id,
            livemode=account.livemode,
            params=params,
            now=request.operator.now,
        )
    except Refused as refusal:
        errors = {refusal.param or "title": refusal.message}
        return account_page(request, account, errors=errors, typed=sent, status=422)
    return _done(request, account, _("Asked. The seller sees it with what else is asked of them."))


_QUESTION = ("title", "text", "kind", "choices", "days")


@require_POST
@console_page_for("accounts:write")
def note(request: OperatorRequest, account_id: str) -> HttpResponse:
    account = account_of(request.operator, account_id)
    text = request.POST.get("text", "")
    try:
        write_note(
            account_id=account.id,
            operator_id=request.operator.operator_id,
            text=text,
            now_wall=clock.wall_now(),
        )
    except Refused as refusal:
        errors = {"note": refusal.message}
        return account_page(request, account, errors=errors, typed={"note": text}, status=422)
    return _done(request, account, "")


@require_POST
@console_page_for("accounts:write")
@needs_fresh("closing", back="console-accounts")
def rejection(request: OperatorRequest, account_id: str) -> HttpResponse:
    """`reason=fraud|terms_of_service|other`, or `undo`."""
    account = account_of(request.operator, account_id)
    whose: dict[str, Any] = {
        "platform_id": account.platform_id,
        "livemode": account.livemode,
        "account_id": account.id,
    }
    try:
        if "undo" in request.POST:
            unreject_account(**whose, now=request.operator.now)
            return _done(request, account, _("The account is open again."))
        params = RejectAccount(reason=_REASONS.get(request.POST.get("reason", ""), "other"))
        reject_account(**whose, params=params, now=request.operator.now)
    except Refused as refusal:
        return refuse(request, _address(account), refusal.message)
    return _done(request, account, _("The account is rejected."))


_REASONS: Final[dict[str, Literal["fraud", "terms_of_service"]]] = {
    "fraud": "fraud",
    "terms_of_service": "terms_of_service",
}


@require_POST
@console_page_for("accounts:write")
@needs_fresh("live_money", back="console-accounts")
def verification(request: OperatorRequest, account_id: str) -> HttpResponse:
    """A live account's holder is who they say they are: somebody has looked at their papers."""
    account = account_of(request.operator, account_id)
    if not account.livemode:
        return refuse(
            request, _address(account), _("Test accounts are verified by their values alone.")
        )
    try:
        verify_account(
            platform_id=account.platform_id, account_id=account.id, now=request.operator.now
        )
    except Refused as refusal:
        return refuse(request, _address(account), refusal.message)
    return _done(request, account, _("Verified."))


def _done(request: OperatorRequest, account: Account, notice: str) -> HttpResponse:
    return leave_for(request, _address(account), notice)


def _address(account: Account) -> str:
    return reverse("console-account", args=[account.id])
