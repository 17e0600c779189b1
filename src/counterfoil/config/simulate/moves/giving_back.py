"""Money goes back: refunds, fee refunds, disputes."""

from __future__ import annotations

from typing import Any

from counterfoil.config.simulate.draft import Draft, Item
from counterfoil.config.simulate.steps import Ref, Step, Target


def refund(draft: Draft) -> Step | None:
    """All or a part, with or without the transfer and the fee."""
    payment = draft.pick(draft.payments)
    if payment is None:
        return None
    params: dict[str, Any] = {"amount": draft.part(payment.amount)}
    if payment.intent is not None and draft.often(0.5):
        params["payment_intent"] = payment.intent
    else:
        params["charge"] = payment.charge
    if payment.to is not None and draft.often(0.6):
        params["reverse_transfer"] = True
    if payment.fee and draft.often(0.5):
        params["refund_application_fee"] = True
    step = draft.step("refund", payment.platform, "refunds", params=params, on=payment.on)
    draft.keep(draft.refunds, Item(Ref(step.number), payment.platform, payment.on))
    return step


def fail_refund(draft: Draft) -> Step | None:
    one = draft.take(draft.refunds)
    if one is None:
        return None
    return draft.step(
        "fail_refund", one.platform, "test_helpers/refunds/{}/fail", one.ref, on=one.on
    )


def cancel_refund(draft: Draft) -> Step | None:
    """Only a refund that waits can be canceled; mostly this is refused."""
    one = draft.pick(draft.refunds)
    if one is None:
        return None
    return draft.step("cancel_refund", one.platform, "refunds/{}/cancel", one.ref, on=one.on)


def refund_fee(draft: Draft) -> Step | None:
    number, _ = draft.chance.choice(draft.platforms)
    fee = draft.listed("application_fees")
    params = {"amount": draft.chance.choice((None, 1, 5, 50))}
    return draft.step("refund_fee", number, "application_fees/{}/refunds", fee, params=params)


def dispute(draft: Draft) -> Step | None:
    """The cardholder's bank asks, or takes the money."""
    payment = draft.pick(draft.payments)
    if payment is None:
        return None
    params = {
        "charge": payment.charge,
        "amount": draft.part(payment.amount),
        "type": "inquiry" if draft.often(0.25) else None,
        "reason": draft.chance.choice(("fraudulent", "product_not_received", "duplicate")),
    }
    return draft.step(
        "dispute", payment.platform, "test_helpers/disputes", params=params, on=payment.on
    )


def answer_dispute(draft: Draft) -> Step | None:
    """Evidence that wins, that loses, or that nobody can tell; staged or submitted."""
    text = draft.chance.choice(("winning_evidence", "losing_evidence", "It was delivered."))
    params = {
        "evidence": {"uncategorized_text": text},
        "submit": None if draft.often(0.7) else False,
    }
    return _about(draft, "answer_dispute", "disputes/{}", params)


def close_dispute(draft: Draft) -> Step | None:
    return _about(draft, "close_dispute", "disputes/{}/close", {})


def decide_dispute(draft: Draft) -> Step | None:
    """The bank's verdict, at once."""
    verdict = draft.chance.choice(("win", "lose", "escalate", "close"))
    return _about(draft, f"dispute_{verdict}", f"test_helpers/disputes/{{}}/{verdict}", {})


def _about(draft: Draft, verb: str, path: str, params: dict[str, Any]) -> Step | None:
    """A dispute of a seller with direct charges, or of the platform."""
    seller = draft.pick(draft.sellers)
    number, _ = draft.chance.choice(draft.platforms)
    on: Target | None = None
    if seller is not None and draft.often(0.5):
        number, on = seller.platform, seller.ref
    found = draft.listed("disputes")
    return draft.step(verb, number, path, found, params=params, on=on)
