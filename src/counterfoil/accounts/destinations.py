"""Bank accounts and debit cards as they come in: are the numbers well formed and usable?

Test mode, where a number decides what happens to a payout:

- in the US, Canada, Australia and Britain only the published test numbers are taken, as the
  field does: a real account number in test mode is a mistake worth hearing about;
- elsewhere any IBAN with a good checksum and any well-formed number is taken too, since the
  published tables leave countries out; payouts to those succeed;
- cards are the published debit cards.

Live mode takes no cards, and every well-formed bank account.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum import luhn
from stdnum.us import rtn

from counterfoil.accounts import test_numbers
from counterfoil.accounts.countries import country_of
from counterfoil.accounts.params import BankAccountParams, CardParams
from counterfoil.accounts.values import check_currency, check_values
from counterfoil.kit.calendar import EURO_COUNTRIES
from counterfoil.kit.clock import utc_date
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.refused import Declined, InvalidRequest
from counterfoil.rails.simulator.cards import BRAND_NAMES, card_of_number


class BankDetails(msgspec.Struct):
    """What a bank account shows besides its columns."""

    account_holder_name: str | None = None
    account_holder_type: str | None = None
    account_type: str | None = None
    bank_name: str | None = None
    routing_number: str | None = None
    instant: bool = False


class CardDetails(msgspec.Struct):
    """What a debit card shows besides its columns."""

    brand: str
    exp_month: int
    exp_year: int
    funding: str = "debit"
    name: str | None = None
    address_city: str | None = None
    address_country: str | None = None
    address_line1: str | None = None
    address_line2: str | None = None
    address_state: str | None = None
    address_zip: str | None = None
    cvc_check: str | None = None
    instant: bool = True


@dataclass(frozen=True, slots=True)
class Destination:
    """Somewhere to pay out to, not yet anybody's."""

    object: str  # bank_account | card
    country: str
    currency: str
    number: str
    details: BankDetails | CardDetails
    status: str = "new"


def fingerprint(country: str, number: str, details: BankDetails | CardDetails) -> str:
    """Sixteen letters by which the same account or card is known again, and nothing is read."""
    routing = details.routing_number if isinstance(details, BankDetails) else None
    return keyed_hash("external-account", f"{country}:{routing or ''}:{number}")[:16]


_LOCAL: Final = {
    # Country: shape of the routing number, shape of the account number, how to write them.
    "US": (r"\d{9}", r"\d{4,17}", "nine digits of routing number"),
    "CA": (r"\d{8}", r"\d{7,12}", "five digits of transit and three of institution"),
    "AU": (r"\d{6}", r"\d{5,9}", "six digits of BSB"),
    "GB": (r"\d{6}", r"\d{8}", "six digits of sort code"),
}
_TEST_NUMBERS_ONLY: Final = frozenset(_LOCAL)
_INSTANT: Final = frozenset({"US", "GB", "CA", "AU", "NO", "SG", "NZ", "MY"}) | EURO_COUNTRIES
_TRY: Final = {
    "US": "000123456789 with routing number 110000000",
    "CA": "000123456789 with routing number 11000-000",
    "AU": "000123456 with routing number 110000",
    "GB": "00012345 with sort code 108800",
}


def bank_destination(
    params: BankAccountParams, *, livemode: bool, now: int, param: str
) -> Destination:
    """A bank account by its numbers. `param` is the hash's own name, for refusals.

    Raises InvalidRequest for numbers that are malformed or, in test mode, not for testing.
    """
    country = params.country
    check_values(params, country=country, livemode=livemode, now=now, path=(param,))
    number = re.sub(r"[\s-]", "", params.account_number).upper()
    routing = None if not params.routing_number else re.sub(r"[\s-]", "", params.routing_number)
    if re.match(r"[A-Z]{2}\d{2}", number):
        _check_iban(number, country, livemode, param)
        routing = None
    else:
        _check_local(number, routing, country, param)
        known = country not in _TEST_NUMBERS_ONLY or test_numbers.is_test_account(number)
        if not (livemode or known):
            raise InvalidRequest(
                f"Test mode takes test bank account numbers only. Try {_TRY[country]}.",
                param=f"{param}[account_number]",
                code="bank_account_unusable",
            )
    details = BankDetails(
        account_holder_name=_given(params.account_holder_name),
        account_holder_type=_given(params.account_holder_type),
        account_type=_given(params.account_type),
        bank_name=_bank_name(number, livemode),
        routing_number=routing,
        instant=country in _INSTANT and not test_numbers.is_never_instant(number),
    )
    currency = _currency(params.currency, country, param)
    return Destination("bank_account", country, currency, number, details)


def card_destination(params: CardParams, *, livemode: bool, now: int, param: str) -> Destination:
    """A debit card by its number. `param` is the hash's own name, for refusals.

    Raises InvalidRequest in live mode, for what a card never looks like, and for a card that is
    not a debit card.
    """
    if livemode:
        raise InvalidRequest(
            "Live mode takes no card data. Add a bank account instead.", param=f"{param}[number]"
        )
    check_values(params, country="US", livemode=livemode, now=now, path=(param,))
    number = _card_number(params.number, param)
    card = check_debit_card(number, param=f"{param}[number]")
    facts = _CardFacts(card.brand, instant=card.instant)
    return _card(params, number, facts, now=now, param=param)


def token_card(params: CardParams, *, livemode: bool, now: int, param: str) -> Destination:
    """Any test card by its number, to pay with or, where it is a debit card, to pay out to.

    Raises InvalidRequest as `card_destination` does, but for the kind of card.
    """
    if livemode:
        raise InvalidRequest(
            "Live mode takes no card data. Send a bank account instead.", param=f"{param}[number]"
        )
    check_values(params, country="US", livemode=livemode, now=now, path=(param,))
    number = _card_number(params.number, param)
    known, debit = card_of_number(number), test_numbers.debit_card(number)
    if debit is not None:
        facts = _CardFacts(debit.brand, instant=debit.instant)
    elif known is not None:
        facts = _CardFacts(BRAND_NAMES[known.brand], known.country, known.funding)
    else:
        raise Declined(
            "Your card was declined. Only published test card numbers work in test mode.",
            code="card_declined",
            decline_code="test_mode_live_card",
            param=f"{param}[number]",
        )
    return _card(params, number, facts, now=now, param=param)


@dataclass(frozen=True, slots=True)
class _CardFacts:
    """What a number says of its card."""

    brand: str
    country: str = "US"
    funding: str = "debit"
    instant: bool = False


def check_debit_card(number: str, *, param: str) -> test_numbers.DebitCard:
    """The debit card of this number. Raises InvalidRequest for one that nothing is paid out to."""
    card = test_numbers.debit_card(number)
    if card is None:
        raise InvalidRequest(
            "This card cannot receive payouts: only debit cards can. Try the test card"
            " 4000056655665556.",
            param=param,
            code="invalid_card_type",
        )
    return card


def _card_number(given: str, param: str) -> str:
    number = re.sub(r"[\s-]", "", given)
    if not luhn.is_valid(number):
        raise InvalidRequest(
            "Your card number is incorrect.", param=f"{param}[number]", code="incorrect_number"
        )
    return number


def _card(
    params: CardParams, number: str, facts: _CardFacts, *, now: int, param: str
) -> Destination:
    cvc = _given(params.cvc)
    if cvc is not None and not re.fullmatch(r"\d{3,4}", cvc):
        raise InvalidRequest(
            "Your card's security code is invalid.", param=f"{param}[cvc]", code="invalid_cvc"
        )
    details = CardDetails(
        brand=facts.brand,
        funding=facts.funding,
        exp_month=params.exp_month,
        exp_year=full_year(params.exp_year),
        name=_given(params.name),
        address_city=_given(params.address_city),
        address_country=_given(params.address_country),
        address_line1=_given(params.address_line1),
        address_line2=_given(params.address_line2),
        address_state=_given(params.address_state),
        address_zip=_given(params.address_zip),
        cvc_check=None if cvc is None else "pass",
        instant=facts.instant,
    )
    check_expiry(details, now=now, param=param)
    currency = (
        "usd" if not params.currency else check_currency(params.currency, f"{param}[currency]")
    )
    return Destination("card", facts.country, currency, number, details)


def magic_destination(token: str, *, now: int) -> Destination | None:
    """What one of test mode's own tokens stands for; None for any other text."""
    if token in test_numbers.BANK_TOKENS:
        number = test_numbers.BANK_TOKENS[token]
        details = BankDetails(
            bank_name=test_numbers.BANK_NAME, routing_number="110000000", instant=True
        )
        return Destination("bank_account", "US", "usd", number, details, status="verified")
    if token in test_numbers.CARD_TOKENS:
        card = test_numbers.debit_card(test_numbers.CARD_TOKENS[token])
        assert card is not None
        facts = CardDetails(card.brand, 12, utc_date(now).year + 2, instant=card.instant)
        return Destination("card", "US", "usd", card.number, facts)
    return None


def full_year(year: int) -> int:
    """`30` means 2030."""
    return 2000 + year if 0 <= year < 100 else year


def check_expiry(card: CardDetails, *, now: int, param: str = "") -> None:
    """Raise InvalidRequest for a month or a year in which a card cannot expire."""

    def name(last: str) -> str:
        return f"{param}[{last}]" if param else last

    today = utc_date(now)
    if not 1 <= card.exp_month <= 12:
        raise InvalidRequest(
            "Your card's expiration month is invalid.",
            param=name("exp_month"),
            code="invalid_expiry_month",
        )
    if not today.year <= card.exp_year <= today.year + 50:
        raise InvalidRequest(
            "Your card's expiration year is invalid.",
            param=name("exp_year"),
            code="invalid_expiry_year",
        )
    if card.exp_year == today.year and card.exp_month < today.month:
        raise InvalidRequest(
            "Your card's expiration month is invalid: it has passed.",
            param=name("exp_month"),
            code="invalid_expiry_month",
        )


def _given(value: str | UnsetType) -> str | None:
    return value if value is not UNSET and value else None


def _currency(value: str | UnsetType, country: str, param: str) -> str:
    if value is not UNSET and value:
        return check_currency(value, f"{param}[currency]")
    home = country_of(country)
    if home is None:
        raise InvalidRequest(
            f"Missing required param: {param}[currency].",
            param=f"{param}[currency]",
            code="parameter_missing",
        )
    return home.currency


def _check_iban(number: str, country: str, livemode: bool, param: str) -> None:
    if number[:2] != country:
        raise InvalidRequest(
            f"This IBAN is of {number[:2]}; set `{param}[country]` to {number[:2]}.",
            param=f"{param}[country]",
        )
    if not livemode and test_numbers.is_test_account(number):
        return
    try:
        IBAN(number)
    except SchwiftyException as error:
        raise InvalidRequest(
            "This IBAN has a typing error: its length or check digits are wrong.",
            param=f"{param}[account_number]",
            code="account_number_invalid",
        ) from error


def _check_local(number: str, routing: str | None, country: str, param: str) -> None:
    routing_shape, number_shape, words = _LOCAL.get(country, (None, r"[A-Z0-9]{4,34}", ""))
    if routing_shape is not None:
        if routing is None:
            raise InvalidRequest(
                f"Missing required param: {param}[routing_number].",
                param=f"{param}[routing_number]",
                code="parameter_missing",
            )
        fits = re.fullmatch(routing_shape, routing)
        if not fits or (country == "US" and not rtn.is_valid(routing)):
            raise InvalidRequest(
                f"This routing number is not valid in {country}: send {words}.",
                param=f"{param}[routing_number]",
                code="routing_number_invalid",
            )
    elif country in EURO_COUNTRIES:
        raise InvalidRequest(
            f"A bank account in {country} is given by its IBAN.",
            param=f"{param}[account_number]",
            code="account_number_invalid",
        )
    if not re.fullmatch(number_shape, number):
        raise InvalidRequest(
            f"This account number is not valid in {country}.",
            param=f"{param}[account_number]",
            code="account_number_invalid",
        )


def _bank_name(number: str, livemode: bool) -> str | None:
    if not livemode:
        return test_numbers.BANK_NAME
    if not number[:2].isalpha():
        return None
    name: str | None = IBAN(number).bank_name
    return name
