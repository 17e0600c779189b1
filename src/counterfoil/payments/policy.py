"""Rules of payments as pure functions: what is refused, and in which words.

Checks stand in the order in which a developer wants to hear them. Sources: reference api.md
§4, money-movement §§1–2 and 9; texts that clients match stay as the reference gives them.
"""

from __future__ import annotations

import re
from typing import Final

from counterfoil.accounts.queries import PaymentAccount
from counterfoil.kit.currencies import (
    MAXIMUM_CARD_CHARGE,
    MAXIMUM_OF_BRAND,
    granularity,
    known_currencies,
    minimum_charge,
)
from counterfoil.kit.money import Money, percentage
from counterfoil.kit.refused import InvalidRequest
from counterfoil.platforms.settings import Tariff

LONGEST_GROUP: Final = 255
_DESCRIPTOR: Final = re.compile(r"""^(?=.*[A-Za-z])[^<>\\'"*]{1,22}$""")


def currency_of(text: str) -> str:
    """The code in lower case. Raises InvalidRequest for one that nobody is paid in."""
    currency = text.lower()
    if currency not in known_currencies():
        raise InvalidRequest(
            f"Invalid currency: {text}. Use a three-letter ISO 4217 code such as usd or eur.",
            param="currency",
        )
    return currency


def check_charge_amount(amount: int, currency: str) -> None:
    if amount <= 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            param="amount",
            code="parameter_invalid_integer",
        )
    least = minimum_charge(currency)
    if amount < least:
        raise InvalidRequest(
            f"Amount must be at least {Money(least, currency)}.",
            param="amount",
            code="amount_too_small",
        )
    if amount > MAXIMUM_CARD_CHARGE:
        raise InvalidRequest(
            f"Amount must be no more than {Money(MAXIMUM_CARD_CHARGE, currency)}.",
            param="amount",
            code="amount_too_large",
        )
    step = granularity(currency)
    if amount % step:
        raise InvalidRequest(
            f"Amounts in {currency.upper()} must be multiples of {step} minor units.",
            param="amount",
            code="invalid_charge_amount",
        )


def check_brand_takes(money: Money, *, brand: str) -> None:
    """Some cards take less than others. Raises InvalidRequest."""
    most = MAXIMUM_OF_BRAND.get(brand)
    if most is not None and money.amount > most:
        raise InvalidRequest(
            f"Amount must be no more than {Money(most, money.currency)} with this card.",
            param="amount",
            code="amount_too_large",
        )


def check_application_fee(
    fee: int | None, *, amount: int, is_platform: bool, destination: str | None, share: int | None
) -> None:
    """A fee needs a connected account on the other side, and is part of the charge."""
    if fee is None:
        return
    param = "application_fee_amount"
    if is_platform and destination is None:
        raise InvalidRequest(
            "Can only apply an application_fee_amount when the charge is made on a connected"
            " account: send the Stripe-Account header or transfer_data[destination].",
            param=param,
            code="application_fees_not_allowed",
        )
    if share is not None:
        raise InvalidRequest(
            "Send either application_fee_amount or transfer_data[amount], not both.",
            param=param,
            code="parameters_exclusive",
        )
    if fee <= 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            param=param,
            code="parameter_invalid_integer",
        )
    if fee > amount:
        raise InvalidRequest(
            "The application fee must be no more than the amount of the charge.",
            param=param,
            code="amount_too_large",
        )


def check_transfer_share(share: int | None, *, amount: int) -> None:
    if share is None:
        return
    param = "transfer_data[amount]"
    if share <= 0:
        raise InvalidRequest(
            "This value must be greater than or equal to 1.",
            param=param,
            code="parameter_invalid_integer",
        )
    if share > amount:
        raise InvalidRequest(
            "transfer_data[amount] must be no more than the amount of the charge.",
            param=param,
            code="amount_too_large",
        )


def check_can_charge(account: PaymentAccount, *, param: str | None) -> None:
    """Whether card payments may be made on, or on behalf of, a connected account."""
    if account.card_payments != "active" or not account.charges_enabled:
        raise InvalidRequest(
            f"The account {account.id} cannot accept card payments: its card_payments capability"
            f" is {account.card_payments}. Request it and complete the account's requirements.",
            param=param,
            code="capability_not_active",
        )


def check_can_receive(account: PaymentAccount, *, param: str) -> None:
    """Whether transfers may reach a connected account."""
    if account.transfers != "active":
        raise InvalidRequest(
            f"The account {account.id} cannot receive transfers: its transfers capability is"
            f" {account.transfers}. Request it and complete the account's requirements.",
            param=param,
            code="capability_not_active",
        )


def check_descriptor(text: str | None, *, param: str) -> None:
    """What may stand on a cardholder's statement."""
    if text and not _DESCRIPTOR.match(text):
        raise InvalidRequest(
            "A statement descriptor has at most 22 characters, at least one letter, and none of"
            " < > \\ ' \" *.",
            param=param,
        )


def check_transfer_group(text: str | None) -> None:
    if text is not None and len(text) > LONGEST_GROUP:
        raise InvalidRequest(
            f"A transfer_group has at most {LONGEST_GROUP} characters; this one has {len(text)}.",
            param="transfer_group",
        )


def source_exhausted(source: Money, *, moved: int, count: int) -> str:
    """Why no more can be transferred out of a charge, in the words that clients look for."""
    said = (
        "Transfers using this transaction as a source must not exceed the source amount of"
        f" {source}."
    )
    if not count:
        return said
    what = "is already a transfer" if count == 1 else f"are already {count} transfers"
    return (
        f"{said} (There {what} using this source, amounting to {Money(moved, source.currency)}.)"
        " What was reversed counts as well: leave source_transaction out to transfer it again, out"
        " of the available balance."
    )


def processing_fee(amount: int, *, tariff: Tariff, card_country: str, country: str) -> int:
    """What the processor takes, half-up per part (reference money-movement §1), in minor units.

    The classic US tariff of 2.9 % + 30: 777 → 53, 1000 → 59, 2000 → 88, 5000 → 175.
    """
    points = tariff.basis_points
    if card_country != country:
        points += tariff.international_basis_points
    return percentage(amount, points) + tariff.fixed
