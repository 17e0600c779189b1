"""The person of an individual's account, and those who stand behind a company."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.accounts.profile import Document, Individual
from counterfoil.accounts.reasons import REASONS
from counterfoil.accounts.shapes import (
    Address,
    Alternative,
    Date,
    Declaration,
    RequirementError,
    Requirements,
)

_INDIVIDUAL = "individual"


class TosAcceptances(msgspec.Struct):
    account: Declaration = msgspec.field(default_factory=Declaration)


class PersonRelationship(msgspec.Struct):
    director: bool
    executive: bool
    owner: bool
    percent_ownership: float | None
    title: str | None
    authorizer: bool
    legal_guardian: bool
    representative: bool


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
    EXPANDABLE: ClassVar[dict[str, str]] = {}

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


def person_wire(
    account_id: str,
    person: Individual,
    due: Requirements,
    future: Requirements,
    *,
    individual: bool,
) -> PersonWire:
    """`due` and `future` are the account's requirements, of which the person's own are shown.

    `individual`: the account is this person, who then represents it.
    """
    relationship = person.relationship
    prefix = f"{_INDIVIDUAL if individual else person.id}."
    return PersonWire(
        id=person.id,
        account=account_id,
        additional_tos_acceptances=TosAcceptances(person.accepted or Declaration()),
        address=person.address,
        created=person.created,
        dob=person.dob or Date(),
        email=person.email,
        first_name=person.first_name,
        full_name_aliases=person.full_name_aliases,
        future_requirements=_of_person(future, prefix),
        gender=person.gender,
        id_number_provided=person.id_number_provided,
        id_number_secondary_provided=person.id_number_secondary_provided,
        last_name=person.last_name,
        maiden_name=person.maiden_name,
        metadata=person.metadata,
        nationality=person.nationality,
        phone=person.phone,
        political_exposure=person.political_exposure or UNSET,
        registered_address=person.registered_address or UNSET,
        relationship=PersonRelationship(
            authorizer=relationship.authorizer,
            director=relationship.director,
            executive=relationship.executive,
            legal_guardian=relationship.legal_guardian,
            owner=relationship.owner,
            percent_ownership=relationship.percent_ownership,
            representative=relationship.representative or individual,
            title=relationship.title,
        ),
        requirements=_of_person(due, prefix),
        ssn_last_4_provided=person.ssn_last_4_provided,
        verification=PersonVerification(
            person.verification_status,
            document=document_wire(person.document),
            additional_document=document_wire(person.additional_document),
        ),
    )


def without_birth(person: PersonWire) -> PersonWire:
    """As an event keeps it: events are text for ever, and birth dates are kept encrypted only."""
    return msgspec.structs.replace(person, dob=Date())


def document_wire(document: Document | None) -> VerificationDocument:
    if document is None:
        return VerificationDocument()
    return VerificationDocument(
        back=document.back,
        front=document.front,
        details=document.problem and REASONS[document.problem],
        details_code=_DETAILS.get(document.problem or ""),
    )


# What a person's document shows; what a requirement's error says is longer.
_DETAILS = {
    "verification_document_failed_other": "document_failed_other",
    "verification_document_invalid": "document_invalid",
    "verification_document_name_mismatch": "document_name_mismatch",
}


def _of_person(due: Requirements, prefix: str) -> PersonRequirements:
    def own(names: Sequence[str]) -> list[str]:
        return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]

    return PersonRequirements(
        alternatives=[
            Alternative(own(one.alternative_fields_due), own(one.original_fields_due))
            for one in due.alternatives
            if own(one.original_fields_due)
        ],
        currently_due=own(due.currently_due),
        errors=[
            RequirementError(one.code, one.reason, one.requirement.removeprefix(prefix))
            for one in due.errors
            if one.requirement.startswith(prefix)
        ],
        eventually_due=own(due.eventually_due),
        past_due=own(due.past_due),
        pending_verification=own(due.pending_verification),
    )
