"""The people of an account: those behind a company, or the individual it is (api.md §2.4)."""

from __future__ import annotations

from typing import Final

from counterfoil.accounts.changes import previous_attributes
from counterfoil.accounts.operations.changing import Change, changed_account
from counterfoil.accounts.operations.detail_tokens import with_person_token
from counterfoil.accounts.operations.details import apply_person
from counterfoil.accounts.operations.saving import scope_of
from counterfoil.accounts.params import PersonParams
from counterfoil.accounts.people import find_person
from counterfoil.accounts.profile import Individual, Profile
from counterfoil.accounts.values import check_values
from counterfoil.accounts.wire import DeletedWire, PersonWire, person_wire, without_birth
from counterfoil.events.operations import EventDraft
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest

MOST: Final = 100


def create_person(
    *, platform_id: str, livemode: bool, account_id: str, params: PersonParams, now: int
) -> PersonWire:
    """Somebody behind a company. `now` is the platform's clock, UTC seconds.

    Whoever is made representative takes the place of the one before. Raises ResourceMissing, and
    InvalidRequest for an individual's account, which is one person already.
    """
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        account, profile = change.account, change.profile
        if account.business_type == "individual":
            raise InvalidRequest(
                "An individual's account is one person, who is there already: change `individual`"
                " of the account, or its person.",
                param="account",
            )
        if len(profile.people) >= MOST:
            raise InvalidRequest(f"An account has at most {MOST} people.")
        person = Individual(new_id("person", now), now)
        profile.people.append(person)
        _apply(change, person, params, now)
        change.drafts.append(lambda: _draft(change, person, now))
    return shown_person(change, person)


def update_person(
    *,
    platform_id: str,
    livemode: bool,
    account_id: str,
    person_id: str,
    params: PersonParams,
    now: int,
) -> PersonWire:
    """Merge what was sent into a person; an empty text unsets. Raises ResourceMissing and
    InvalidRequest."""
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        person = find_person(change.profile, change.account.business_type, person_id)
        before = shown_person(change, person)
        _apply(change, person, params, now)
        change.drafts.append(lambda: _draft(change, person, now, before))
    return shown_person(change, person)


def delete_person(
    *, platform_id: str, livemode: bool, account_id: str, person_id: str, now: int
) -> DeletedWire:
    """Take somebody out. Raises ResourceMissing, and InvalidRequest for a representative and for
    the only executive who is verified."""
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        profile = change.profile
        person = find_person(profile, change.account.business_type, person_id)
        _check_may_go(person, profile)
        gone = EventDraft(
            "person.deleted",
            scope_of(change.account),
            without_birth(shown_person(change, person)),
            person.id,
            now,
        )
        profile.people.remove(person)
        change.drafts.append(lambda: gone)
    return DeletedWire(person.id, "person")


def shown_person(change: Change, person: Individual) -> PersonWire:
    return person_wire(
        change.account.id,
        person,
        change.profile.requirements,
        change.profile.future_requirements,
        individual=person is change.profile.individual,
    )


def _draft(
    change: Change, person: Individual, now: int, before: PersonWire | None = None
) -> EventDraft:
    after, scope = without_birth(shown_person(change, person)), scope_of(change.account)
    if before is None:
        return EventDraft("person.created", scope, after, person.id, now)
    previous = previous_attributes(without_birth(before), after)
    return EventDraft("person.updated", scope, after, person.id, now, previous)


def _apply(change: Change, person: Individual, params: PersonParams, now: int) -> None:
    account = change.account
    params = with_person_token(account.platform_id, account.livemode, params, now=now)
    check_values(params, country=account.country, livemode=account.livemode, now=now)
    apply_person(person, params, account)
    if person.relationship.representative:
        for other in change.profile.people:
            other.relationship.representative = other is person


def _check_may_go(person: Individual, profile: Profile) -> None:
    if person is profile.individual or person.relationship.representative:
        raise InvalidRequest(
            "The representative cannot be deleted. Make another person the representative first."
        )
    verified = [
        one
        for one in profile.people
        if one.relationship.executive and one.verification_status == "verified"
    ]
    if verified == [person]:
        raise InvalidRequest(
            "The only verified executive cannot be deleted. Add another one first."
        )
