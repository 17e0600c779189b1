"""What an account's details are checked by: the promise, and what a check finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from counterfoil.accounts.facts import Facts
from counterfoil.accounts.shapes import RequirementError


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking the details found."""

    errors: tuple[RequirementError, ...] = ()
    pending: tuple[str, ...] = ()  # fields still being checked
    # Nobody can mend it by a form: `disabled_reason` listed (a sanctions list names the person),
    # under_review (somebody looks at it), other (capabilities are paused: nothing is sold there).
    held_for: str | None = None
    checking: tuple[str, ...] = ()  # fields being checked while nothing waits for them
    held: tuple[RequirementError, ...] = ()  # these stop payouts, and nothing else
    person: str = "unverified"  # the individual's own status: unverified | pending | verified
    people: dict[str, str] = field(default_factory=dict)  # the same, of a company's, by id


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was handed in as proof, as far as a check looks at it."""

    id: str
    filename: str | None


class Verifier(Protocol):
    """One way of finding out whether what an account says is true.

    Numbers and papers are judged once, when they are handed in, because they are not kept;
    `check` judges what is kept, again and again, and is a pure function. Codes are the SDK's
    `requirements.errors[].code`; None: nothing is wrong.
    """

    def id_number(self, number: str) -> str | None: ...

    def tax_id(self, number: str) -> str | None: ...

    def document(self, upload: Upload) -> str | None: ...

    def check(self, facts: Facts) -> Verification: ...
