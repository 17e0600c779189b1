"""`/left-form`: what was sent after the session had ended, offered to whoever sent it."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from counterfoil.access import left_forms
from counterfoil.access.guard import SellerRequest, signed_in
from counterfoil.access.stepup import FIELD, held_form
from counterfoil.access.views.pages import kept_private, render_entry
from counterfoil.kit import clock
from counterfoil.wording.languages import written_for


@require_http_methods(["GET", "HEAD", "POST"])
@kept_private
@signed_in
def left_form(request: SellerRequest) -> HttpResponse:
    """A GET does nothing; going on sends the form to its own page, POST here forgets it."""
    seller, token = request.seller, left_forms.token_of(request)
    held = held_form(seller, token, now_wall=clock.wall_now()) if token else None
    if request.method == "POST" or held is None:
        left_forms.forget(request, session_id=seller.session_id)
        response: HttpResponse = HttpResponseRedirect("/", status=303)
        left_forms.put_cookie(response, "")
        return response
    with written_for(get_language(), seller.country, seller.timezone):
        context = {
            "what": what_it_is(held.path),
            "path": held.path,
            "field": FIELD,
            "token": token,
        }
        return render_entry(
            request,
            "access/left_form.html",
            context,
            platform_name=seller.platform_name,
            brand_color=seller.brand_color,
            testmode=not seller.livemode,
        )


def what_it_is(path: str) -> str:
    """What the person was doing, by the page that they sent it from."""
    try:
        name = resolve(path.partition("?")[0]).url_name or ""
    except Resolver404:
        name = ""
    words = {
        "dispute-acceptance": _("You were accepting a dispute."),
        "dispute-submission": _("You were sending your answer to a dispute."),
        "evidence": _("You were answering a dispute. Files have to be chosen again."),
        "payout-account-new": _("You were adding an account for payouts."),
        "payout-new": _("You were paying out."),
        "payout-schedule": _("You were changing when payouts are made."),
        "prefunding-addition": _("You were adding funds for refunds and disputes."),
        "refund": _("You were refunding a customer."),
    }
    return words.get(name, _("You were sending a form."))
