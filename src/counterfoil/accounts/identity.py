"""Whom an operator verified: enough to see that an account has become somebody else."""

from __future__ import annotations

import msgspec

from counterfoil.accounts.profile import Profile
from counterfoil.kit.crypt import keyed_hash


def identity_of(profile: Profile, business_type: str | None) -> str:
    """A keyed hash of who the account says it is: kind, names, birth date. Addresses may move."""
    person, company = profile.individual, profile.company
    said = [
        business_type,
        person and [person.first_name, person.last_name, person.dob],
        company and company.name,
    ]
    return keyed_hash("verified-as", msgspec.json.encode(said).decode())
