"""What a person types at `/login`: an e-mail address or a phone number, in any written form."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from counterfoil.accounts.values import normal_phone
from counterfoil.kit.refused import Refused
from counterfoil.messaging.message import Channel

_LONGEST = 320
_REGION = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z]{4})?-([a-zA-Z]{2})\b")


class NotAnAddress(Refused):
    """Neither an e-mail address nor a phone number."""


class NoCountry(Refused):
    """A phone number whose country nothing tells."""


def read_address(typed: str, *, countries: Sequence[str]) -> tuple[Channel, str]:
    """The kind of address, and the address written as accounts have it.

    A number without `+` or `00` is one of the first of `countries` in which it makes sense.
    Raises NotAnAddress and NoCountry.
    """
    # Pasted text brings directional marks and other characters that nobody sees.
    text = "".join(letter for letter in typed if letter.isprintable()).strip()
    if "@" in text:
        address = text.removeprefix("mailto:")
        try:
            validate_email(address)
        except ValidationError:
            raise NotAnAddress("That is not an e-mail address.") from None
        if len(address) > _LONGEST:
            raise NotAnAddress("That is not an e-mail address.")
        return "email", address
    return "sms", read_phone(text, countries=countries, livemode=True)


def read_phone(typed: str, *, countries: Sequence[str], livemode: bool) -> str:
    """A number in E.164. Raises NotAnAddress and NoCountry, as above."""
    text = "".join(letter for letter in typed if letter.isprintable()).strip()
    if not (livemode or re.sub(r"\D", "", text).strip("0")):
        test_number = normal_phone(text, country="US", livemode=False)
        if test_number is not None:
            return test_number
    number = text.removeprefix("tel:").replace("＋", "+")
    if sum(letter.isdigit() for letter in number) < 6 or any(map(str.isalpha, number)):
        raise NotAnAddress("That is neither an e-mail address nor a phone number.")
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if number.lstrip("( ").startswith("+"):
        countries = ["ZZ"]  # it says so itself
    elif not countries:
        raise NoCountry("Begin the number with + and its country code.")
    for country in countries:
        if (phone := normal_phone(number, country=country, livemode=livemode)) is not None:
            return phone
    if countries == ["ZZ"]:
        raise NotAnAddress("That is not a phone number.")
    raise NoCountry("Begin the number with + and its country code.")


def countries_of(accept_language: str) -> list[str]:
    """The countries that a browser's languages name, in its order: `de-AT, en-US` is AT, US."""
    return [country.upper() for country in _REGION.findall(accept_language)][:5]
