"""Turning the numbers of a bank account or card into a token for one use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import UNSET

from counterfoil.accounts.destinations import CardDetails, bank_destination, token_card
from counterfoil.accounts.models import Token
from counterfoil.accounts.operations.detail_tokens import keep_details
from counterfoil.accounts.params import CreateToken
from counterfoil.accounts.wire import TokenWire, token_wire
from counterfoil.accounts.wire.external import details_of
from counterfoil.kit.crypt import seal, unseal
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope

_KINDS: Final = ("account", "bank_account", "card", "person")


def create_token(
    *, scope: Scope, params: CreateToken, now: int, client_ip: str | None = None
) -> TokenWire:
    """A `btok_` for a bank account to pay out to, a `tok_` for a card to pay with or out to, a
    `ct_` or `cpt_` for an account's or a person's details.

    `now` is the platform's clock, UTC seconds. A token made on behalf of an account serves only
    that account. Raises InvalidRequest.
    """
    if sum(getattr(params, kind) is not UNSET for kind in _KINDS) != 1:
        raise InvalidRequest(
            "Send one of `account`, `bank_account`, `card` and `person`.",
            param="bank_account",
            code="parameter_missing",
        )
    if params.account is not UNSET:
        return keep_details(scope, "account", params.account, now=now, client_ip=client_ip)
    if params.person is not UNSET:
        return keep_details(scope, "person", params.person, now=now, client_ip=client_ip)
    if params.bank_account is not UNSET:
        given = bank_destination(
            params.bank_account, livemode=scope.livemode, now=now, param="bank_account"
        )
    else:
        assert params.card is not UNSET
        given = token_card(params.card, livemode=scope.livemode, now=now, param="card")
    token, held = ("btok", "ba") if given.object == "bank_account" else ("tok", "card")
    with unit_of_work():
        made = Token.objects.create(
            id=new_id(token, now),
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id=scope.account_id,
            created=now,
            client_ip=client_ip,
            object_id=new_id(held, now),
            object=given.object,
            country=given.country,
            currency=given.currency,
            sealed_number=seal(given.number),
            details=msgspec.json.encode(given.details).decode(),
        )
    return token_wire(made)


@dataclass(frozen=True, slots=True)
class UsedCard:
    """A card out of its token, which is used up."""

    id: str  # what the card is called from now on
    number: str
    details: CardDetails


def use_card_token(*, scope: Scope, token_id: str, now: int, param: str) -> UsedCard:
    """Take the card out of a token that was made for this very account, to pay with it.

    The caller's transaction decides whether it stays used. Raises ResourceMissing and
    InvalidRequest; `param` names the parameter that held the token.
    """
    row = Token.objects.filter(
        id=token_id,
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        account_id=scope.account_id,
    ).first()
    if row is None:
        raise ResourceMissing("token", token_id, param=param)
    details = details_of(row) if row.object == "card" else None
    if not isinstance(details, CardDetails):
        raise InvalidRequest(f"{token_id} holds no card. Send a card's token.", param=param)
    # One statement looks and marks, so of two at once one finds it used.
    if not Token.objects.filter(id=row.id, used_at=None).update(used_at=now):
        raise InvalidRequest(
            f"You cannot use a token more than once: {token_id}. Make a new one.",
            param=param,
            code="token_already_used",
        )
    return UsedCard(row.object_id, unseal(row.sealed_number), details)
