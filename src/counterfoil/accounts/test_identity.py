"""Values that make verification succeed or fail in test mode (reference test-data §8).

Codes are the SDK's `requirements.errors[].code`. A value the tables do not name matches, except
a birth date: only the two published ones do.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from counterfoil.accounts.shapes import Date

MATCHING_BIRTH_DATES: Final = frozenset({(1901, 1, 1), (1902, 1, 1)})
SANCTIONED_BIRTH_DATE: Final = (1900, 1, 1)

# Street lines of a person: no match. Of a business: what is left, see `Street` below.
ADDRESS_NO_MATCH: Final = "address_no_match"
ADDRESS_LINE_NO_MATCH: Final = "address_line1_no_match"

_ID_NUMBERS: Final = {
    "111111111": "verification_failed_id_number_match",
    "1111": "verification_failed_id_number_match",  # as `ssn_last_4`
}
_TAX_IDS: Final = {
    "111111111": "verification_failed_tax_id_match",
    "111111112": "verification_failed_tax_id_not_issued",
    "222221000": "verification_failed_keyed_match",  # not in the registry
    "222221001": "verification_missing_owners",
    "222221002": "verification_missing_directors",
    "222221003": "verification_missing_owners",
    "222221004": "verification_missing_directors",
}
TAX_ID_PENDING: Final = "222221005"  # the registry has not answered yet

# Ids of files that exist without being handed in, and what a file's own name may end with.
DOCUMENTS: Final = {
    "file_identity_document_success": None,
    "file_identity_document_failure": "verification_document_failed_other",
    "file_relationship_document_success": None,
    "file_relationship_document_invalid": "verification_document_invalid",
    "file_relationship_document_mismatch": "verification_document_name_mismatch",
    "file_relationship_document_invalid_signer": "verification_document_invalid",
}
_FAILING_NAME: Final = "identity_document_failure"
_DIRECTORS: Final = {
    "mismatch_director": "verification_directors_mismatch",
    "missing_director": "verification_missing_directors",
    "extraneous_director": "verification_extraneous_directors",
}

_COMPANY_NAMES: Final = {
    "mismatch_business_name": "verification_failed_name_match",
    "match_name_only": "verification_failed_keyed_match",
    "disallowed_name": "invalid_company_name_denylisted",
}
_BUSINESS_NAMES: Final = {
    "disallowed_dba": "invalid_business_profile_name_denylisted",
    "invalid_dba": "invalid_business_profile_name",
}
_DESCRIPTORS: Final = {
    "mismatch": "invalid_statement_descriptor_business_mismatch",
    "disallowed": "invalid_statement_descriptor_denylisted",
}
_PREFIXES: Final = {
    "mismatch": "invalid_statement_descriptor_prefix_mismatch",
    "disallowed": "invalid_statement_descriptor_prefix_denylisted",
}
_SITES: Final = {
    "disallowed": "invalid_url_denylisted",
    "geoblocked": "invalid_url_website_inaccessible_geoblocked",
    "inaccessible": "invalid_url_website_inaccessible",
    "passwordprotected": "invalid_url_website_inaccessible_password_protected",
    "missing": "invalid_url_website_incomplete",
    "underconstruction": "invalid_url_website_incomplete_under_construction",
    "mismatch": "invalid_url_website_business_information_mismatch",
    "problem": "invalid_url_website_other",
}


def id_number_problem(number: str) -> str | None:
    """What is wrong with an `id_number` or `ssn_last_4`, None when it matches."""
    return _ID_NUMBERS.get(_digits(number))


def tax_id_problem(number: str) -> str | None:
    """What is wrong with a company's tax id; `TAX_ID_PENDING` while the registry is asked."""
    digits = _digits(number)
    return TAX_ID_PENDING if digits == TAX_ID_PENDING else _TAX_IDS.get(digits)


def document_problem(file_id: str, filename: str | None) -> str | None:
    """What is wrong with a document: one of the published ids, or a file named after one."""
    if file_id in DOCUMENTS:
        return DOCUMENTS[file_id]
    failing = _FAILING_NAME in (filename or "").lower()
    return "verification_document_failed_other" if failing else None


def director_problem(first_name: str | None) -> str | None:
    return _DIRECTORS.get(first_name or "")


def birth_date_matches(dob: Date) -> bool:
    return (dob.year, dob.month, dob.day) in MATCHING_BIRTH_DATES


def street_matches(line1: str | None) -> bool:
    return line1 not in (ADDRESS_NO_MATCH, ADDRESS_LINE_NO_MATCH)


def company_name_problem(name: str | None) -> str | None:
    return _COMPANY_NAMES.get(name or "")


def business_name_problem(name: str | None) -> str | None:
    return _BUSINESS_NAMES.get(name or "")


def descriptor_problem(descriptor: str | None) -> str | None:
    return _DESCRIPTORS.get((descriptor or "").lower())


def prefix_problem(prefix: str | None) -> str | None:
    return _PREFIXES.get((prefix or "").lower())


def site_problem(url: str | None) -> str | None:
    """What is wrong with a business's address on the web: `https://<word>.stripe.com`."""
    return _SITES.get(_site(url))


def is_inactive(url: str | None) -> bool:
    """Whether nothing is sold there any more: capabilities pause (api.md §2.5)."""
    return _site(url) == "inactivity"


def is_high_risk(company_name: str | None) -> bool:
    """Whether somebody has to look at this company before it may be paid."""
    return (company_name or "").endswith("_high_risk")


def _site(url: str | None) -> str:
    if not url:
        return ""
    host = urlsplit(url if "://" in url else f"https://{url}").hostname or ""
    word, _, domain = host.partition(".")
    return word if domain == "stripe.com" else ""


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)
