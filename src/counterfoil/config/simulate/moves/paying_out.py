"""Payouts by hand and what becomes of all of them, automatic ones included."""

from __future__ import annotations

from typing import Any, Final

from counterfoil.config.simulate.draft import Draft, Item, Seller
from counterfoil.config.simulate.steps import Ref, Step

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday")
_CODES: Final = ("account_closed", "could_not_process", "no_account", "debit_not_authorized")


def pay_out(draft: Draft) -> Step | None:
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    instant = draft.often(0.35) and seller.country != "JP"
    amount = draft.chance.choice((1, 50, 100, 500, 2000, draft.amount(seller.currency)))
    params: dict[str, Any] = {
        "amount": amount,
        "currency": seller.currency if draft.often(0.9) else draft.chance.choice(("usd", "eur")),
        "method": "instant" if instant else None,
    }
    if instant and draft.often(0.6):
        params["destination"] = draft.listed("accounts/{}/external_accounts", of=seller.ref)
    verb = "payout_instant" if instant else "payout_manual"
    step = draft.step(verb, seller.platform, "payouts", params=params, on=seller.ref)
    draft.keep(draft.payouts, Item(Ref(step.number), seller.platform, seller.ref))
    return step


def cancel(draft: Draft) -> Step | None:
    return _about(draft, "payout_cancel", "payouts/{}/cancel", {})


def reverse(draft: Draft) -> Step | None:
    return _about(draft, "payout_reverse", "payouts/{}/reverse", {})


def force(draft: Draft) -> Step | None:
    """The bank's outcome at once, also long after it had paid."""
    if draft.often(0.4):
        return _about(draft, "payout_pay", "test_helpers/payouts/{}/pay", {})
    params = {"code": draft.chance.choice(_CODES)}
    return _about(draft, "payout_fail", "test_helpers/payouts/{}/fail", params)


def settle(draft: Draft) -> Step | None:
    """Another schedule, a balance to keep, a longer delay, debits of the bank account or none."""
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    payments = draft.chance.choice((_schedule, _minimum, _delay, _debits))(draft, seller)
    return draft.step(
        "settings", seller.platform, "balance_settings", params={"payments": payments},
        on=seller.ref,
    )  # fmt: skip


def pause(draft: Draft) -> Step | None:
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    draft.keep(draft.paused, seller)
    path = "counterfoil/payout_pauses/{}"
    return draft.step("pause", seller.platform, path, seller.ref, params={"reason": "A look."})


def resume(draft: Draft) -> Step | None:
    seller = draft.take(draft.paused)
    if seller is None:
        return None
    path = "counterfoil/payout_pauses/{}"
    return draft.step("resume", seller.platform, path, seller.ref, method="DELETE")


def _about(draft: Draft, verb: str, path: str, params: dict[str, Any]) -> Step | None:
    """One that was made by hand, or any of a seller's latest."""
    latest = draft.payouts[-3:]
    one = draft.pick(latest) if draft.often(0.5) else None
    if one is not None:
        return draft.step(verb, one.platform, path, one.ref, params=params, on=one.on)
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    found = draft.listed("payouts", among=6)
    return draft.step(verb, seller.platform, path, found, params=params, on=seller.ref)


def _schedule(draft: Draft, _seller: Seller) -> dict[str, Any]:
    interval = draft.chance.choice(("daily", "daily", "weekly", "monthly", "manual"))
    schedule: dict[str, Any] = {"interval": interval}
    if interval == "weekly":
        schedule["weekly_payout_days"] = draft.chance.sample(_DAYS, draft.chance.choice((1, 2)))
    if interval == "monthly":
        schedule["monthly_payout_days"] = draft.chance.sample(range(1, 32), 2)
    return {"payouts": {"schedule": schedule}}


def _minimum(draft: Draft, seller: Seller) -> dict[str, Any]:
    kept = draft.chance.choice(("", 0, 100, 5000))
    return {"payouts": {"minimum_balance_by_currency": {seller.currency: kept}}}


def _delay(draft: Draft, _seller: Seller) -> dict[str, Any]:
    return {"settlement_timing": {"delay_days_override": draft.chance.choice(("", 4, 7, 14, 31))}}


def _debits(draft: Draft, _seller: Seller) -> dict[str, Any]:
    return {"debit_negative_balances": draft.often(0.5)}
