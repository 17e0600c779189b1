"""Which details an account still has to give, as a table (design §7, "Onboarded")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from counterfoil.accounts.policy.facts import COMPANIES, Facts

_WITH_STATES: Final = frozenset({"US", "CA", "AU", "BR", "IN", "MX", "MY"})
_WITHOUT_POSTAL_CODES: Final = frozenset(
    "AE AG AO BJ BO BS BW CI GA GH GM GY HK JM MO PA QA RW".split()
)


@dataclass(frozen=True, slots=True)
class _Rule:
    """`field` is due where `applies` and not `given`."""

    field: str
    applies: Callable[[Facts], bool]
    given: Callable[[Facts], object]


def missing_fields(facts: Facts) -> tuple[str, ...]:
    """The names of what has not been provided, as the API spells them, sorted."""
    return tuple(
        sorted(rule.field for rule in _RULES if rule.applies(facts) and not rule.given(facts))
    )


def _always(_facts: Facts) -> bool:
    return True


def _sells(facts: Facts) -> bool:
    """Under the full agreement; recipients say nothing about a business."""
    return not facts.profile.is_recipient


def _individual(facts: Facts) -> bool:
    return facts.business_type == "individual"


def _company(facts: Facts) -> bool:
    return facts.business_type in COMPANIES


def _of_person(name: str) -> Callable[[Facts], object]:
    return lambda facts: facts.person and getattr(facts.person, name)


def _of_company(name: str) -> Callable[[Facts], object]:
    return lambda facts: facts.company and getattr(facts.company, name)


def _identity_number(facts: Facts) -> bool:
    person = facts.person
    return bool(person and (person.ssn_last_4_provided or person.id_number_provided))


def _address_rules(
    prefix: str, applies: Callable[[Facts], bool], holder: Callable[[Facts], object]
) -> list[_Rule]:
    def part(name: str) -> Callable[[Facts], object]:
        return lambda facts: getattr(getattr(holder(facts), "address", None), name, None)

    return [
        _Rule(f"{prefix}.address.line1", applies, part("line1")),
        _Rule(f"{prefix}.address.city", applies, part("city")),
        _Rule(
            f"{prefix}.address.state",
            lambda facts: applies(facts) and facts.country in _WITH_STATES,
            part("state"),
        ),
        _Rule(
            f"{prefix}.address.postal_code",
            lambda facts: applies(facts) and facts.country not in _WITHOUT_POSTAL_CODES,
            part("postal_code"),
        ),
    ]


_RULES: Final = (
    _Rule("business_type", _always, lambda facts: facts.business_type),
    _Rule("external_account", _always, lambda facts: facts.has_external_account),
    _Rule("tos_acceptance.date", _always, lambda facts: facts.profile.tos_acceptance.date),
    _Rule("tos_acceptance.ip", _always, lambda facts: facts.profile.tos_acceptance.ip),
    _Rule("business_profile.mcc", _sells, lambda facts: facts.profile.business_profile.mcc),
    _Rule(
        "business_profile.url",
        _sells,
        lambda facts: (
            facts.profile.business_profile.url or facts.profile.business_profile.product_description
        ),
    ),
    _Rule("individual.first_name", _individual, _of_person("first_name")),
    _Rule("individual.last_name", _individual, _of_person("last_name")),
    _Rule(
        "individual.email",
        _individual,
        lambda facts: (facts.person and facts.person.email) or facts.email,
    ),
    _Rule("individual.phone", _individual, _of_person("phone")),
    *(
        _Rule(f"individual.dob.{part}", _individual, _of_person("dob"))
        for part in ("day", "month", "year")
    ),
    *_address_rules("individual", _individual, lambda facts: facts.person),
    # Only the US identifies people by a number; elsewhere it is checked when given.
    _Rule(
        "individual.ssn_last_4",
        lambda facts: _individual(facts) and facts.country == "US",
        _identity_number,
    ),
    _Rule("company.name", _company, _of_company("name")),
    _Rule("company.tax_id", _company, _of_company("tax_id_provided")),
    _Rule("company.phone", _company, _of_company("phone")),
    *_address_rules("company", _company, lambda facts: facts.company),
)

# What else satisfies a missing field.
ALTERNATIVES: Final = {
    "business_profile.url": "business_profile.product_description",
    "individual.ssn_last_4": "individual.id_number",
}
