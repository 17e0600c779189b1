"""Rules of payouts as pure functions (reference money-movement §6).

Amounts are minor units. The checks stand in the order in which a person wants to hear them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterfoil.kit.clock import utc_date
from counterfoil.kit.currencies import THREE_DECIMAL, known_currencies
from counterfoil.kit.money import Money, half_up, percentage
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest

LARGEST: Final = 999_999_999_999

# The smallest payout (reference §6.4); one minor unit where nothing is published.
_MINIMUM: Final = {
    **dict.fromkeys("gbp eur sgd".split(), 100),
    "chf": 500,
    **dict.fromkeys("sek nok dkk".split(), 2000),
    "pln": 500,
    "czk": 3000,
    "huf": 36_000,
    "mxn": 1000,
    "myr": 500,
    "aed": 200,
}
# The smallest and the largest instant payout (reference §6.4).
INSTANT_LIMITS: Final = {
    "usd": (50, 999_900),
    "cad": (60, 999_900),
    **dict.fromkeys("sgd aud nzd".split(), (50, 999_900)),
    **dict.fromkeys("gbp eur".split(), (40, 999_900)),
    **dict.fromkeys("nok dkk sek".split(), (500, 999_900)),
    **dict.fromkeys("pln ron myr aed".split(), (200, 999_900)),
    "czk": (1000, 9_999_900),
    "huf": (20_000, 99_999_900),
}
_WHOLE_UNITS: Final = frozenset({"huf", "isk", "twd", "ugx"})
REVERSIBLE: Final = frozenset({"CA", "US"})  # whose bank accounts may be debited again

FAILURES: Final = {
    "account_closed": "The bank account has been closed.",
    "account_frozen": "The bank account has been frozen.",
    "bank_account_restricted": "The bank account does not take payouts of this kind.",
    "bank_ownership_changed": "The bank account has moved to another bank.",
    "could_not_process": "The bank could not process this payout.",
    "debit_not_authorized": "The bank account does not allow debits.",
    "declined": "The bank declined this payout.",
    "exceeds_count_limit": "The card has received as many payouts as it may.",
    "incorrect_account_holder_address": "The address on file is not that of the account holder.",
    "incorrect_account_holder_details": "The details on file are not those of the account holder.",
    "incorrect_account_holder_name": "The name on file is not that of the account holder.",
    "incorrect_account_holder_tax_id": "The tax id on file is not that of the account holder.",
    "incorrect_account_type": "The bank account is of another type than the one on file.",
    "insufficient_funds": "The bank account lacks the money for this debit.",
    "invalid_account_number": "The account number is not valid.",
    "invalid_account_number_length": "The account number has the wrong number of digits.",
    "invalid_card": "The card is not valid.",
    "invalid_currency": "The bank account does not take this currency.",
    "issuer_unavailable": "The card's bank could not be reached.",
    "no_account": "The bank account could not be found.",
    "unsupported_card": "The card does not take payouts.",
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a payout would go, as far as the rules care."""

    id: str
    object: str  # bank_account | card
    country: str
    currency: str
    status: str
    instant: bool
    held_until: int | None = None  # platform clock


def minimum_payout(currency: str) -> int:
    return _MINIMUM.get(currency, 1)


def granularity(currency: str) -> int:
    """What a payout must be a multiple of: banks know no fractions of some currencies."""
    if currency in _WHOLE_UNITS:
        return 100
    return 10 if currency in THREE_DECIMAL else 1


def left_behind(available: int, *, currency: str, minimum_balance: int) -> int:
    """How much of what is available an automatic payout leaves: the balance to keep, and what a
    bank cannot pay. Everything, when the payout would be below the smallest one."""
    payable = available - minimum_balance
    payable -= payable % granularity(currency)
    return available - payable if payable >= minimum_payout(currency) else available


def currency_of(given: str) -> str:
    """Lower case, whatever the client sent. Raises InvalidRequest for what is no currency."""
    currency = given.lower()
    if currency not in known_currencies():
        raise InvalidRequest(
            f"Invalid currency: {given}. Send a three-letter ISO code, such as usd.",
            param="currency",
        )
    return currency


def check_allowed(*, enabled: bool, paused: str | None, disabled_reason: str | None) -> None:
    """Raise InvalidRequest while an account's payouts are held back."""
    if paused is not None:
        raise InvalidRequest(
            f"Payouts of this account are paused by the platform: {paused}. They can be resumed"
            " under /v1/counterfoil/payout_pauses.",
            code="payouts_not_allowed",
        )
    if not enabled:
        why = f" ({disabled_reason})" if disabled_reason else ""
        raise InvalidRequest(
            f"Payouts are not enabled on this account{why}. Look at its `requirements`.",
            code="payouts_not_allowed",
        )


def check_target(target: Target | None, *, currency: str) -> Target:
    """The destination, if one can pay there. Raises InvalidRequest."""
    if target is None:
        raise InvalidRequest(
            f"Sorry, you don't have any external accounts in that currency ({currency}). Add one"
            " under /v1/accounts/{id}/external_accounts.",
            param="currency",
        )
    if target.currency != currency:
        raise InvalidRequest(
            f"{target.id} takes {target.currency}, not {currency}.",
            param="destination",
            code="balance_invalid_parameter",
        )
    if target.status == "errored":
        raise InvalidRequest(
            f"An earlier payout to {target.id} failed: nothing is sent there until it is updated."
            " Correct it, or confirm it with an update that changes nothing.",
            param="destination",
            code="bank_account_unusable",
        )
    return target


def is_held(target: Target, *, now: int) -> bool:
    """Whether nothing is paid out there yet; `now` is the platform's clock, UTC seconds."""
    return target.held_until is not None and now < target.held_until


def check_not_held(target: Target, *, now: int) -> None:
    """Raise InvalidRequest while the destination waits for its first payout."""
    if is_held(target, now=now):
        day = utc_date(target.held_until or 0).isoformat()
        raise InvalidRequest(
            f"{target.id} receives its first payout after {day}: it was added soon after the"
            " account's phone number had been replaced. Until then, name another one.",
            param="destination",
            code="bank_account_held",
        )


def check_amount(amount: int, *, currency: str) -> None:
    """Raise InvalidRequest for an amount that no bank would move."""
    if amount <= 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            param="amount",
            code="parameter_invalid_integer",
        )
    if amount > LARGEST:
        raise InvalidRequest(
            f"Amount must be no more than {LARGEST} minor units.",
            param="amount",
            code="amount_too_large",
        )
    least, step = minimum_payout(currency), granularity(currency)
    if amount < least:
        raise InvalidRequest(
            f"The smallest payout is {Money(least, currency)}.",
            param="amount",
            code="amount_too_small",
        )
    if amount % step:
        raise InvalidRequest(
            f"Payouts in {currency} must be multiples of {step}.",
            param="amount",
            code="invalid_charge_amount",
        )


def check_instant(target: Target, amount: int, *, platform_currency: str) -> None:
    """Raise InvalidRequest unless an instant payout can go there (reference §6)."""
    currency = target.currency
    if currency not in INSTANT_LIMITS or currency != platform_currency:
        raise InvalidRequest(
            f"Instant payouts in {currency} are not possible on this platform. Send"
            " method=standard.",
            param="currency",
            code="instant_payouts_currency_disabled",
        )
    if not target.instant:
        raise InvalidRequest(
            f"{target.id} does not take instant payouts: look at its `available_payout_methods`."
            " Send method=standard.",
            param="method",
            code="instant_payouts_unsupported",
        )
    least, most = INSTANT_LIMITS[currency]
    if amount < least:
        raise InvalidRequest(
            f"The smallest instant payout is {Money(least, currency)}.",
            param="amount",
            code="amount_too_small",
        )
    if amount > most:
        raise InvalidRequest(
            f"The largest instant payout is {Money(most, currency)}.",
            param="amount",
            code="instant_payouts_limit_exceeded",
        )


def takes_instant(target: Target, *, platform_currency: str, now: int) -> bool:
    """Whether instant payouts of some amount can go there."""
    return (
        target.instant
        and not is_held(target, now=now)
        and target.status != "errored"
        and target.currency in INSTANT_LIMITS
        and target.currency == platform_currency
    )


def check_daily_limit(amount: int, *, used: int, limit: int | None, currency: str) -> None:
    """Raise InvalidRequest beyond what a platform may send instantly in one day."""
    if limit is not None and used + amount > limit:
        raise InvalidRequest(
            f"The platform's instant payouts of today would come to"
            f" {Money(used + amount, currency)}, and {Money(limit, currency)} is its limit. It"
            " starts again at midnight, US Central time.",
            param="amount",
            code="instant_payouts_limit_exceeded",
        )


def check_funds(needed: int, *, available: int, currency: str) -> None:
    """Raise BalanceInsufficient when a payout takes more than there is."""
    if available < 0:
        raise BalanceInsufficient(
            f"The balance is {Money(available, currency)}: nothing can be paid out until it is"
            " positive again.",
            param="amount",
        )
    if needed > available:
        raise BalanceInsufficient(
            f"You have insufficient funds in your account for this transfer:"
            f" {Money(available, currency)} is available and {Money(needed, currency)} is needed."
            " In test mode, use the card 4000000000000077 (pm_card_bypassPending) to add funds"
            " that are available at once.",
            param="amount",
        )


def check_owes_nothing(balance: int, *, currency: str) -> None:
    """Raise BalanceInsufficient while an account owes more than it has, pending money included.

    `balance` is all of it. What is available pays for that first (reference §8): paid out, it
    would be the platform's loss.
    """
    if balance < 0:
        raise BalanceInsufficient(
            f"The balance is {Money(balance, currency)} with what is pending: nothing can be paid"
            " out until it is positive again.",
            param="amount",
        )


def instant_fee(amount: int, basis_points: int) -> int:
    """The fee on top of an instant payout of `amount`: a percentage of both together.

    490 with 2 % is a fee of 10 on a debit of 500 (reference §6).
    """
    return half_up(amount * basis_points, 10_000 - basis_points)


def largest_instant(available: int, basis_points: int) -> int:
    """The largest payout that, with its fee, takes no more than what is available."""
    amount = available - percentage(available, basis_points)
    while amount > 0 and amount + instant_fee(amount, basis_points) > available:
        amount -= 1
    return max(amount, 0)
