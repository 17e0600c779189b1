"""Reads of connected accounts and of the places their money goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from counterfoil.accounts.countries import own_delay_days
from counterfoil.accounts.models import Account, ExternalAccount, Token
from counterfoil.kit.db import fetch_all, keep_row_suffix, lock_row_suffix, placeholders
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.refused import ResourceMissing

NEWEST: Final = 10  # external accounts that an account object shows
_CREATED: Final = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "eq": "="}


@dataclass(frozen=True, slots=True)
class PaymentAccount:
    """What a payment needs to know about a connected account."""

    id: str
    country: str
    default_currency: str
    card_payments: str  # unrequested | inactive | pending | active
    transfers: str
    charges_enabled: bool
    fees_payer: str  # account | application | application_custom | application_express
    losses_payments: str  # stripe | application
    delay_days: int  # in the country's unit: `countries.counts_business_days`
    timezone: str  # IANA
    display_name: str | None
    dashboard_type: str  # full | express | none
    statement_descriptor: str | None  # what stands on its customers' statements


_PAYMENT_ACCOUNTS = """
SELECT id, country, default_currency, card_payments, transfers, charges_enabled, fees_payer,
       losses_payments, delay_days, timezone, display_name, dashboard_type, statement_descriptor
FROM accounts_account
WHERE id IN ({ids}) AND platform_id = %s AND livemode = %s AND deleted_at IS NULL
"""


def payment_accounts(
    platform_id: str, livemode: bool, ids: Sequence[str], *, keep: bool = False
) -> dict[str, PaymentAccount]:
    """The platform's accounts among `ids`, by id, in one round trip; others are absent.

    With `keep` their time zones stay as they are until the transaction ends: whoever posts to
    the books does so by this calendar (`hold_calendar` is who waits).
    """
    if not ids:
        return {}
    sql = _PAYMENT_ACCOUNTS.format(ids=placeholders(ids)) + (keep_row_suffix() if keep else "")
    found = {}
    for row in fetch_all(sql, [*ids, platform_id, livemode]):
        ident, country, currency, cards, transfers, charges, payer, losses, delay, *rest = row
        found[ident] = PaymentAccount(
            ident,
            country,
            currency,
            cards,
            transfers,
            bool(charges),
            payer,
            losses,
            own_delay_days(country) if delay is None else delay,
            *rest,
        )
    return found


def kept_terms(account_id: str) -> tuple[str, str]:
    """An account's time zone, kept as by `payment_accounts`, and who pays its fees.

    Of a closed account too.
    """
    ((zone, payer),) = fetch_all(
        "SELECT timezone, fees_payer FROM accounts_account WHERE id = %s" + keep_row_suffix(),
        [account_id],
    )
    return zone, payer


def default_currency_of(account_id: str) -> str:
    """What an account is paid in unless something else is said. Of a closed account too."""
    ((currency,),) = fetch_all(
        "SELECT default_currency FROM accounts_account WHERE id = %s", [account_id]
    )
    return str(currency)


def hold_calendar(account_id: str) -> None:
    """Wait until nobody posts to an account by its present time zone, and let nobody begin.

    The caller holds the account's row as `account_by_id` does, and is about to change the zone.
    """
    fetch_all(
        "SELECT 1 FROM accounts_account WHERE id = %s" + lock_row_suffix(),
        [account_id],
    )


def bearers_of_losses(ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Who bears an account's losses (`application` or `stripe`) and its country, by its id.

    Accounts that were deleted are among them: what they owe outlives them.
    """
    if not ids:
        return {}
    rows = fetch_all(
        "SELECT id, losses_payments, country FROM accounts_account"
        f" WHERE id IN ({placeholders(ids)})",
        [*ids],
    )
    return {ident: (bearer, country) for ident, bearer, country in rows}


def external_currencies(account_id: str) -> set[str]:
    """The currencies for which an account has a bank account or card."""
    rows = fetch_all(
        "SELECT DISTINCT currency FROM accounts_externalaccount"
        " WHERE account_id = %s AND deleted_at IS NULL",
        [account_id],
    )
    return {currency for (currency,) in rows}


def account_by_id(
    platform_id: str, livemode: bool, account_id: str, *, lock: bool = False, param: str = "account"
) -> Account:
    """The platform's account; with `lock`, held until the transaction ends.

    Who holds it keeps others from changing it, not payments from being posted to it.
    Raises ResourceMissing for an id that is not one of this platform's in this mode.
    """
    accounts = Account.objects.select_for_update(no_key=True) if lock else Account.objects.all()
    found = accounts.filter(
        id=account_id, platform_id=platform_id, livemode=livemode, deleted_at=None
    ).first()
    if found is None:
        raise ResourceMissing("account", account_id, param=param)
    return found


def list_accounts(
    platform_id: str, livemode: bool, page: PageRequest, *, created: Mapping[str, int] | None = None
) -> Page[Account]:
    """The platform's accounts, newest first.

    `created` bounds the moment of creation (UTC seconds) by gt, gte, lt, lte and eq.
    """
    condition, params, tail = keyset(page)
    bounds = "".join(f" AND created {_CREATED[name]} %s" for name in created or {})
    rows = Account.objects.raw(
        "SELECT * FROM accounts_account"
        " WHERE platform_id = %s AND livemode = %s AND deleted_at IS NULL"
        f"{bounds}{condition} {tail}",
        [platform_id, livemode, *(created or {}).values(), *params],
    )
    return cut(list(rows), page)


_NEWEST_EXTERNALS = """
SELECT * FROM (
    SELECT e.*, ROW_NUMBER() OVER (
        PARTITION BY account_id ORDER BY created DESC, id DESC
    ) AS place
    FROM accounts_externalaccount e
    WHERE account_id IN ({ids}) AND deleted_at IS NULL
) newest
WHERE place <= %s ORDER BY created DESC, id DESC
"""


def newest_external_accounts(account_ids: Sequence[str]) -> dict[str, list[ExternalAccount]]:
    """Of each account the newest external accounts, one more than an account object shows."""
    found: dict[str, list[ExternalAccount]] = {ident: [] for ident in account_ids}
    if account_ids:
        sql = _NEWEST_EXTERNALS.format(ids=placeholders(account_ids))
        for external in ExternalAccount.objects.raw(sql, [*account_ids, NEWEST + 1]):
            found[external.account_id].append(external)
    return found


def external_account_by_id(account_id: str, external_id: str) -> ExternalAccount:
    """A bank account or card of this account. Raises ResourceMissing."""
    found = ExternalAccount.objects.filter(
        id=external_id, account_id=account_id, deleted_at=None
    ).first()
    if found is None:
        raise ResourceMissing("external account", external_id, param="id")
    return found


def list_external_accounts(
    account_id: str, page: PageRequest, *, object_: str | None = None
) -> Page[ExternalAccount]:
    """Where this account's money can go, newest first; `object_` is bank_account or card."""
    condition, params, tail = keyset(page)
    kind = "" if object_ is None else " AND object = %s"
    rows = ExternalAccount.objects.raw(
        "SELECT * FROM accounts_externalaccount"
        f" WHERE account_id = %s AND deleted_at IS NULL{kind}{condition} {tail}",
        [account_id, *([] if object_ is None else [object_]), *params],
    )
    return cut(list(rows), page)


def token_by_id(platform_id: str, livemode: bool, token_id: str) -> Token:
    """A token of the platform or one of its accounts. Raises ResourceMissing."""
    found = Token.objects.filter(id=token_id, platform_id=platform_id, livemode=livemode).first()
    if found is None:
        raise ResourceMissing("token", token_id, param="token")
    return found
