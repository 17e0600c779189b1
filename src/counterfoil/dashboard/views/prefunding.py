"""The refunds-and-disputes balance: putting money in, and taking it out again."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from counterfoil.access.guard import SellerRequest
from counterfoil.dashboard import payout_words
from counterfoil.dashboard.funds import Funds, funds_by_currency
from counterfoil.dashboard.once import form_key, key_of, once
from counterfoil.dashboard.operations.prefunding import FEATURE, add_funds, withdraw
from counterfoil.dashboard.queries.balances import balances
from counterfoil.dashboard.queries.payout_terms import payout_terms
from counterfoil.dashboard.queries.topups import Waiting, bank_details, waiting_topups
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.shell import leave_for, render_page, seller_page_for
from counterfoil.dashboard.typed import Mistyped, amount_for_field, typed_amount
from counterfoil.dashboard.views.pay_out import key_or_new
from counterfoil.kit import clock
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("payouts:write", FEATURE)
def prefunding_addition(request: SellerRequest) -> HttpResponse:
    """`?currency=usd`. In test mode the bank account is debited; in live mode the page then
    shows where to send the money, and with which reference."""
    seller = request.seller
    funds = _funds(request)

    def add(amount: int) -> str:
        add_funds(seller=seller, amount=amount, currency=funds.currency, now=seller.platform_now)
        if seller.livemode:
            return f"{reverse('prefunding-addition')}?currency={funds.currency}"
        return reverse("home")

    if request.method == "POST":
        said_after = (
            _("Send %(amount)s to the account below, with its reference.")
            if seller.livemode
            else _("%(amount)s is taken from your bank account. That takes a few business days.")
        )
        return _acted(request, funds, add, said_after, "prefunding/addition.html", _adding)
    return _shown(request, "prefunding/addition.html", _adding(request, funds), "", "")


@require_http_methods(["GET", "HEAD", "POST"])
@seller_page_for("payouts:write", FEATURE)
def prefunding_withdrawal(request: SellerRequest) -> HttpResponse:
    """`?currency=usd`: back to the available balance."""
    seller = request.seller
    funds = _funds(request)

    def take(amount: int) -> str:
        withdraw(seller=seller, amount=amount, currency=funds.currency, now=seller.platform_now)
        return reverse("home")

    if request.method == "POST":
        notice = _("%(amount)s is in your available balance now.")
        return _acted(request, funds, take, notice, "prefunding/withdrawal.html", _taking)
    everything = amount_for_field(max(funds.prefunding, 0), funds.currency)
    return _shown(request, "prefunding/withdrawal.html", _taking(request, funds), everything, "")


Context = dict[str, object]


def _adding(request: SellerRequest, funds: Funds) -> Context:
    seller = request.seller
    terms = payout_terms(seller.account_id, livemode=seller.livemode)
    target = terms.default(funds.currency)
    bank = target if target and target.object == "bank_account" and not target.errored else None
    waiting: list[Waiting] = waiting_topups(
        seller.account_id, livemode=seller.livemode, currency=funds.currency
    )
    transfer_to = ""
    if seller.livemode:
        transfer_to = bank_details(seller.platform_id, funds.currency, livemode=True)
    return {
        "funds": funds,
        "bank": payout_words.place(bank.object, bank.name, bank.last4) if bank else "",
        "waiting": waiting,
        "transfer_to": transfer_to,
        "live": seller.livemode,
    }


def _taking(_request: SellerRequest, funds: Funds) -> Context:
    return {"funds": funds}


def _acted(
    request: SellerRequest,
    funds: Funds,
    act: Callable[[int], str],
    notice: str,
    template: str,
    context: Callable[[SellerRequest, Funds], Context],
) -> HttpResponse:
    typed = request.POST.get("amount", "")
    try:
        amount = typed_amount(typed, funds.currency)
    except Mistyped as mistyped:
        return _shown(request, template, context(request, funds), typed, str(mistyped))
    try:
        address = once(
            request.seller, key_of(request), lambda: act(amount), now_wall=clock.wall_now()
        )
    except Refused as refusal:
        return _shown(request, template, context(request, funds), typed, _words(refusal, funds))
    return leave_for(request, address, notice % {"amount": money_text(amount, funds.currency)})


def _words(refusal: Refused, funds: Funds) -> str:
    if refusal.code == "balance_insufficient":
        held = money_text(funds.prefunding, funds.currency)
        return _("There is %(amount)s in it.") % {"amount": held}
    if refusal.code == "parameter_invalid_integer":
        return _("Write an amount above zero.")
    if refusal.code == "bank_account_unusable":
        return _("There is no bank account that it could be taken from. Add one first.")
    return said(refusal)


def _shown(
    request: SellerRequest, template: str, context: Context, typed: str, error: str
) -> HttpResponse:
    key = form_key() if request.method != "POST" else key_or_new(request)
    return render_page(
        request,
        template,
        {**context, "typed": typed, "error": error, "form_key": key},
        here="home",
        status=422 if error else 200,
    )


def _funds(request: SellerRequest) -> Funds:
    seller = request.seller
    sent = request.POST if request.method == "POST" else request.GET
    held = funds_by_currency(
        balances(seller.account_id, livemode=seller.livemode, now=seller.platform_now),
        seller.default_currency,
    )
    return held.get(sent.get("currency", ""), held[seller.default_currency])
