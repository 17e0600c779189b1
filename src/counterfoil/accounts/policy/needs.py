"""Which details an account still has to give: the table read against the facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.accounts.facts import COMPANIES, OWNERSHIP, Facts
from counterfoil.accounts.policy.table import PEOPLE, ROWS, Row, When
from counterfoil.accounts.profile import Individual

# Numbers are not kept, only that they were given; papers under a name of their own.
_KEPT_AS: Final = {
    "ssn_last_4": "ssn_last_4_provided",
    "id_number": "id_number_provided",
    "tax_id": "tax_id_provided",
    "verification.document": "document.front",
    "verification.additional_document": "additional_document.front",
}


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that has not been given. `key` stays the same while names come and go."""

    key: str
    field: str
    when: When
    capability: str | None = None
    instead: str | None = None


def needs(facts: Facts) -> list[Need]:
    """All that is missing, in the order of the table. Nothing of `on_demand` that nobody
    demanded."""
    demanded = {key for demand in facts.profile.demands for key in demand.keys}
    found = [
        Need(row.field, row.field, row.when, row.capability, row.instead)
        for row in ROWS
        if _asks(row, facts)
        and (row.when != "on_demand" or row.field in demanded)
        and not (given(facts, row.field) or (row.instead and given(facts, row.instead)))
    ]
    found.extend(_of_people(facts))
    found.extend(
        Need(one.id, f"{one.id}.additional_info.form", "on_demand")
        for one in facts.profile.questions
        if one.answer is None
    )
    return found


def askable(facts: Facts) -> set[str]:
    """What can be asked of an account by name, beyond what it is not enabled without."""
    return {row.field for row in ROWS if _asks(row, facts) and row.when != "at_once"}


def missing_fields(facts: Facts) -> tuple[str, ...]:
    """The names of what an account is not enabled without, as the API spells them, sorted."""
    return tuple(
        sorted(
            need.field
            for need in needs(facts)
            if need.when == "at_once" and need.capability is None
        )
    )


def _asks(row: Row, facts: Facts) -> bool:
    kind = "company" if facts.business_type in COMPANIES else facts.business_type
    return (
        (row.whose in ("any", kind))
        and (row.only is None or facts.country in row.only)
        and facts.country not in row.never
        and not (row.sells and facts.profile.is_recipient)
        and (row.capability is None or row.capability in facts.profile.capabilities)
    )


def given(facts: Facts, name: str) -> object:
    """What stands there; something false where nothing was given."""
    if name == "business_type":
        return facts.business_type
    if name == "external_account":
        return facts.has_external_account
    if name == OWNERSHIP:
        return facts.profile.ownership_paper
    head, _, rest = name.partition(".")
    if name == "individual.email" and facts.email:
        return facts.email
    return _value(getattr(facts.profile, head), rest)


def _value(holder: Any, path: str) -> object:
    """What stands at `path`; None where something on the way does not exist."""
    for part in _KEPT_AS.get(path, path).split("."):
        holder = getattr(holder, part, None)
    return holder


def _of_people(facts: Facts) -> Iterator[Need]:
    if facts.company is None:
        return
    asked: set[str] = set()
    for row in PEOPLE:
        if row.only is not None and facts.country not in row.only:
            continue
        holders = [one for one in facts.people if getattr(one.relationship, row.role)]
        if not holders and row.role == "representative":
            # By the same key as of somebody who is there: naming them ends no deadline.
            yield from (Need("people", f"representative.{name}", "later") for name in row.fields)
        for person in holders:
            for name in row.fields:
                field = f"{person.id}.{name}"
                if field not in asked and not _given_by(person, name):
                    asked.add(field)
                    yield Need("people", field, "later", None, _instead(person, name))


def _given_by(person: Individual, name: str) -> object:
    if name == "ssn_last_4" and (person.id_number_provided or person.document):
        return True
    return _value(person, name)


def _instead(person: Individual, name: str) -> str | None:
    return f"{person.id}.id_number" if name == "ssn_last_4" else None
