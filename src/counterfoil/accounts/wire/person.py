"""The person of an individual's account."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.accounts.profile import Individual
from counterfoil.accounts.shapes import (
    Address,
    Alternative,
    Date,
    Declaration,
    RequirementError,
    Requirements,
)

_PREFIX = "individual."


class TosAcceptances(msgspec.Struct):
    account: Declaration = msgspec.field(default_factory=Declaration)


class PersonRelationship(msgspec.Struct):
    director: bool
    executive: bool
    owner: bool
    percent_ownership: float | None
    title: str | None
    authorizer: bool = False
    legal_guardian: bool = False
    representative: bool = True  # of an individual's account: nobody else could be


class VerificationDocument(msgspec.Struct):
    back: str | None = None
    details: str | None = None
    details_code: str | None = None
    front: str | None = None


class PersonVerification(msgspec.Struct):
    status: str
    details: str | None = None
    details_code: str | None = None
    document: VerificationDocument = msgspec.field(default_factory=VerificationDocument)
    additional_document: VerificationDocument = msgspec.field(default_factory=VerificationDocument)


class PersonRequirements(msgspec.Struct):
    """As the account's, without a deadline; field names without `individual.`."""

    alternatives: list[Alternative] = []
    currently_due: list[str] = []
    errors: list[RequirementError] = []
    eventually_due: list[str] = []
    past_due: list[str] = []
    pending_verification: list[str] = []


class PersonWire(msgspec.Struct):
    id: str
    account: str
    additional_tos_acceptances: TosAcceptances
    address: Address
    created: int
    dob: Date
    email: str | None
    first_name: str | None
    full_name_aliases: list[str]
    future_requirements: PersonRequirements
    gender: str | None
    id_number_provided: bool
    id_number_secondary_provided: bool
    last_name: str | None
    maiden_name: str | None
    metadata: dict[str, str]
    phone: str | None
    relationship: PersonRelationship
    requirements: PersonRequirements
    ssn_last_4_provided: bool
    verification: PersonVerification
    political_exposure: str | UnsetType = UNSET
    registered_address: Address | UnsetType = UNSET
    nationality: str | None = None
    object: str = "person"


def person_wire(account_id: str, person: Individual, due: Requirements) -> PersonWire:
    """`due` is the account's requirements; the person's are those under `individual.`."""
    relationship = person.relationship
    return PersonWire(
        id=person.id,
        account=account_id,
        additional_tos_acceptances=TosAcceptances(),
        address=person.address,
        created=person.created,
        dob=person.dob or Date(),
        email=person.email,
        first_name=person.first_name,
        full_name_aliases=person.full_name_aliases,
        future_requirements=PersonRequirements(),
        gender=person.gender,
        id_number_provided=person.id_number_provided,
        id_number_secondary_provided=person.id_number_secondary_provided,
        last_name=person.last_name,
        maiden_name=person.maiden_name,
        metadata=person.metadata,
        phone=person.phone,
        political_exposure=person.political_exposure or UNSET,
        registered_address=person.registered_address or UNSET,
        relationship=PersonRelationship(
            director=relationship.director,
            executive=relationship.executive,
            owner=relationship.owner,
            percent_ownership=relationship.percent_ownership,
            title=relationship.title,
        ),
        requirements=_of_person(due),
        ssn_last_4_provided=person.ssn_last_4_provided,
        verification=PersonVerification(person.verification_status),
    )


def _of_person(due: Requirements) -> PersonRequirements:
    return PersonRequirements(
        alternatives=[
            Alternative(_own(one.alternative_fields_due), _own(one.original_fields_due))
            for one in due.alternatives
            if _own(one.original_fields_due)
        ],
        currently_due=_own(due.currently_due),
        errors=[
            RequirementError(error.code, error.reason, error.requirement.removeprefix(_PREFIX))
            for error in due.errors
            if error.requirement.startswith(_PREFIX)
        ],
        eventually_due=_own(due.eventually_due),
        past_due=_own(due.past_due),
        pending_verification=_own(due.pending_verification),
    )


def _own(fields: Sequence[str]) -> list[str]:
    return [name.removeprefix(_PREFIX) for name in fields if name.startswith(_PREFIX)]
