"""/v1/accounts/{id}/persons (reference api.md §2.4)."""

from __future__ import annotations

import msgspec

from counterfoil.accounts.models import Account
from counterfoil.accounts.operations import (
    check_still_the_platforms,
    create_person,
    delete_person,
    update_person,
)
from counterfoil.accounts.params import PersonParams
from counterfoil.accounts.people import find_person, people_of
from counterfoil.accounts.profile import Individual, Profile, read_profile
from counterfoil.accounts.queries import account_by_id
from counterfoil.accounts.wire import DeletedWire, PersonWire, person_wire
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.lists import ListParams, page_request
from counterfoil.api.resources.accounts import check_within_reach
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject


class Roles(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`relationship[owner]=true`: only those who have, or have not, this part in the company."""

    authorizer: bool | None = None
    director: bool | None = None
    executive: bool | None = None
    legal_guardian: bool | None = None
    owner: bool | None = None
    representative: bool | None = None


class ListPersons(ListParams, kw_only=True):
    relationship: Roles = msgspec.field(default_factory=Roles)


@endpoint("POST", "accounts/<account>/persons", params=PersonParams)
def create(call: Call, account_id: str, params: PersonParams) -> PersonWire:
    check_still_the_platforms(_account(call, account_id))
    return create_person(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        params=params,
        now=call.now,
    )


@endpoint("GET", "accounts/<account>/persons/<person>")
def retrieve(call: Call, account_id: str, person_id: str) -> PersonWire:
    account = _account(call, account_id)
    profile = read_profile(account.profile)
    return _wire(account, profile, find_person(profile, account.business_type, person_id))


@endpoint("POST", "accounts/<account>/persons/<person>", params=PersonParams)
def update(call: Call, account_id: str, person_id: str, params: PersonParams) -> PersonWire:
    check_still_the_platforms(_account(call, account_id))
    return update_person(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        person_id=person_id,
        params=params,
        now=call.now,
    )


@endpoint("DELETE", "accounts/<account>/persons/<person>")
def delete(call: Call, account_id: str, person_id: str) -> DeletedWire:
    check_still_the_platforms(_account(call, account_id))
    return delete_person(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        person_id=person_id,
        now=call.now,
    )


@endpoint("GET", "accounts/<account>/persons", params=ListPersons)
def listed(call: Call, account_id: str, params: ListPersons) -> ListObject[PersonWire]:
    account = _account(call, account_id)
    profile = read_profile(account.profile)
    people = people_of(profile, account.business_type)

    def created_of(ident: str) -> int | None:
        return next((one.created for one in people if one.id == ident), None)

    page = page_request(params, noun="person", created_of=created_of)
    wires = [_wire(account, profile, one) for one in people]
    rows, has_more = _cut([one for one in wires if _fits(one, params.relationship)], page)
    url = f"/v1/accounts/{account_id}/persons"
    return ListObject(data=rows, has_more=has_more, url=url)


def _cut(people: list[PersonWire], page: PageRequest) -> tuple[list[PersonWire], bool]:
    """A page of what is newest first; there are a hundred at most."""
    if page.cursor is None:
        return people[: page.limit], len(people) > page.limit
    beside = (page.cursor.created, page.cursor.id)
    if page.direction == "older":
        rest = [one for one in people if (one.created, one.id) < beside]
        return rest[: page.limit], len(rest) > page.limit
    rest = [one for one in people if (one.created, one.id) > beside]
    return rest[-page.limit :], len(rest) > page.limit


def _fits(person: PersonWire, roles: Roles) -> bool:
    wanted = msgspec.structs.asdict(roles)
    return all(
        value is None or getattr(person.relationship, name) == value
        for name, value in wanted.items()
    )


def _wire(account: Account, profile: Profile, person: Individual) -> PersonWire:
    is_account = person is profile.individual
    return person_wire(
        account.id,
        person,
        profile.requirements,
        profile.future_requirements,
        individual=is_account,
    )


def _account(call: Call, account_id: str) -> Account:
    check_within_reach(call, account_id)
    if account_id == call.scope.platform_id:
        raise ResourceMissing("account", account_id, param="account")
    return account_by_id(call.scope.platform_id, call.scope.livemode, account_id)
