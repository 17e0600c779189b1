"""`/onboarding/code`: the holder of an account link shows who they are, before the bank account.

A GET sends nothing; a script presses the button.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from counterfoil.access.account_links import Onboarding
from counterfoil.access.holder_codes import contacts_of_holder, prove_holder, send_holder_code
from counterfoil.access.limits import TooManySends
from counterfoil.access.onetime import CodeSpent, NotACode, WrongCode
from counterfoil.access.origin import client_address
from counterfoil.access.proving import Contacts
from counterfoil.access.views.entry import CHANNELS, our_host, wrong_code
from counterfoil.access.views.step_up import asking
from counterfoil.dashboard.views.onboarding import details_of_holder, holders_page, render_for

_CONTACT_FORMS: Final = ("individual-name", "company")


@require_http_methods(["GET", "HEAD", "POST"])
@holders_page
def onboarding_code(request: HttpRequest, holder: Onboarding, now_wall: int) -> HttpResponse:
    """Send a code, take what was typed, and on to the bank account."""
    if holder.proven_at is not None:
        return _to_the_bank_account()
    contacts = contacts_of_holder(holder)
    if request.method != "POST":
        return _ask(request, holder, contacts, now_wall)
    if "code" not in request.POST:
        return _send(request, holder, contacts, now_wall)
    try:
        prove_holder(holder, contacts, request.POST["code"], now_wall=now_wall)
    except NotACode:
        error = _("The code has six digits.")
    except WrongCode as refusal:
        error = wrong_code(refusal.tries_left)
    except CodeSpent:
        error = _("This code no longer works. Send a new one.")
    else:
        return _to_the_bank_account()
    return _ask(request, holder, contacts_of_holder(holder), now_wall, error=error, status=422)


def _send(
    request: HttpRequest, holder: Onboarding, contacts: Contacts, now_wall: int
) -> HttpResponse:
    channel = CHANNELS.get(request.POST.get("again", ""), contacts.first_channel)
    try:
        send_holder_code(
            holder,
            contacts,
            channel,
            host=our_host(),
            client=client_address(request),
            now_wall=now_wall,
        )
    except TooManySends as refusal:
        retry_at = refusal.retry_at
        answer = _ask(request, holder, contacts, now_wall, retry_at=retry_at, status=429)
        answer["Retry-After"] = str(retry_at - now_wall)
        return answer
    return HttpResponseRedirect(request.path, status=303)


def _ask(
    request: HttpRequest,
    holder: Onboarding,
    contacts: Contacts,
    now_wall: int,
    *,
    error: str = "",
    retry_at: int | None = None,
    status: int = 200,
) -> HttpResponse:
    details = details_of_holder(holder, now_wall)
    form = next((name for name in _CONTACT_FORMS if details.step(name) is not None), None)
    context: dict[str, object] = {
        "why": _("Where your money goes is for you alone to say."),
        "first": reverse("onboarding-step", args=[form]) if form else None,
    }
    context |= asking(
        contacts, livemode=holder.livemode, now_wall=now_wall, error=error, retry_at=retry_at
    )
    return render_for(request, holder, "onboarding/code.html", context, status=status)


def _to_the_bank_account() -> HttpResponse:
    return HttpResponseRedirect(reverse("onboarding-step", args=["bank"]), status=303)
