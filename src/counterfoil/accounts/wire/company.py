"""The company of an account."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.accounts.profile import Company
from counterfoil.accounts.shapes import Address, Date, Declaration
from counterfoil.accounts.wire.person import VerificationDocument, document_wire


class CompanyVerification(msgspec.Struct):
    document: VerificationDocument = msgspec.field(default_factory=VerificationDocument)


class CompanyWire(msgspec.Struct):
    address: Address
    directors_provided: bool
    directorship_declaration: Declaration | None
    executives_provided: bool
    name: str | None
    owners_provided: bool
    ownership_declaration: Declaration | None
    phone: str | None
    representative_declaration: Declaration | None
    tax_id_provided: bool
    vat_id_provided: bool
    verification: CompanyVerification
    administrative_address: Address | UnsetType = UNSET
    ownership_exemption_reason: str | UnsetType = UNSET
    physical_address: Address | UnsetType = UNSET
    principal_place_of_business: Address | UnsetType = UNSET
    registration_date: Date | UnsetType = UNSET
    structure: str | UnsetType = UNSET
    tax_id_registrar: str | UnsetType = UNSET


def company_wire(company: Company) -> CompanyWire:
    return CompanyWire(
        address=company.address,
        administrative_address=company.administrative_address or UNSET,
        directors_provided=company.directors_provided,
        directorship_declaration=company.directorship_declaration,
        executives_provided=company.executives_provided,
        name=company.name,
        owners_provided=company.owners_provided,
        ownership_declaration=company.ownership_declaration,
        ownership_exemption_reason=company.ownership_exemption_reason or UNSET,
        phone=company.phone,
        physical_address=company.physical_address or UNSET,
        principal_place_of_business=company.principal_place_of_business or UNSET,
        registration_date=company.registration_date or UNSET,
        representative_declaration=company.representative_declaration,
        structure=company.structure or UNSET,
        tax_id_provided=company.tax_id_provided,
        tax_id_registrar=company.tax_id_registrar or UNSET,
        vat_id_provided=company.vat_id_provided,
        verification=CompanyVerification(document_wire(company.document)),
    )
