"""Who the people of an account are."""

from __future__ import annotations

from counterfoil.accounts.profile import Individual, Profile
from counterfoil.kit.refused import ResourceMissing


def people_of(profile: Profile, business_type: str | None) -> list[Individual]:
    """Newest first: those behind a company; of an individual's account the individual alone."""
    if business_type == "individual":
        return [profile.individual] if profile.individual else []
    return sorted(profile.people, key=lambda one: (one.created, one.id), reverse=True)


def find_person(profile: Profile, business_type: str | None, person_id: str) -> Individual:
    """Raises ResourceMissing."""
    for person in people_of(profile, business_type):
        if person.id == person_id:
            return person
    raise ResourceMissing("person", person_id, param="person")
