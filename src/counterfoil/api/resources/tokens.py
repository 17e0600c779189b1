"""/v1/tokens: bank accounts to pay out to, and cards (reference api.md §2.7)."""

from __future__ import annotations

from counterfoil.accounts.operations import create_token
from counterfoil.accounts.params import CreateToken
from counterfoil.accounts.queries import token_by_id
from counterfoil.accounts.wire import TokenWire, token_wire
from counterfoil.api.endpoint import Call, endpoint


@endpoint("POST", "tokens", params=CreateToken, publishable=True)
def create(call: Call, params: CreateToken) -> TokenWire:
    return create_token(
        scope=call.scope, params=params, now=call.now, client_ip=call.environ.get("REMOTE_ADDR")
    )


@endpoint("GET", "tokens/<token>")
def retrieve(call: Call, ident: str) -> TokenWire:
    return token_wire(token_by_id(call.scope.platform_id, call.scope.livemode, ident))
