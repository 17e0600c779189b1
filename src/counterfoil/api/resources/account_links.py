"""/v1/account_links and /v1/account_sessions (reference api.md §2.6)."""

from __future__ import annotations

from typing import Final

import msgspec

from counterfoil.access.account_links import account_link_url, create_account_link
from counterfoil.accounts.embedded import Component, ComponentParams, components_of
from counterfoil.accounts.operations import hand_over
from counterfoil.accounts.params import CreateAccountLink, Params
from counterfoil.api.addresses import base_url
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.resources.accounts import check_within_reach
from counterfoil.audit.operations import record
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import secret_token
from counterfoil.kit.refused import ResourceMissing

SESSION_SECONDS: Final = 60 * 60


class AccountLinkWire(msgspec.Struct):
    created: int
    expires_at: int
    url: str
    object: str = "account_link"


class CreateAccountSession(Params):
    account: str
    components: dict[str, ComponentParams]


class AccountSessionWire(msgspec.Struct):
    account: str
    client_secret: str
    components: dict[str, Component]
    expires_at: int
    livemode: bool
    object: str = "account_session"


@endpoint("POST", "account_links", params=CreateAccountLink)
def create_link(call: Call, params: CreateAccountLink) -> AccountLinkWire:
    _check_reach(call, params.account)
    token, expires_at = create_account_link(
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        params=params,
        now_wall=call.now_wall,
    )
    # By the platform's clock, as `created` is; the link itself lives by the wall's.
    ahead = call.now - call.now_wall
    url = account_link_url(base_url(call.environ), token)
    return AccountLinkWire(created=call.now, expires_at=expires_at + ahead, url=url)


@endpoint("POST", "account_sessions", params=CreateAccountSession)
def create_session(call: Call, params: CreateAccountSession) -> AccountSessionWire:
    """A secret for embedded components. Nothing of ours takes it yet, so it is not kept."""
    _check_reach(call, params.account)
    scope = call.scope.of(params.account)
    with unit_of_work():
        account = hand_over(
            platform_id=scope.platform_id, livemode=scope.livemode, account_id=params.account
        )
        components = components_of(
            params.components,
            platform_collects=account.requirement_collection == "application",
        )
        record("account_session.created", scope=scope)
    return AccountSessionWire(
        account=account.id,
        client_secret=f"accs_secret__{secret_token(43)}",
        components=components,
        expires_at=call.now + SESSION_SECONDS,
        livemode=scope.livemode,
    )


def _check_reach(call: Call, account_id: str) -> None:
    check_within_reach(call, account_id)
    if account_id == call.scope.platform_id:
        raise ResourceMissing("account", account_id, param="account")
