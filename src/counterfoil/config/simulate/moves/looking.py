"""Somebody looks, and what the API says is compared with the books."""

from __future__ import annotations

from counterfoil.config.simulate.draft import Draft
from counterfoil.config.simulate.steps import Step


def balance(draft: Draft) -> Step | None:
    seller = draft.pick(draft.sellers) if draft.often(0.8) else None
    number = seller.platform if seller else draft.chance.choice(draft.platforms)[0]
    on = seller.ref if seller else None
    return draft.step("look_balance", number, "balance", on=on, method="GET")


def payout_lines(draft: Draft) -> Step | None:
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    found = draft.listed("payouts", among=6)
    return draft.step(
        "look_lines", seller.platform, "payouts/{}/lines", found, on=seller.ref, method="GET"
    )
