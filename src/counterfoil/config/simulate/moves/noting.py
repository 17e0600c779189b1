"""Notes on what is there: no money moves, and nothing about it changes."""

from __future__ import annotations

from counterfoil.config.simulate.draft import Draft
from counterfoil.config.simulate.steps import Step


def note(draft: Draft) -> Step | None:
    """Metadata on something that was made lately."""
    kind, things = draft.chance.choice(
        (
            ("transfers", draft.transfers),
            ("refunds", draft.refunds),
            ("topups", draft.topups),
            ("payouts", draft.payouts),
        )
    )
    one = draft.pick(things)
    if one is None:
        return None
    params = {"metadata": {"note": str(draft.chance.randrange(10))}}
    return draft.step(
        f"note_{kind}", one.platform, f"{kind}/{{}}", one.ref, params=params, on=one.on
    )
