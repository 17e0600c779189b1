"""Giving an account somewhere to be paid: from a token, or from the numbers themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from msgspec import UNSET

from counterfoil.accounts.destinations import (
    Destination,
    bank_destination,
    card_destination,
    check_debit_card,
    fingerprint,
    magic_destination,
)
from counterfoil.accounts.models import Account, ExternalAccount, Token
from counterfoil.accounts.params import BankAccountHash, CardHash, ExternalAccountSource
from counterfoil.accounts.profile import read_profile
from counterfoil.accounts.wire.external import details_of
from counterfoil.kit.clock import DAY
from counterfoil.kit.crypt import seal, unseal
from counterfoil.kit.db import lock_row_suffix
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.platforms.queries import platform_facts

_PREFIX = {"bank_account": "ba", "card": "card"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where to pay out to, the token it came in, if any, and what was said about it."""

    destination: Destination
    token: Token | None = None
    make_default: bool = False
    metadata: dict[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        given = self.destination
        return fingerprint(given.country, given.number, given.details)


def read_source(account: Account, sent: ExternalAccountSource, *, now: int) -> Source:
    """What an `external_account` parameter stands for. A token is held until it is used.

    Raises InvalidRequest, and ResourceMissing for a token nobody made.
    """
    livemode, param = account.livemode, "external_account"
    if isinstance(sent, BankAccountHash):
        return Source(bank_destination(sent, livemode=livemode, now=now, param=param))
    if isinstance(sent, CardHash):
        card = card_destination(sent, livemode=livemode, now=now, param=param)
        metadata = {} if sent.metadata is UNSET else merge_metadata({}, sent.metadata)
        return Source(card, None, sent.default_for_currency is True, metadata)
    if sent == "":
        raise InvalidRequest(
            "Send a token or a bank account. To remove one, delete it under"
            f" /v1/accounts/{account.id}/external_accounts.",
            param=param,
            code="parameter_invalid_empty",
        )
    if not livemode and (magic := magic_destination(sent, now=now)):
        return Source(magic)
    token = _held_token(account, sent)
    number = unseal(token.sealed_number)
    if token.object == "card":
        check_debit_card(number, param=param)
    return Source(
        Destination(token.object, token.country, token.currency, number, details_of(token)), token
    )


def _held_token(account: Account, token_id: str) -> Token:
    # Made by the platform for its accounts, or on behalf of this very one.
    rows = Token.objects.raw(
        "SELECT * FROM accounts_token"  # noqa: S608 - the suffix is ours
        " WHERE id = %s AND platform_id = %s AND livemode = %s AND account_id IN (%s, %s)"
        + lock_row_suffix(),
        [token_id, account.platform_id, account.livemode, account.platform_id, account.id],
    )
    found = next(iter(rows), None)
    if found is None or found.object not in _PREFIX:
        raise ResourceMissing("token", token_id, param="external_account")
    if found.used_at is not None:
        raise InvalidRequest(
            f"You cannot use a token more than once: {token_id}. Make a new one.",
            param="external_account",
            code="token_already_used",
        )
    return found


def attach(account: Account, source: Source, *, now: int) -> ExternalAccount:
    """A new external account; the first of its currency is the default. Uses up the token.

    The caller holds the account's row.
    """
    given, token = source.destination, source.token
    same_currency = ExternalAccount.objects.filter(
        account_id=account.id, currency=given.currency, deleted_at=None
    )
    default = source.make_default or not same_currency.filter(default_for_currency=True).exists()
    if default:
        same_currency.update(default_for_currency=False)
    if token is not None:
        token.used_at = now
        token.save(force_update=True, update_fields=["used_at"])
    return ExternalAccount.objects.create(
        id=token.object_id if token else new_id(_PREFIX[given.object], now),
        account_id=account.id,
        platform_id=account.platform_id,
        livemode=account.livemode,
        created=now,
        object=given.object,
        country=given.country,
        currency=given.currency,
        last4=given.number[-4:],
        fingerprint=source.fingerprint,
        sealed_number=seal(given.number),
        status=given.status,
        held_until=_held_until(account, now=now),
        default_for_currency=default,
        details=msgspec.json.encode(given.details).decode(),
        metadata=msgspec.json.encode(source.metadata).decode(),
    )


def _held_until(account: Account, *, now: int) -> int | None:
    """Until when a place that is new today waits, since it may not be the seller who adds it."""
    replaced_at = read_profile(account.profile).settings.contact_replaced_at
    if replaced_at is None:
        return None
    hold = (
        platform_facts(
            account.platform_id, livemode=account.livemode
        ).settings.replaced_contact_hold_days
        * DAY
    )
    return now + hold if hold and now < replaced_at + hold else None


def same_as(account: Account, source: Source) -> ExternalAccount | None:
    """The external account that already stands for this number and currency, if any."""
    return ExternalAccount.objects.filter(
        account_id=account.id,
        fingerprint=source.fingerprint,
        currency=source.destination.currency,
        deleted_at=None,
    ).first()
