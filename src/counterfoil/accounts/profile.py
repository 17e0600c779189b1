"""What an account's `profile` column holds: everything no other package decides by.

Identity numbers are not in it: only that they were given, and what was wrong with them (an
error code of the SDK's, None when they match). The birth date is encrypted (design §5).
"""

from __future__ import annotations

import msgspec

from counterfoil.accounts.shapes import (
    Address,
    Branding,
    BusinessProfile,
    Date,
    Declaration,
    DeclineOn,
    Requirements,
    TosAcceptance,
)
from counterfoil.kit.crypt import seal, unseal


class Capability(msgspec.Struct):
    requested_at: int  # platform clock, UTC seconds
    status: str = "inactive"  # inactive | pending | active


class Document(msgspec.Struct):
    """Proof that was handed in: ids of files, and what was wrong with it (None: nothing)."""

    front: str | None = None
    back: str | None = None
    problem: str | None = None


class Demand(msgspec.Struct):
    """What had time and now has a deadline: `keys` of needs (`policy.needs`), by when."""

    keys: list[str]
    deadline: int  # platform clock, UTC seconds
    charges_too: bool = False  # they stop with the payouts, and not later
    cause: str | None = None  # what it was asked because of, so that it is asked once
    starts_at: int = 0  # announced before, asked from then on (platform clock, UTC seconds)


class Question(msgspec.Struct):
    """Something the platform or its risk review wants to know, beside the usual details."""

    id: str  # interv_…
    kind: str  # text | choice | file
    title: str
    text: str
    choices: list[str] = []
    asked_at: int = 0
    answer: str | None = None  # the text, the choice or a file's id
    answered_at: int | None = None


class Company(msgspec.Struct):
    address: Address = msgspec.field(default_factory=Address)
    administrative_address: Address | None = None
    physical_address: Address | None = None
    principal_place_of_business: Address | None = None
    name: str | None = None
    phone: str | None = None
    structure: str | None = None
    registration_date: Date | None = None
    tax_id_registrar: str | None = None
    directors_provided: bool = False
    executives_provided: bool = False
    owners_provided: bool = False
    directorship_declaration: Declaration | None = None
    ownership_declaration: Declaration | None = None
    representative_declaration: Declaration | None = None
    ownership_exemption_reason: str | None = None
    tax_id_provided: bool = False
    tax_id_problem: str | None = None
    registration_number_provided: bool = False
    vat_id_provided: bool = False
    document: Document | None = None


class Relationship(msgspec.Struct):
    authorizer: bool = False
    director: bool = False
    executive: bool = False
    legal_guardian: bool = False
    owner: bool = False
    representative: bool = False
    percent_ownership: float | None = None
    title: str | None = None


class Individual(msgspec.Struct):
    id: str
    created: int
    first_name: str | None = None
    last_name: str | None = None
    maiden_name: str | None = None
    full_name_aliases: list[str] = []
    email: str | None = None
    phone: str | None = None
    gender: str | None = None
    nationality: str | None = None
    political_exposure: str | None = None
    dob: Date | None = None
    address: Address = msgspec.field(default_factory=Address)
    registered_address: Address | None = None
    relationship: Relationship = msgspec.field(default_factory=Relationship)
    metadata: dict[str, str] = {}
    id_number_provided: bool = False
    id_number_problem: str | None = None
    id_number_secondary_provided: bool = False
    ssn_last_4_provided: bool = False
    ssn_last_4_problem: str | None = None
    verification_status: str = "unverified"  # unverified | pending | verified
    document: Document | None = None
    additional_document: Document | None = None
    accepted: Declaration | None = None  # the account's terms, by this person as well


class Schedule(msgspec.Struct):
    """When automatic payouts run. Days of the week are English names, lower case."""

    interval: str = "daily"  # daily | weekly | monthly | manual
    weekly_anchor: str | None = None
    weekly_payout_days: list[str] | None = None
    monthly_anchor: int | None = None
    monthly_payout_days: list[int] | None = None


class Settings(msgspec.Struct):
    branding: Branding = msgspec.field(default_factory=Branding)
    decline_on: DeclineOn = msgspec.field(default_factory=DeclineOn)
    statement_descriptor_prefix: str | None = None
    display_name: str | None = None  # chosen; without one, `display_name_of` finds a name
    statement_descriptor: str | None = None
    payout_statement_descriptor: str | None = None
    debit_negative_balances: bool = True
    schedule: Schedule = msgspec.field(default_factory=Schedule)
    minimum_balance_by_currency: dict[str, int] = {}  # what automatic payouts leave behind
    payouts_paused: str | None = None  # why the platform holds payouts back
    # When the phone was replaced by whoever could read the account's mail (platform clock).
    contact_replaced_at: int | None = None


class Profile(msgspec.Struct):
    business_profile: BusinessProfile = msgspec.field(default_factory=BusinessProfile)
    company: Company | None = None
    individual: Individual | None = None
    people: list[Individual] = []  # who stands behind a company, oldest first
    settings: Settings = msgspec.field(default_factory=Settings)
    tos_acceptance: TosAcceptance = msgspec.field(default_factory=TosAcceptance)
    capabilities: dict[str, Capability] = {}  # those requested
    requirements: Requirements = msgspec.field(default_factory=Requirements)
    future_requirements: Requirements = msgspec.field(default_factory=Requirements)
    verified_as: str | None = None  # live mode: whom an operator verified (`identity.py`)
    enabled_once: bool = False  # from then on, what is newly asked for has a deadline
    demands: list[Demand] = []
    questions: list[Question] = []
    ownership_of: str | None = None  # the bank account whose owner was asked for
    ownership_paper: Document | None = None  # where one was asked for
    ownership_told_at: int | None = None  # when the bank says whose account it is (platform clock)
    rejected: str | None = None  # why the platform closed the account: rejected.…
    rejected_pauses_payouts: bool = False
    handed_over: bool = False  # its holder gives the details; the platform may not change them

    @property
    def is_recipient(self) -> bool:
        """Under the agreement for those who only receive transfers."""
        return self.tos_acceptance.service_agreement == "recipient"


def read_profile(text: str) -> Profile:
    stored = msgspec.json.decode(text)
    for person in [stored.get("individual"), *stored.get("people", ())]:
        if person and person.get("dob"):
            person["dob"] = msgspec.json.decode(unseal(person["dob"]))
    return msgspec.convert(stored, Profile)


def write_profile(profile: Profile) -> str:
    stored = msgspec.to_builtins(profile)
    for person in [stored["individual"], *stored["people"]]:
        if person and person["dob"]:
            person["dob"] = seal(msgspec.json.encode(person["dob"]).decode())
    return msgspec.json.encode(stored).decode()


def display_name_of(profile: Profile, *, email: str | None) -> str | None:
    """What the account is called on pages: chosen, else the business, the person, the e-mail."""
    if name := profile.settings.display_name or profile.business_profile.name:
        return name
    if profile.company and profile.company.name:
        return profile.company.name
    person = profile.individual
    names = [person.first_name, person.last_name] if person else []
    return " ".join(name for name in names if name) or email
