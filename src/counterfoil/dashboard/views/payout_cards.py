"""`/settings/payouts/cards/new`: a debit card that payouts may go to. Test mode's cards alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from counterfoil.access.guard import SellerRequest
from counterfoil.access.stepup import ask_first
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.payout_accounts import Card, add_debit_card, card_problem
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.dashboard.views.pay_out import key_or_new
from counterfoil.kit import clock
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import gettext as _

TEST_CARD: Final = "4000 0566 5566 5556"


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("account:write")
def payout_card_new(request: SellerRequest) -> HttpResponse:
    """Where no card can be taken the page says why, and a form that is sent anyway adds nothing."""
    seller = request.seller
    if request.method != "POST":
        return _form(request, {}, {}, status=200)
    card, errors = _read(request.POST)
    if card is None or why_not(request):  # nothing of a card is kept where none is taken
        return _form(request, request.POST, errors)
    if (asked := ask_first(request, "bank_account", back="payout-settings")) is not None:
        return asked

    def act() -> str:
        add_debit_card(
            seller=seller,
            card=card,
            make_default=request.POST.get("default") == "yes",
            now=seller.platform_now,
        )
        return reverse("payout-settings")

    try:
        address = once(seller, key_of(request), act, now_wall=clock.wall_now())
    except Refused as refusal:
        return _form(request, request.POST, _beside(refusal))
    notice = _("Card ·· %(last4)s was added.") % {"last4": card.number[-4:]}
    return leave_for(request, address, notice)


def _read(sent: Mapping[str, str]) -> tuple[Card | None, dict[str, str]]:
    """The card as it was typed, or what is wrong, by field."""
    errors = {}
    number = re.sub(r"[\s-]", "", sent.get("number", ""))
    if not re.fullmatch(r"[0-9]{12,19}", number):
        errors["number"] = _("This is not a card number.") if number else _("This is needed.")
    until = re.fullmatch(r"\s*(\d{1,2})\s*/\s*(?:20)?(\d{2})\s*", sent.get("expires", ""), re.ASCII)
    if until is None:
        errors["expires"] = _("Write it as on the card, such as 04/29.")
    name = " ".join(sent.get("name", "").split())[:100]
    if errors or until is None:
        return None, errors
    return Card(number, int(until[1]), int(until[2]), name), {}


def _beside(refusal: Refused) -> dict[str, str]:
    """A refusal beside the field that it is about."""
    places = {
        "bank_account_exists": ("number", _("You have added this card already.")),
        "incorrect_number": ("number", _("This is not a card number.")),
        "invalid_card_type": ("number", _("This card takes no payouts: only debit cards do.")),
        "invalid_expiry_month": ("expires", _("This card has expired.")),
        "invalid_expiry_year": ("expires", _("This card has expired.")),
    }
    name, words = places.get(refusal.code or "", ("", said(refusal)))
    return {name: words}


def _form(
    request: SellerRequest,
    typed: Mapping[str, str],
    errors: dict[str, str],
    *,
    status: int = 422,
) -> HttpResponse:
    context = {
        "typed": typed,
        "errors": errors,
        "closed": why_not(request),
        "test_card": TEST_CARD,
        "form_key": form_key() if request.method != "POST" else key_or_new(request),
    }
    return render_page(
        request, "payouts/card_new.html", context, here="payout-settings", status=status
    )


def why_not(request: SellerRequest) -> str:
    """Why no card can be added to this account; empty where one can."""
    problem = card_problem(request.seller)
    if problem == "live_mode":
        return _("Card numbers are not taken here, so that none can be lost. Add a bank account.")
    if problem == "country":
        return _("Only accounts in the United States are paid out to debit cards.")
    return ""
