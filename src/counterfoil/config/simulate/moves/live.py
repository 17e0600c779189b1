"""Live mode: money comes and goes by the hand of an operator."""

from __future__ import annotations

from counterfoil.config.simulate.draft import Draft, Item
from counterfoil.config.simulate.steps import Ref, Step


def top_up(draft: Draft) -> Step | None:
    number, currency = draft.chance.choice(draft.platforms)
    params = {"amount": draft.chance.randrange(100, 500_000), "currency": currency}
    step = draft.step("live_top_up", number, "topups", params=params, livemode=True)
    draft.keep(draft.live_topups, Item(Ref(step.number), number, livemode=True))
    return step


def end_top_up(draft: Draft) -> Step | None:
    """The bank's statement shows the money, or its return."""
    one = draft.pick(draft.live_topups)
    if one is None:
        return None
    how = "confirm" if draft.often(0.85) else "fail"
    return draft.step(f"live_top_up_{how}", one.platform, params={"topup": one.ref}, livemode=True)


def transfer(draft: Draft) -> Step | None:
    seller = draft.pick(draft.live_sellers)
    if seller is None:
        return None
    currency = dict(draft.platforms)[seller.platform]
    amount = draft.chance.randrange(50, 90_000)
    params = {"destination": seller.ref, "amount": amount, "currency": currency}
    return draft.step("live_transfer", seller.platform, "transfers", params=params, livemode=True)


def pay_out(draft: Draft) -> Step | None:
    seller = draft.pick(draft.live_sellers)
    if seller is None:
        return None
    params = {"amount": draft.chance.choice((100, 500, 2000)), "currency": seller.currency}
    return draft.step(
        "live_payout", seller.platform, "payouts", params=params, on=seller.ref, livemode=True
    )


def export(draft: Draft) -> Step | None:
    """The batch for the bank; now and then the operator's machine dies before it is finished."""
    number, _ = draft.chance.choice(draft.platforms)
    params = {"finish": draft.often(0.85)}
    return draft.step("live_export", number, params=params, livemode=True)


def bank_answers(draft: Draft) -> Step | None:
    """One payout of a batch was paid, or came back, perhaps after it had been paid."""
    number, _ = draft.chance.choice(draft.platforms)
    params = {"pick": draft.chance.randrange(20), "paid": draft.often(0.7)}
    return draft.step("live_bank", number, params=params, livemode=True)
