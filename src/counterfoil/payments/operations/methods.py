"""Cards presented for payment: magic ids, tokens and test numbers become payment methods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterfoil.accounts.operations import use_card_token
from counterfoil.kit.clock import utc_date
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import lock_row_suffix
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import Declined, InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.payments.details import Address, BillingDetails, CardFacts, text_of
from counterfoil.payments.params import BillingParams, CardParams, MethodData
from counterfoil.payments.rows import PaymentMethodRow, find
from counterfoil.rails.simulator.cards import (
    TestCard,
    card_of_number,
    card_of_payment_method,
    card_of_token,
    is_card_number,
)

_YEARS_VALID: Final = 1  # test cards expire in the next year of the platform's clock


@dataclass(frozen=True, slots=True)
class Presented:
    """A payment method, and whether it still has to be written."""

    row: PaymentMethodRow
    is_new: bool


def refuse_live_cards(scope: Scope) -> None:
    """Live mode takes no card data: money comes in as top-ups (design §2)."""
    if scope.livemode:
        raise InvalidRequest(
            "Charges can only be made in test mode. In live mode no card data is accepted:"
            " money comes in as top-ups and reaches sellers by transfers.",
            code="testmode_charges_only",
        )


def presented_method(
    ident: str, scope: Scope, *, now: int, param: str = "payment_method", locked: bool = False
) -> Presented:
    """A `pm_…` of the account, or a fresh one from a magic value.

    `locked` holds it until the transaction ends. Raises ResourceMissing for an unknown id.
    """
    card = card_of_payment_method(ident)
    if card is not None:
        return Presented(_new_method(card, scope, now=now), is_new=True)
    row = find(PaymentMethodRow, ident, scope, suffix=lock_row_suffix() if locked else "")
    if row is None:
        raise ResourceMissing("PaymentMethod", ident, param=param)
    return Presented(row, is_new=False)


def presented_token(ident: str, scope: Scope, *, now: int, param: str = "source") -> Presented:
    """A card from a `tok_…`, magic or made, which is used up then.

    Raises ResourceMissing for an unknown token, InvalidRequest for one that was used.
    """
    card = card_of_token(ident)
    if card is not None:
        row = _new_method(card, scope, now=now, prefix="card")
    else:
        row = _from_token(ident, scope, now=now, param=param, keeps_id=True)
    return Presented(row, is_new=True)


def presented_data(
    data: MethodData, scope: Scope, *, now: int, at: str = "payment_method_data"
) -> Presented:
    """A payment method from a token or a test card number, sent in the parameter `at`."""
    card_param = f"{at}[card]" if at else "card"
    given = data.card
    if given.token is not None:
        card = card_of_token(given.token)
        param = f"{card_param}[token]"
        row = (
            _from_token(given.token, scope, now=now, param=param)
            if card is None
            else _new_method(card, scope, now=now)
        )
    else:
        row = _from_number(given, scope, now=now, at=card_param)
    if given.token is None or data.billing_details is not None:
        row.billing_details = text_of(_billing(data.billing_details))
    row.metadata = text_of(merge_metadata({}, data.metadata))
    return Presented(row, is_new=True)


def _from_token(
    ident: str, scope: Scope, *, now: int, param: str, keeps_id: bool = False
) -> PaymentMethodRow:
    """`keeps_id`: it is called what the token called the card."""
    used = use_card_token(scope=scope, token_id=ident, now=now, param=param)
    said = used.details
    cvc = None if said.cvc_check is None else "000"  # it was given; its digits are not kept
    card = CardParams(None, used.number, said.exp_month, said.exp_year, cvc)
    row = _from_number(card, scope, now=now, at=param)
    if keeps_id:
        row.id = used.id
    address = Address(
        city=said.address_city,
        country=said.address_country,
        line1=said.address_line1,
        line2=said.address_line2,
        postal_code=said.address_zip,
        state=said.address_state,
    )
    row.billing_details = text_of(BillingDetails(address=address, name=said.name))
    return row


def _from_number(given: CardParams, scope: Scope, *, now: int, at: str) -> PaymentMethodRow:
    for name in ("number", "exp_month", "exp_year"):
        if getattr(given, name) is None:
            raise InvalidRequest(
                f"Missing required param: {at}[{name}].",
                param=f"{at}[{name}]",
                code="parameter_missing",
            )
    number = (given.number or "").replace(" ", "").replace("-", "")
    if not is_card_number(number):
        raise Declined(
            "Your card number is incorrect.", code="incorrect_number", param=f"{at}[number]"
        )
    month, year = given.exp_month or 0, given.exp_year or 0
    _check_expiry(month, year, given.cvc, now=now, at=at)
    card = card_of_number(number)
    if card is None:
        raise Declined(
            "Your card was declined. Only published test card numbers work in test mode.",
            code="card_declined",
            decline_code="test_mode_live_card",
            param=f"{at}[number]",
        )
    if card.scenario == "incorrect_cvc" and given.cvc is None:
        # This card fails on its security code, so without one there is nothing to fail on.
        card = TestCard(card.number, card.brand, card.country, card.funding)
    row = _new_method(card, scope, now=now)
    facts = _facts(card, month=month, year=_full_year(year, now=now))
    row.card = text_of(facts)
    return row


def _check_expiry(month: int, year: int, cvc: str | None, *, now: int, at: str) -> None:
    today = utc_date(now)
    if not 1 <= month <= 12:
        raise Declined(
            "Your card's expiration month is invalid.",
            code="invalid_expiry_month",
            param=f"{at}[exp_month]",
        )
    full = _full_year(year, now=now)
    if full > today.year + 50 or (full, month) < (today.year, today.month):
        raise Declined(
            "Your card's expiration year is invalid.",
            code="invalid_expiry_year",
            param=f"{at}[exp_year]",
        )
    if cvc is not None and not (cvc.isascii() and cvc.isdigit() and 3 <= len(cvc) <= 4):
        raise Declined(
            "Your card's security code is invalid.", code="invalid_cvc", param=f"{at}[cvc]"
        )


def _full_year(year: int, *, now: int) -> int:
    return year if year >= 100 else utc_date(now).year // 100 * 100 + year


def _new_method(card: TestCard, scope: Scope, *, now: int, prefix: str = "pm") -> PaymentMethodRow:
    year = utc_date(now).year + _YEARS_VALID
    return PaymentMethodRow(
        id=new_id(prefix, now),
        platform_id=scope.platform_id,
        livemode=scope.livemode,
        account_id=scope.account_id,
        created=now,
        scenario=card.scenario,
        card=text_of(_facts(card, month=12, year=year)),
        billing_details=text_of(BillingDetails()),
    )


def _facts(card: TestCard, *, month: int, year: int) -> CardFacts:
    return CardFacts(
        brand=card.brand,
        last4=card.last4,
        exp_month=month,
        exp_year=year,
        country=card.country,
        funding=card.funding,
        fingerprint=keyed_hash("card", card.number)[:16],
    )


def _billing(given: BillingParams | None) -> BillingDetails:
    if given is None:
        return BillingDetails()
    return BillingDetails(
        address=given.address or Address(),
        email=given.email,
        name=given.name,
        phone=given.phone,
    )
