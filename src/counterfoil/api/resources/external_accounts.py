"""/v1/accounts/{id}/external_accounts (reference api.md §2.7)."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import UNSET

from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.operations import (
    check_still_the_platforms,
    create_external_account,
    delete_external_account,
    update_external_account,
)
from counterfoil.accounts.params import CreateExternalAccount, UpdateExternalAccount
from counterfoil.accounts.queries import (
    account_by_id,
    external_account_by_id,
    list_external_accounts,
)
from counterfoil.accounts.wire import DeletedWire, ExternalAccountWire, external_account_wire
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.lists import ListParams, list_object, page_request
from counterfoil.api.resources.accounts import check_within_reach
from counterfoil.kit.pages import Page
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject

_THE_HOLDERS: Final = (
    "account_holder_name",
    "account_holder_type",
    "account_type",
    "default_for_currency",
)


class ListExternals(ListParams, kw_only=True):
    object: Literal["bank_account", "card"] | None = None


@endpoint("POST", "accounts/<account>/external_accounts", params=CreateExternalAccount)
def create(call: Call, account_id: str, params: CreateExternalAccount) -> ExternalAccountWire:
    _check_account(call, account_id, changes=True)
    return create_external_account(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        params=params,
        now=call.now,
    )


@endpoint("GET", "accounts/<account>/external_accounts/<id>")
def retrieve(call: Call, account_id: str, ident: str) -> ExternalAccountWire:
    _check_account(call, account_id)
    return external_account_wire(external_account_by_id(account_id, ident))


@endpoint("POST", "accounts/<account>/external_accounts/<id>", params=UpdateExternalAccount)
def update(
    call: Call, account_id: str, ident: str, params: UpdateExternalAccount
) -> ExternalAccountWire:
    # What is written beside it stays the platform's, and reviving one that payouts came back from.
    holders = any(getattr(params, name) is not UNSET for name in _THE_HOLDERS)
    _check_account(call, account_id, changes=holders)
    return update_external_account(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        external_id=ident,
        params=params,
        now=call.now,
    )


@endpoint("DELETE", "accounts/<account>/external_accounts/<id>")
def delete(call: Call, account_id: str, ident: str) -> DeletedWire:
    _check_account(call, account_id, changes=True)
    return delete_external_account(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        external_id=ident,
        now=call.now,
    )


@endpoint("GET", "accounts/<account>/external_accounts", params=ListExternals)
def listed(call: Call, account_id: str, params: ListExternals) -> ListObject[ExternalAccountWire]:
    url = f"/v1/accounts/{account_id}/external_accounts"
    if account_id == call.scope.platform_id and call.scope.is_platform:
        none: Page[ExternalAccount] = Page([], has_more=False)
        return list_object(none, external_account_wire, url=url)
    _check_account(call, account_id)

    def created_of(ident: str) -> int | None:
        try:
            return external_account_by_id(account_id, ident).created
        except ResourceMissing:
            return None

    page = page_request(params, noun="external account", created_of=created_of)
    rows = list_external_accounts(account_id, page, object_=params.object)
    return list_object(rows, external_account_wire, url=url)


def _check_account(call: Call, account_id: str, *, changes: bool = False) -> None:
    check_within_reach(call, account_id)
    account = account_by_id(call.scope.platform_id, call.scope.livemode, account_id)
    if changes:
        check_still_the_platforms(account, param="external_account")
