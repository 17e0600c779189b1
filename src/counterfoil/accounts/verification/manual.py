"""Live mode: an operator looks at the papers, and until then everything is being checked."""

from __future__ import annotations

from counterfoil.accounts.facts import Facts
from counterfoil.accounts.verification.base import Upload, Verification


class Manual:
    """Nothing is decided here (`accounts verify` is)."""

    def id_number(self, number: str) -> str | None:  # noqa: ARG002 - the promise's signature
        return None

    def tax_id(self, number: str) -> str | None:  # noqa: ARG002 - the promise's signature
        return None

    def document(self, upload: Upload) -> str | None:  # noqa: ARG002 - the promise's signature
        return None

    def check(self, facts: Facts) -> Verification:
        state = "verified" if facts.verified else "pending"
        people = dict.fromkeys((one.id for one in facts.people), state)
        if facts.verified:
            return Verification(person=state, people=people)
        return Verification(pending=_checkable(facts), person=state, people=people)


def _checkable(facts: Facts) -> tuple[str, ...]:
    checked = ("individual.id_number", "individual.verification.document")
    return checked if facts.business_type == "individual" else ("company.tax_id",)
