"""Which bank account a test top-up is taken from, and what that bank will answer."""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.accounts.destinations import magic_destination
from counterfoil.accounts.models import ExternalAccount, Token
from counterfoil.accounts.test_numbers import bank_account_outcome
from counterfoil.kit.calendar import add_business_days
from counterfoil.kit.clock import date_start, utc_date
from counterfoil.kit.crypt import unseal
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.topup_policy import PAID

DEBIT_DAYS = 5  # business days that a bank debit takes (reference money-movement §7)


@dataclass(frozen=True, slots=True)
class Bank:
    """A bank account as the simulated bank sees it: where it is, and how a debit ends."""

    country: str
    outcome: str  # `paid` or a failure code
    last4: str | None = None
    external_account_id: str | None = None

    def answers_on(self, now: int) -> int:
        """00:00 UTC of the day on which the money, or the refusal, comes."""
        return date_start(add_business_days(utc_date(now), DEBIT_DAYS, self.country))


def bank_of(source: str | None, *, scope: Scope, country: str, currency: str, now: int) -> Bank:
    """The bank account that `source` means; without one the owner's own.

    `country` is the platform's. Raises ResourceMissing, and InvalidRequest for a bank account
    that cannot be debited in this currency. A token is used up.
    """
    if source is not None:
        return _given(source, scope=scope, currency=currency, now=now)
    if scope.is_platform:
        return Bank(country, PAID)  # test mode's platform has a bank account that always pays
    own = sellers_bank(scope.account_id, currency)
    if own is None:
        raise InvalidRequest(
            f"The account {scope.account_id} has no bank account in {currency.upper()} that can"
            " be debited. Add one, or update the one that is errored.",
            param="currency",
            code="bank_account_unusable",
        )
    return own


def sellers_bank(account_id: str, currency: str) -> Bank | None:
    """The default bank account of a currency; cards and errored accounts are never debited."""
    found = ExternalAccount.objects.filter(
        account_id=account_id,
        currency=currency,
        object="bank_account",
        default_for_currency=True,
        deleted_at=None,
    ).first()
    return None if found is None or found.status == "errored" else _attached(found)


def _given(source: str, *, scope: Scope, currency: str, now: int) -> Bank:
    if magic := magic_destination(source, now=now):
        _check_bank(magic.object, magic.currency, currency)
        return Bank(magic.country, bank_account_outcome(magic.number), magic.number[-4:])
    attached = ExternalAccount.objects.filter(
        id=source, account_id=scope.account_id, livemode=scope.livemode, deleted_at=None
    ).first()
    if attached is not None:
        _check_bank(attached.object, attached.currency, currency)
        if attached.status == "errored":
            raise InvalidRequest(
                f"The bank account {source} is errored: update it first.",
                param="source",
                code="bank_account_unusable",
            )
        return _attached(attached)
    return _from_token(source, scope=scope, currency=currency, now=now)


def _from_token(source: str, *, scope: Scope, currency: str, now: int) -> Bank:
    token = (
        Token.objects.select_for_update()
        .filter(
            id=source,
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id__in=[scope.platform_id, scope.account_id],
        )
        .first()
    )
    if token is None:
        raise ResourceMissing("source", source, param="source")
    _check_bank(token.object, token.currency, currency)
    if token.used_at is not None:
        raise InvalidRequest(
            f"You cannot use a token more than once: {source}. Make a new one.",
            param="source",
            code="token_already_used",
        )
    token.used_at = now
    token.save(force_update=True, update_fields=["used_at"])
    number = unseal(token.sealed_number)
    return Bank(token.country, bank_account_outcome(number), number[-4:])


def _attached(external: ExternalAccount) -> Bank:
    number = unseal(external.sealed_number)
    return Bank(external.country, bank_account_outcome(number), external.last4, external.id)


def _check_bank(kind: str, its_currency: str, wanted: str) -> None:
    if kind != "bank_account":
        raise InvalidRequest(
            "Top-ups are taken from bank accounts, never from cards.",
            param="source",
            code="bank_account_unusable",
        )
    if its_currency != wanted:
        raise InvalidRequest(
            f"This bank account is in {its_currency.upper()}; it cannot be debited in"
            f" {wanted.upper()}.",
            param="currency",
        )
