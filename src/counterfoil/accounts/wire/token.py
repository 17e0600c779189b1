"""Tokens: something sent once, to be used once."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.accounts.destinations import fingerprint
from counterfoil.accounts.models import Token
from counterfoil.accounts.wire.external import BankAccountWire, CardWire, described, details_of
from counterfoil.kit.crypt import unseal


class TokenWire(msgspec.Struct):
    id: str
    client_ip: str | None
    created: int
    livemode: bool
    type: str
    used: bool
    bank_account: BankAccountWire | UnsetType = UNSET
    card: CardWire | UnsetType = UNSET
    object: str = "token"


def token_wire(token: Token) -> TokenWire:
    wire = TokenWire(
        id=token.id,
        client_ip=token.client_ip,
        created=token.created,
        livemode=token.livemode,
        type=token.object,
        used=token.used_at is not None,
    )
    if token.object not in ("bank_account", "card"):
        return wire  # details are never shown
    number = unseal(token.sealed_number)
    held = described(
        token,
        ident=token.object_id,
        last4=number[-4:],
        fingerprint=fingerprint(token.country, number, details_of(token)),
        status="new",
    )
    if isinstance(held, BankAccountWire):
        wire.bank_account = held
    else:
        wire.card = held
    return wire
