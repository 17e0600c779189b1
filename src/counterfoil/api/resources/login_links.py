"""/v1/accounts/{id}/login_links (reference api.md §2.6)."""

from __future__ import annotations

import msgspec

from counterfoil.access.links import create_login_link, login_link_url
from counterfoil.api.addresses import base_url
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.resources.accounts import check_within_reach


class CreateLoginLink(msgspec.Struct, forbid_unknown_fields=True):
    """`redirect_url` is where signing out leads; older clients send it (platform-calls A2)."""

    redirect_url: str | None = None


class LoginLinkWire(msgspec.Struct):
    created: int
    url: str
    object: str = "login_link"


@endpoint("POST", "accounts/<account>/login_links", params=CreateLoginLink)
def create(call: Call, account_id: str, params: CreateLoginLink) -> LoginLinkWire:
    check_within_reach(call, account_id)
    token = create_login_link(
        account_id=account_id,
        platform_id=call.scope.platform_id,
        livemode=call.scope.livemode,
        redirect_url=params.redirect_url,
        now_wall=call.now_wall,
    )
    url = login_link_url(base_url(call.environ), account_id, token)
    return LoginLinkWire(created=call.now, url=url)
