"""Is a single value well formed? One walk over what was sent, one check per parameter.

Whether values are *true* is `policy.verification`'s question; here they only have to make sense.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import msgspec
import phonenumbers
from babel import Locale
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from msgspec import UNSET

from counterfoil.accounts.params import DateParams
from counterfoil.kit.clock import DAY, utc_date
from counterfoil.kit.currencies import known_currencies
from counterfoil.kit.refused import InvalidRequest

MAXIMUM_TEXT: Final = 500
_LONG_TEXTS: Final = {
    "business_profile.product_description": 40_000,
    "tos_acceptance.user_agent": 2000,
}
_TEST_PHONE: Final = "0000000000"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value was sent: `individual.dob`, and what its checks depend on."""

    path: tuple[str, ...]
    country: str
    livemode: bool
    now: int  # platform clock, UTC seconds

    @property
    def param(self) -> str:
        """`individual[dob]`, as the sender wrote it."""
        head, *rest = self.path
        return head + "".join(f"[{part}]" for part in rest)

    def refuse(self, message: str, code: str | None = None) -> InvalidRequest:
        return InvalidRequest(message, param=self.param, code=code)


def check_values(
    params: msgspec.Struct, *, country: str, livemode: bool, now: int, path: tuple[str, ...] = ()
) -> None:
    """Raise InvalidRequest for the first value that makes no sense, in the order of the Struct.

    `country` (of the account) decides how phone and identity numbers look. An empty text is
    never looked at: it unsets.
    """
    for name in params.__struct_fields__:
        value = getattr(params, name)
        if value is UNSET or value == "":
            continue
        place = Place((*path, name), country, livemode, now)
        _check_one(value, place)
        if isinstance(value, msgspec.Struct):
            check_values(value, country=country, livemode=livemode, now=now, path=place.path)


def _check_one(value: Any, place: Place) -> None:
    if isinstance(value, str):
        _text(value, place)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                _text(item, place)
    check = _CHECKS.get(".".join(place.path)) or _BY_LAST_NAME.get(place.path[-1])
    if check is not None:
        check(value, place)


def _text(value: str, place: Place) -> None:
    most = _LONG_TEXTS.get(".".join(place.path), MAXIMUM_TEXT)
    if len(value) > most:
        raise place.refuse(
            f"Invalid string: {len(value)} characters are too many; at most {most} are stored."
        )
    if "\0" in value:
        raise place.refuse("Invalid string: it contains a NUL character.")


def _email(value: str, place: Place) -> None:
    try:
        validate_email(value)
    except ValidationError as error:
        raise place.refuse(f"Invalid email address: {value}", "email_invalid") from error


def normal_phone(value: str, *, country: str, livemode: bool) -> str | None:
    """A phone number in E.164, or None when it is none.

    The test number 000 000 0000 (reference test-data §8) counts in test mode, everywhere.
    """
    digits = re.sub(r"\D", "", value)
    if not digits.strip("0"):
        return f"+1{_TEST_PHONE}" if digits == _TEST_PHONE and not livemode else None
    try:
        number = phonenumbers.parse(value, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _phone(value: str, place: Place) -> None:
    if normal_phone(value, country=place.country, livemode=place.livemode) is None:
        raise place.refuse(
            f'"{value}" is not a valid phone number. Send it with its country code, as in'
            " +15552345678."
        )


def _url(value: str, place: Place) -> None:
    address = value if "://" in value else f"https://{value}"
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    except ValueError:
        fits = False
    if not fits or re.search(r"\s", value):
        raise place.refuse("Not a valid URL. Send one such as https://example.com.", "url_invalid")


def _country(value: str, place: Place) -> None:
    if value not in _territories():
        raise place.refuse(
            f"Country '{value}' is unknown. Send a two-letter code such as 'US', 'DE' or 'GB'.",
            "country_unsupported",
        )


# Unions, made-up and unknown places that CLDR lists beside countries.
_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


@cache
def _territories() -> frozenset[str]:
    codes = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in codes if re.fullmatch("[A-Z]{2}", code)) - _NO_COUNTRIES


def check_currency(value: str, param: str) -> str:
    """The currency in lower case. Raises InvalidRequest for one we do not know."""
    if value.lower() not in known_currencies():
        raise InvalidRequest(
            f"Invalid currency: {value}. Send a three-letter code such as usd or eur.", param=param
        )
    return value.lower()


def _currency(value: str, place: Place) -> None:
    check_currency(value, place.param)


def _matching(pattern: str, message: str, code: str | None = None) -> Callable[[str, Place], None]:
    shape = re.compile(pattern)

    def check(value: str, place: Place) -> None:
        if not shape.fullmatch(value):
            raise place.refuse(message, code)

    return check


def _between(least: int, most: int) -> Callable[[Any, Place], None]:
    def check(value: Any, place: Place) -> None:
        for number in value if isinstance(value, list) else [value]:
            if not least <= number <= most:
                raise place.refuse(f"Send a number from {least} to {most}; {number} is not.")

    return check


def _date(value: DateParams, place: Place) -> None:
    try:
        day = date(value.year, value.month, value.day)
    except ValueError as error:
        # Not the value: it may be a birth date, and refusals are shown, logged and kept.
        raise place.refuse("This is not a day of the calendar.") from error
    if not date(1900, 1, 1) <= day <= utc_date(place.now):
        raise place.refuse("Send a day between 1900-01-01 and today.")


def _moment(value: int, place: Place) -> None:
    # A day's grace: the caller's clock is not ours.
    if not 0 < value <= place.now + DAY:
        raise place.refuse(
            f"{value} is not a moment in the past. Send Unix seconds, not milliseconds."
        )


def _ip(value: str, place: Place) -> None:
    try:
        ipaddress.ip_address(value)
    except ValueError as error:
        raise place.refuse(
            f"{value} is not an IP address. Send one such as 203.0.113.7."
        ) from error


def _timezone(value: str, place: Place) -> None:
    if value not in available_timezones():
        raise place.refuse(
            f"Unknown time zone: {value}. Send an IANA name such as Europe/Berlin or Etc/UTC."
        )


def _descriptor(least: int, most: int) -> Callable[[str, Place], None]:
    def check(value: str, place: Place) -> None:
        fits = least <= len(value) <= most and re.search("[A-Za-z]", value)
        if not fits or re.search(r"[<>\\'\"*]", value) or not value.isascii():
            raise place.refuse(
                f"A statement descriptor has {least} to {most} Latin characters, at least one"
                " of them a letter, and none of < > \\ ' \" *."
            )

    return check


def _tax_id(value: str, place: Place) -> None:
    digits = re.sub(r"[\s./-]", "", value)
    fits = re.fullmatch(r"\d{9}", digits) if place.country == "US" else digits.isalnum()
    if not fits:
        raise place.refuse(
            f"That does not look like a tax id of a company in {place.country}.",
            "tax_id_invalid",
        )


def _id_number(value: str, place: Place) -> None:
    digits = re.sub(r"[\s./-]", "", value)
    if not (re.fullmatch(r"\d{9}", digits) if place.country == "US" else digits.isalnum()):
        raise place.refuse(
            "That does not look like an identity number"
            + (": in the US it has nine digits." if place.country == "US" else ".")
        )


_COLOR: Final = _matching("#[0-9A-Fa-f]{6}", "Send a colour as in #3b5bdb.")
_FILE: Final = _matching("file_[A-Za-z0-9_]+", "Send the id of a file, as in file_….")

# By the last name of the path, wherever it stands.
_BY_LAST_NAME: Final[dict[str, Callable[[Any, Place], None]]] = {
    "country": _country,
    "address_country": _country,
    "currency": _currency,
    "default_currency": _currency,
    "email": _email,
    "support_email": _email,
    "phone": _phone,
    "support_phone": _phone,
    "url": _url,
    "support_url": _url,
    "specified_commercial_transactions_act_url": _url,
    "mcc": _matching(r"\d{4}", "A merchant category code has four digits, as in 5970."),
    "dob": _date,
    "registration_date": _date,
    "date": _moment,
    "ip": _ip,
    "ssn_last_4": _matching(r"\d{4}", "Send the last four digits."),
    "id_number": _id_number,
    "id_number_secondary": _matching("[A-Za-z0-9 ./-]+", "Send letters and digits."),
    "tax_id": _tax_id,
    "percent_ownership": _between(0, 100),
    "estimated_worker_count": _between(0, 10**9),
    "amount": _between(0, 10**15),
    "fiscal_year_end": _matching(r"\d{4}-\d{2}-\d{2}", "Send a day as in 2025-12-31."),
    "primary_color": _COLOR,
    "secondary_color": _COLOR,
    "icon": _FILE,
    "logo": _FILE,
    "timezone": _timezone,
    "monthly_anchor": _between(1, 31),
    "monthly_payout_days": _between(1, 31),
}
_CHECKS: Final[dict[str, Callable[[Any, Place], None]]] = {
    # Whether an account can be opened there has an answer of its own.
    "country": lambda _value, _place: None,
    "settings.payments.statement_descriptor": _descriptor(5, 22),
    "settings.payouts.statement_descriptor": _descriptor(1, 22),
    "settings.card_payments.statement_descriptor_prefix": _descriptor(2, 10),
}
