"""Details of an account or a person, sent once from its holder's browser and used once by the
platform, which need not see them. They are kept encrypted."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec
from msgspec import UNSET

from counterfoil.accounts.models import Token
from counterfoil.accounts.params import (
    AccountTokenParams,
    PersonParams,
    PersonTokenParams,
    TosAcceptanceParams,
    UpdateAccount,
)
from counterfoil.accounts.wire.token import TokenWire, token_wire
from counterfoil.kit.crypt import seal, unseal
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope

_PREFIX: Final = {"account": "ct", "person": "cpt"}
Sent = TypeVar("Sent", bound=UpdateAccount)


def keep_details(
    scope: Scope, kind: str, details: msgspec.Struct, *, now: int, client_ip: str | None
) -> TokenWire:
    """A token for them. Whether they make sense is seen when it is used."""
    with unit_of_work():
        made = Token.objects.create(
            id=new_id(_PREFIX[kind], now),
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id=scope.account_id,
            created=now,
            client_ip=client_ip,
            object_id="",
            object=kind,
            country="",
            currency="",
            sealed_number=seal(msgspec.json.encode(details).decode()),
            details="{}",
        )
    return token_wire(made)


def with_account_token(platform_id: str, livemode: bool, params: Sent, *, now: int) -> Sent:
    """The parameters with what the `account_token` among them holds; the token is used up.

    Raises ResourceMissing, and InvalidRequest for a token that was used and for details that
    were sent both ways.
    """
    if params.account_token is UNSET:
        return params
    token = _use(platform_id, livemode, params.account_token, "account", now=now)
    held = msgspec.json.decode(unseal(token.sealed_number), type=AccountTokenParams)
    changes = _merged(held, params, ("business_type", "company", "individual"))
    if held.tos_shown_and_accepted is True and params.tos_acceptance is UNSET:
        changes["tos_acceptance"] = TosAcceptanceParams(date=now, ip=token.client_ip or UNSET)
    return msgspec.structs.replace(params, account_token=UNSET, **changes)


def with_person_token(
    platform_id: str, livemode: bool, params: PersonParams, *, now: int
) -> PersonParams:
    """The same for a `person_token`."""
    if params.person_token is UNSET:
        return params
    token = _use(platform_id, livemode, params.person_token, "person", now=now)
    held = msgspec.json.decode(unseal(token.sealed_number), type=PersonTokenParams)
    changes = _merged(held, params, held.__struct_fields__)
    return msgspec.structs.replace(params, person_token=UNSET, **changes)


def _merged(
    held: msgspec.Struct, params: msgspec.Struct, names: tuple[str, ...]
) -> dict[str, object]:
    given = {name: value for name in names if (value := getattr(held, name)) is not UNSET}
    for name in given:
        if getattr(params, name) is not UNSET:
            raise InvalidRequest(f"Send {name} beside the token or in it, not both.", param=name)
    return given


def _use(platform_id: str, livemode: bool, token_id: str, kind: str, *, now: int) -> Token:
    param = f"{kind}_token"
    token = Token.objects.filter(
        id=token_id, platform_id=platform_id, livemode=livemode, object=kind
    ).first()
    if token is None:
        raise ResourceMissing("token", token_id, param=param)
    # One statement looks and marks, so of two at once one finds it used.
    if not Token.objects.filter(id=token.id, used_at=None).update(used_at=now):
        raise InvalidRequest(
            f"You cannot use a token more than once: {token_id}. Make a new one.",
            param=param,
            code="token_already_used",
        )
    return token
