"""Money between a platform and its sellers, and from their banks."""

from __future__ import annotations

from typing import Any

from counterfoil.config.simulate.draft import Draft, Item
from counterfoil.config.simulate.steps import Ref, Step


def transfer(draft: Draft) -> Step | None:
    """Out of the platform's balance, or out of a charge."""
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    homes = dict(draft.platforms)
    params: dict[str, Any] = {"destination": seller.ref, "currency": homes[seller.platform]}
    separate = [
        one
        for one in draft.payments
        if one.platform == seller.platform and one.on is None and one.to is None
    ]
    source = draft.pick(separate) if draft.often(0.5) else None
    if source is not None:
        params["source_transaction"] = source.charge
        if draft.often(0.3):  # right where the platform keeps that currency
            params["currency"] = source.currency
        amount = draft.part(source.amount) or source.amount
    else:
        amount = draft.amount(params["currency"])
    params["amount"] = amount
    step = draft.step("transfer", seller.platform, "transfers", params=params)
    kept = Item(Ref(step.number), seller.platform, amount=amount, currency=params["currency"])
    draft.keep(draft.transfers, kept)
    return step


def reverse(draft: Draft) -> Step | None:
    """All or a part of a transfer; also of one that a destination charge made."""
    one = draft.pick(draft.transfers)
    if draft.often(0.4) or one is None:
        number, _ = draft.chance.choice(draft.platforms)
        found = draft.listed("transfers")
        params: dict[str, Any] = {"amount": draft.chance.choice((None, 1, 100))}
        if draft.often(0.5):
            params["refund_application_fee"] = True
        return draft.step("reverse", number, "transfers/{}/reversals", found, params=params)
    params = {"amount": draft.part(one.amount)}
    return draft.step("reverse", one.platform, "transfers/{}/reversals", one.ref, params=params)


def debit(draft: Draft) -> Step | None:
    """A platform charges one of its sellers."""
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    params = {
        "amount": draft.amount(seller.currency),
        "currency": seller.currency,
        "source": seller.ref,
    }
    return draft.step("debit_account", seller.platform, "charges", params=params)


def top_up(draft: Draft) -> Step | None:
    """From the platform's bank, or a seller's for its refunds and disputes."""
    number, currency = draft.chance.choice(draft.platforms)
    seller = draft.pick(draft.sellers) if draft.often(0.5) else None
    if seller is not None:
        number, currency = seller.platform, seller.currency
    on = seller.ref if seller else None
    params = {"amount": draft.amount(currency), "currency": currency}
    step = draft.step("top_up", number, "topups", params=params, on=on)
    draft.keep(draft.topups, Item(Ref(step.number), number, on, seller=seller))
    return step


def end_top_up(draft: Draft) -> Step | None:
    """The bank's answer at once, or nobody wants it any more."""
    one = draft.pick(draft.topups)
    if one is None:
        return None
    how = draft.chance.choice(("succeed", "succeed", "fail", "cancel"))
    path = "topups/{}/cancel" if how == "cancel" else f"test_helpers/topups/{{}}/{how}"
    return draft.step(f"top_up_{how}", one.platform, path, one.ref, on=one.on)


def withdraw(draft: Draft) -> Step | None:
    """Out of the refunds-and-disputes balance."""
    funded = [one for one in draft.topups if one.seller is not None]
    one = draft.pick(funded)
    if one is None or one.seller is None:
        return None
    currency = one.seller.currency
    params = {"amount": draft.chance.choice((1, 100, 1000, 9000)), "currency": currency}
    path = "counterfoil/prefunding/withdrawals"
    return draft.step("withdraw_prefunding", one.platform, path, params=params, on=one.on)
