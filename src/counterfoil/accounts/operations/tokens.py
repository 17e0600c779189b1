"""Turning the numbers of a bank account or card into a token for one use."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from counterfoil.accounts.destinations import bank_destination, card_destination
from counterfoil.accounts.models import Token
from counterfoil.accounts.params import CreateToken
from counterfoil.accounts.wire import TokenWire, token_wire
from counterfoil.kit.crypt import seal
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope


def create_token(
    *, scope: Scope, params: CreateToken, now: int, client_ip: str | None = None
) -> TokenWire:
    """A `btok_` for a bank account, a `tok_` for a debit card; for paying out only.

    `now` is the platform's clock, UTC seconds. A token made on behalf of an account serves only
    that account. Raises InvalidRequest.
    """
    if (params.bank_account is UNSET) == (params.card is UNSET):
        raise InvalidRequest(
            "Send either `bank_account` or `card`.", param="bank_account", code="parameter_missing"
        )
    if params.bank_account is not UNSET:
        given = bank_destination(
            params.bank_account, livemode=scope.livemode, now=now, param="bank_account"
        )
    else:
        assert params.card is not UNSET
        given = card_destination(params.card, livemode=scope.livemode, now=now, param="card")
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
