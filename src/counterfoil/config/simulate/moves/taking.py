"""Customers pay: charges and payment intents of every kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from counterfoil.config.simulate.draft import Draft, Item, Payment, Seller
from counterfoil.config.simulate.steps import Ref, Step

_CARDS: Final = {
    "visa": 30,
    "bypassPending": 25,
    "gb": 6,
    "de": 6,
    "mastercard_debit": 6,
    "pendingRefund": 5,
    "refundFail": 5,
    "createDispute": 4,
    "createDisputeInquiry": 3,
    "createDisputeProductNotReceived": 2,
    "createIssuerFraudRecord": 2,
    "createMultipleDisputes": 2,
    "visa_chargeDeclinedInsufficientFunds": 2,
    "chargeDeclinedExpiredCard": 2,
    "radarBlock": 1,
    "riskLevelElevated": 1,
}
_ASKS: Final = "authenticationRequired"
_CURRENCIES: Final = ("usd", "usd", "eur", "gbp", "jpy", "cad")


def charge(draft: Draft) -> Step | None:
    """Direct, destination or separate; paid, declined or authorised only."""
    payment, params = _drawn(draft)
    card = _card(draft)
    params |= {"source": f"tok_{card}", "capture": None if draft.often(0.85) else False}
    to = params.pop("to", None)
    if to is not None:
        params["transfer_data"] = to
    return _made(draft, "charge", payment, "charges", params, held=params["capture"] is False)


def intent(draft: Draft) -> Step | None:
    """A payment intent: confirmed at once or later, captured at once or later."""
    payment, params = _drawn(draft)
    customer = draft.pick([one for one in draft.customers if one.platform == payment.platform])
    if customer is not None and payment.on is None and draft.often(0.3):
        params |= {"customer": customer.ref, "off_session": None}
    asks = draft.often(0.12)
    card = _ASKS if asks else _card(draft)
    held, now = draft.often(0.15), draft.often(0.8)
    params |= {
        "payment_method": f"pm_card_{card}",
        "confirm": True if now else None,
        "capture_method": "manual" if held else None,
    }
    to = params.pop("to", None)
    if to is not None:
        params["transfer_data"] = to
    ref = Ref(draft.next())
    payment = replace(payment, charge=Ref(ref.step, "latest_charge"), intent=ref)
    if asks or not now:
        step = _step(draft, "intent", payment, "payment_intents", params)
        draft.keep(draft.unauthenticated if asks and now else draft.unconfirmed, payment)
        return step
    return _made(draft, "intent", payment, "payment_intents", params, held=held)


def confirm(draft: Draft) -> Step | None:
    payment = draft.take(draft.unconfirmed)
    if payment is None:
        return None
    return _later(draft, "confirm", payment, "payment_intents/{}/confirm", {})


def change(draft: Draft) -> Step | None:
    """Another amount, before anybody paid."""
    payment = draft.pick(draft.unconfirmed)
    if payment is None or payment.intent is None:
        return None
    params = {"amount": draft.amount(payment.currency)}
    path = "payment_intents/{}"
    return draft.step(
        "change_intent", payment.platform, path, payment.intent, params=params, on=payment.on
    )


def authenticate(draft: Draft) -> Step | None:
    payment = draft.take(draft.unauthenticated)
    if payment is None:
        return None
    params = {"outcome": "succeed" if draft.often(0.8) else "fail"}
    path = "test_helpers/payment_intents/{}/authenticate"
    return _later(draft, "authenticate", payment, path, params)


def capture(draft: Draft) -> Step | None:
    """All or a part of what was authorised."""
    payment = draft.take(draft.uncaptured)
    if payment is None:
        return None
    part = draft.part(payment.amount)
    if payment.intent is not None:
        params = {"amount_to_capture": part}
        return _later(draft, "capture", payment, "payment_intents/{}/capture", params)
    step = draft.step(
        "capture",
        payment.platform,
        "charges/{}/capture",
        payment.charge,
        params={"amount": part},
        on=payment.on,
    )
    draft.keep(draft.payments, payment)
    return step


def cancel(draft: Draft) -> Step | None:
    """An intent that nobody wants any more."""
    things = draft.uncaptured if draft.often(0.7) else draft.unconfirmed
    payment = draft.pick([one for one in things if one.intent is not None])
    if payment is None or payment.intent is None:
        return None
    things.remove(payment)
    path = "payment_intents/{}/cancel"
    return draft.step("cancel_intent", payment.platform, path, payment.intent, on=payment.on)


def customer(draft: Draft) -> Step | None:
    number, _ = draft.chance.choice(draft.platforms)
    step = draft.step(
        "customer", number, "customers", params={"name": "Grace", "source": f"tok_{_card(draft)}"}
    )
    draft.keep(draft.customers, Item(Ref(step.number), number))
    return step


def charge_customer(draft: Draft) -> Step | None:
    """A card on file is charged, if it is there."""
    owner = draft.pick(draft.customers)
    if owner is None:
        return None
    homes = dict(draft.platforms)
    currency = homes[owner.platform]
    amount = draft.amount(currency)
    payment = Payment(
        charge=Ref(draft.next()),
        intent=None,
        platform=owner.platform,
        on=None,
        to=None,
        fee=False,
        amount=amount,
        currency=currency,
    )
    params = {"amount": amount, "currency": currency, "customer": owner.ref}
    return _made(draft, "charge_customer", payment, "charges", params, held=False)


def attach(draft: Draft) -> Step | None:
    """A card on file."""
    owner = draft.pick(draft.customers)
    if owner is None:
        return None
    path = f"payment_methods/pm_card_{_card(draft)}/attach"
    return draft.step("attach", owner.platform, path, params={"customer": owner.ref})


def _drawn(draft: Draft) -> tuple[Payment, dict[str, Any]]:
    """Who is paid by whom, and how much; `to` is the destination, for transfer_data."""
    seller = draft.pick(draft.sellers)
    number, home = draft.chance.choice(draft.platforms)
    kind = draft.chance.choices(("direct", "destination", "separate"), (35, 40, 25))[0]
    if seller is None:
        kind = "separate"
    else:
        number = seller.platform
    currency = _currency(draft, seller, home)
    amount = draft.amount(currency)
    params: dict[str, Any] = {"amount": amount, "currency": currency}
    fee = None
    if kind != "separate" and draft.often(0.7):
        fee = max(1, int(amount * draft.chance.choice((0.01, 0.1, 0.2, 0.9, 1.0))))
    if kind == "destination":
        assert seller is not None
        params["to"] = {"destination": seller.ref}
        if fee is None and draft.often(0.5):
            params["to"]["amount"] = max(1, int(amount * draft.chance.random()))
        if draft.often(0.3):
            params["on_behalf_of"] = seller.ref
    params["application_fee_amount"] = fee
    payment = Payment(
        charge=Ref(draft.next()),
        intent=None,
        platform=number,
        on=seller.ref if seller and kind == "direct" else None,
        to=seller if kind == "destination" else None,
        fee=fee is not None,
        amount=amount,
        currency=currency,
    )
    return payment, params


def _currency(draft: Draft, seller: Seller | None, home: str) -> str:
    if seller is not None and draft.often(0.75):
        return seller.currency
    return home if draft.often(0.5) else draft.chance.choice(_CURRENCIES)


def _card(draft: Draft) -> str:
    return draft.chance.choices(tuple(_CARDS), tuple(_CARDS.values()))[0]


def _made(
    draft: Draft, verb: str, payment: Payment, path: str, params: dict[str, Any], *, held: bool
) -> Step:
    step = _step(draft, verb, payment, path, params)
    draft.keep(draft.uncaptured if held else draft.payments, payment)
    return step


def _step(draft: Draft, verb: str, payment: Payment, path: str, params: dict[str, Any]) -> Step:
    way = "direct" if payment.on else "destination" if payment.to else "separate"
    return draft.step(f"{verb}_{way}", payment.platform, path, params=params, on=payment.on)


def _later(draft: Draft, verb: str, payment: Payment, path: str, params: dict[str, Any]) -> Step:
    """A step about an intent, after which its charge may be there."""
    assert payment.intent is not None
    step = draft.step(verb, payment.platform, path, payment.intent, params=params, on=payment.on)
    draft.keep(draft.payments, replace(payment, charge=Ref(step.number, "latest_charge")))
    return step
