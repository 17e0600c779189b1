"""What is asked of whom, as data: country × kind of business × capability × how soon.

Complete for the US, Britain and Germany; France, the Netherlands, Canada, Australia and Japan have
their rows as well, and any other country what holds everywhere. Sources: design §7 ("Onboarded")
for what is due at once; reference api.md §2.3–2.4 for the names of the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from counterfoil.accounts.facts import OWNERSHIP

# at_once: the account is not enabled without it. later: due once a threshold is passed or the
# platform asks. on_demand: never due by itself.
When = Literal["at_once", "later", "on_demand"]
Whose = Literal["any", "individual", "company"]


@dataclass(frozen=True, slots=True)
class Row:
    """`field` is asked of `whose` accounts, in `only` these countries, less `never` those."""

    field: str
    whose: Whose = "any"
    when: When = "at_once"
    only: frozenset[str] | None = None
    never: frozenset[str] = frozenset()
    sells: bool = False  # only under the full agreement: recipients say nothing of a business
    capability: str | None = None  # only for this one, and only it waits for it
    instead: str | None = None  # what satisfies it as well


@dataclass(frozen=True, slots=True)
class PeopleRow:
    """What is asked of each person of a company who has `role`, in `only` these countries."""

    role: str  # representative | owner | director | executive
    fields: tuple[str, ...]
    only: frozenset[str] | None = None


def _in(codes: str) -> frozenset[str]:
    return frozenset(codes.split())


US: Final = _in("US")
_WITH_STATES: Final = _in("US CA AU BR IN MX MY")
_WITHOUT_POSTAL_CODES: Final = _in("AE AG AO BJ BO BS BW CI GA GH GM GY HK JM MO PA QA RW")
_EUROPE: Final = _in("GB DE FR NL")
_NAMED: Final = _in("US GB DE FR NL CA AU JP")


def _address(whose: Whose) -> tuple[Row, ...]:
    return (
        Row(f"{whose}.address.line1", whose),
        Row(f"{whose}.address.city", whose),
        Row(f"{whose}.address.state", whose, only=_WITH_STATES),
        Row(f"{whose}.address.postal_code", whose, never=_WITHOUT_POSTAL_CODES),
    )


ROWS: Final = (
    Row("business_type"),
    Row("external_account"),
    Row(OWNERSHIP, when="on_demand"),
    Row("tos_acceptance.date"),
    Row("tos_acceptance.ip"),
    Row("business_profile.mcc", sells=True),
    Row("business_profile.url", sells=True, instead="business_profile.product_description"),
    Row("individual.first_name", "individual"),
    Row("individual.last_name", "individual"),
    Row("individual.email", "individual"),
    Row("individual.phone", "individual"),
    Row("individual.dob.day", "individual"),
    Row("individual.dob.month", "individual"),
    Row("individual.dob.year", "individual"),
    *_address("individual"),
    # Only the US identifies people by a number at once; elsewhere it is checked when given.
    Row("individual.ssn_last_4", "individual", only=US, instead="individual.id_number"),
    Row(
        "individual.id_number",
        "individual",
        "later",
        only=_in("US CA"),
        instead="individual.verification.document",
    ),
    Row("individual.id_number", "individual", only=US, capability="tax_reporting_us_1099_k"),
    Row("individual.id_number", "individual", only=US, capability="tax_reporting_us_1099_misc"),
    Row("individual.verification.document", "individual", "later", only=_EUROPE | _in("AU JP")),
    Row("individual.verification.document", "individual", "on_demand"),
    Row("individual.verification.additional_document", "individual", "on_demand"),
    Row("company.name", "company"),
    Row("company.tax_id", "company"),
    Row("company.phone", "company"),
    *_address("company"),
    Row("company.owners_provided", "company", "later", only=_EUROPE | _in("US CA")),
    Row("company.directors_provided", "company", "later", only=_EUROPE | _in("AU JP")),
    Row("company.executives_provided", "company", "later", only=_EUROPE | _in("US CA")),
    Row("company.verification.document", "company", "on_demand"),
)

_NAME: Final = ("first_name", "last_name")
_BIRTH: Final = ("dob.day", "dob.month", "dob.year")
_HOME: Final = ("address.line1", "address.city", "address.postal_code")

PEOPLE: Final = (
    PeopleRow("representative", (*_NAME, *_BIRTH, "email", "phone", *_HOME), only=_NAMED),
    PeopleRow("representative", ("address.state", "ssn_last_4"), only=US),
    PeopleRow("representative", ("relationship.title",), only=US | _EUROPE),
    PeopleRow("owner", (*_NAME, *_BIRTH, *_HOME), only=_NAMED),
    PeopleRow("owner", ("address.state", "ssn_last_4"), only=US),
    PeopleRow("director", (*_NAME, *_BIRTH), only=_EUROPE | _in("AU JP")),
    PeopleRow("executive", (*_NAME, *_BIRTH), only=_EUROPE),
)

# Earned in all, in minor units of the account's currency: beyond it, what was due later is due
# now. Where no amount is named nothing is asked for by volume.
THRESHOLDS: Final = {
    "US": 50_000_000,
    "GB": 40_000_000,
    "DE": 50_000_000,
    "FR": 50_000_000,
    "NL": 50_000_000,
    "CA": 65_000_000,
    "AU": 75_000_000,
    "JP": 75_000_000,
}
