"""/v1/accounts and /v1/account (reference api.md §2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterfoil.accounts.models import Account
from counterfoil.accounts.operations import (
    check_platform_may_change,
    create_account,
    delete_account,
    reject_account,
    unreject_account,
    update_account,
)
from counterfoil.accounts.params import CreateAccount, RejectAccount, UpdateAccount
from counterfoil.accounts.queries import (
    NEWEST,
    account_by_id,
    list_accounts,
    newest_external_accounts,
)
from counterfoil.accounts.wire import AccountWire, DeletedWire, account_wire, platform_account_wire
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import DatedListParams, created_bounds, page_request
from counterfoil.kit.pages import Page
from counterfoil.kit.refused import Forbidden, InvalidRequest, ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.platforms.models import Platform
from counterfoil.platforms.queries import Caller


class ListAccounts(DatedListParams, kw_only=True):
    """Filters of `GET /v1/accounts`."""


@endpoint("POST", "accounts", params=CreateAccount)
def create(call: Call, params: CreateAccount) -> AccountWire:
    if not call.scope.is_platform:
        raise Forbidden(
            "Only a platform creates accounts. Send this call without Stripe-Account.",
            code="platform_account_required",
        )
    return create_account(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        params=params,
        now=call.now,
    )


@endpoint("GET", "account")
def retrieve_own(call: Call) -> AccountWire:
    return _retrieve(call, call.scope.account_id)


@endpoint("GET", "accounts/<account>")
def retrieve(call: Call, account_id: str) -> AccountWire:
    return _retrieve(call, account_id)


@endpoint("POST", "accounts/<account>", params=UpdateAccount)
def update(call: Call, account_id: str, params: UpdateAccount) -> AccountWire:
    check_within_reach(call, account_id)
    if account_id == call.scope.platform_id:
        raise InvalidRequest(
            "A platform's own account is not changed over the API: use its console.",
            param="account",
        )
    account = account_by_id(call.scope.platform_id, call.scope.livemode, account_id)
    check_platform_may_change(account, params)
    return update_account(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        params=params,
        now=call.now,
    )


@endpoint("DELETE", "accounts/<account>")
def delete(call: Call, account_id: str) -> DeletedWire:
    _check_its_platform(call, account_id)
    return delete_account(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        now=call.now,
    )


@endpoint("POST", "accounts/<account>/reject", params=RejectAccount)
def reject(call: Call, account_id: str, params: RejectAccount) -> AccountWire:
    _check_its_platform(call, account_id)
    return reject_account(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        params=params,
        now=call.now,
    )


@endpoint("POST", "accounts/<account>/unreject")
def unreject(call: Call, account_id: str) -> AccountWire:
    _check_its_platform(call, account_id)
    return unreject_account(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        account_id=account_id,
        now=call.now,
    )


@endpoint("GET", "accounts", params=ListAccounts)
def listed(call: Call, params: ListAccounts) -> ListObject[AccountWire]:
    scope = call.scope

    def created_of(ident: str) -> int | None:
        try:
            return account_by_id(scope.platform_id, scope.livemode, ident).created
        except ResourceMissing:
            return None

    page: Page[Account] = Page([], has_more=False)
    if scope.is_platform:  # a connected account has none of its own
        wanted = page_request(params, noun="account", created_of=created_of)
        bounds = created_bounds(params.created)
        page = list_accounts(scope.platform_id, scope.livemode, wanted, created=bounds)
    data = list(_wires(page.rows).values())
    return ListObject(data=data, has_more=page.has_more, url="/v1/accounts")


@loader("acct", AccountWire)
@loader("account", AccountWire)
def load_accounts(ids: Sequence[str], caller: Caller) -> Mapping[str, AccountWire]:
    rows = Account.objects.filter(
        id__in=ids, platform_id=caller.platform_id, livemode=caller.livemode, deleted_at=None
    )
    found = _wires(list(rows))
    if caller.platform_id in ids:
        found[caller.platform_id] = _platform(caller.platform_id)
    return found


def check_within_reach(call: Call, account_id: str) -> None:
    """A connected account reaches only itself. Raises ResourceMissing (404)."""
    if not call.scope.is_platform and account_id != call.scope.account_id:
        raise ResourceMissing("account", account_id, param="account")


def _check_its_platform(call: Call, account_id: str) -> None:
    check_within_reach(call, account_id)
    if account_id == call.scope.platform_id:
        raise InvalidRequest("This is the platform's own account.", param="account")


def _retrieve(call: Call, account_id: str) -> AccountWire:
    check_within_reach(call, account_id)
    if account_id == call.scope.platform_id:
        return _platform(account_id)
    account = account_by_id(call.scope.platform_id, call.scope.livemode, account_id)
    return _wires([account])[account_id]


def _platform(platform_id: str) -> AccountWire:
    return platform_account_wire(Platform.objects.get(id=platform_id))


def _wires(accounts: Sequence[Account]) -> dict[str, AccountWire]:
    """In the same order, with the external accounts of all of them in one query."""
    externals = newest_external_accounts([account.id for account in accounts])
    return {
        account.id: account_wire(
            account,
            externals[account.id][:NEWEST],
            has_more=len(externals[account.id]) > NEWEST,
        )
        for account in accounts
    }
