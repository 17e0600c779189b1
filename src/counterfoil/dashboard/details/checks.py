"""Is what was typed well formed? By the library of each kind of detail, in the reader's words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import ModuleType
from typing import Final

import stdnum.au.abn
import stdnum.au.acn
import stdnum.ca.bn
import stdnum.ca.sin
import stdnum.de.handelsregisternummer
import stdnum.de.vat
import stdnum.fr.siren
import stdnum.gb.vat
import stdnum.jp.cn
import stdnum.us.ein
import stdnum.us.ssn
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from counterfoil.accounts.values import normal_phone
from counterfoil.dashboard.details.states import state_of, states
from counterfoil.dashboard.typed import Mistyped
from counterfoil.wording.languages import gettext as _

_POSTAL: Final = {
    "US": (r"\d{5}(-\d{4})?", "94111"),
    "GB": (r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "EC1A 1BB"),
    "DE": (r"\d{5}", "10115"),
    "FR": (r"\d{5}", "75001"),
    "NL": (r"\d{4} ?[A-Z]{2}", "1012 AB"),
    "CA": (r"[A-Z]\d[A-Z] ?\d[A-Z]\d", "M5V 2T6"),
    "AU": (r"\d{4}", "2000"),
    "JP": (r"\d{3}-?\d{4}", "100-0001"),
}
_COMPANY_NUMBERS: Final[dict[str, tuple[ModuleType, ...]]] = {
    "US": (stdnum.us.ein,),
    "GB": (stdnum.gb.vat,),
    "DE": (stdnum.de.vat, stdnum.de.handelsregisternummer),
    "FR": (stdnum.fr.siren,),
    "CA": (stdnum.ca.bn,),
    "AU": (stdnum.au.abn, stdnum.au.acn),
    "JP": (stdnum.jp.cn,),
}
# Registries whose numbers have no check digit: a shape is all there is to see.
_REGISTERED: Final = {"GB": r"[A-Z]{0,2}\d{6,8}", "NL": r"\d{8}"}
_EXAMPLES: Final = {
    "US": "12-3456789",
    "GB": "01234567",
    "DE": "HRB 12345 / DE136695976",
    "FR": "552 008 443",
    "NL": "12345678",
}
_PEOPLES: Final = {"US": stdnum.us.ssn, "CA": stdnum.ca.sin}
_MAGIC: Final = re.compile(r"0{9}|000000001|1{9}|111111112|2{9}|22222100[0-5]")
_OF_AGE: Final = 18
_LONGEST: Final = 200


def read(kind: str, text: str, *, country: str, livemode: bool) -> str:
    """The value to send for what was typed. Raises Mistyped, saying how to write it."""
    text = " ".join(text.split()) if kind != "area" else text.strip()
    if len(text) > (_LONGEST if kind != "area" else 5000):
        raise Mistyped(_("That is too long: %(n)d letters at most.") % {"n": _LONGEST})
    check = _CHECKS.get(kind)
    return check(text, country, livemode) if check else text


def read_birth(parts: Mapping[str, str], *, today: date) -> dict[str, int]:
    """A birth date from three fields. Raises Mistyped."""
    digits = {name: parts[name].strip() for name in ("day", "month", "year")}
    if not all(text.isascii() and text.isdigit() and len(text) <= 4 for text in digits.values()):
        raise Mistyped(_("Write day, month and year as numbers, such as 31, 12, 1985."))
    numbers = {name: int(text) for name, text in digits.items()}
    try:
        born = date(numbers["year"], numbers["month"], numbers["day"])
    except ValueError as error:
        raise Mistyped(_("This day does not exist.")) from error
    if not date(1900, 1, 1) <= born <= today:
        raise Mistyped(_("This cannot be a birth date. Write the year with four digits."))
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if years < _OF_AGE:
        raise Mistyped(_("One has to be at least 18 years old."))
    return numbers


def read_share(text: str) -> float | None:
    """A share in percent, with a point or a comma; None for nothing. Raises Mistyped."""
    bare = text.strip().removesuffix("%").strip().replace(",", ".")
    if not bare:
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d{1,4})?", bare, re.ASCII) or float(bare) > 100:
        raise Mistyped(_("Write a number from 0 to 100."))
    return float(bare)


def _email(text: str, _country: str, _livemode: bool) -> str:
    try:
        validate_email(text)
    except ValidationError as error:
        raise Mistyped(
            _("This is not an e-mail address. Write it like ada@example.com.")
        ) from error
    return text


def _phone(text: str, country: str, livemode: bool) -> str:
    number = normal_phone(text, country=country, livemode=livemode)
    if number is None:
        raise Mistyped(_("This is not a phone number. Begin with + and the country's code."))
    return text if not livemode and not re.sub(r"\D", "", text).strip("0") else number


def _postal_code(text: str, country: str, _livemode: bool) -> str:
    shape, example = _POSTAL.get(country, (r".+", ""))
    if not re.fullmatch(shape, text.upper()):
        raise Mistyped(
            _("This is not a postal code. Write it like %(example)s.") % {"example": example}
        )
    return text.upper()


def _tax_id(text: str, country: str, livemode: bool) -> str:
    bare = re.sub(r"[\s./-]", "", text)
    if not livemode and _MAGIC.fullmatch(bare):
        return bare
    modules = _COMPANY_NUMBERS.get(country)
    shape = _REGISTERED.get(country)
    fits = any(module.is_valid(text) for module in modules or ())
    fits = fits or bool(shape and re.fullmatch(shape, bare.upper()))
    if not (fits or (modules is None and shape is None)):
        example = _EXAMPLES.get(country)
        words = _("This is not a number of a company in this country.")
        if example:
            words = _(
                "This is not a number of a company in this country. Write it like %(example)s."
            ) % {"example": example}
        raise Mistyped(words)
    return text


def _ssn(text: str, _country: str, _livemode: bool) -> str:
    if not re.fullmatch(r"\d{4}", text):
        raise Mistyped(_("Write the last four digits."))
    return text


def _id_number(text: str, country: str, livemode: bool) -> str:
    bare = re.sub(r"[\s./-]", "", text)
    module = _PEOPLES.get(country)
    magic = not livemode and _MAGIC.fullmatch(bare)
    if module is not None and not magic and not module.is_valid(text):
        raise Mistyped(_("This is not a valid number. Write all nine digits."))
    return bare


def _state(text: str, country: str, _livemode: bool) -> str:
    found = state_of(text, country)
    if found is None and states(country):
        raise Mistyped(_("Choose the state or province."))
    return found or text


def _descriptor(text: str, _country: str, _livemode: bool) -> str:
    if not re.fullmatch(r"(?=.*[A-Za-z])[^<>\\'\"*]{5,22}", text) or not text.isascii():
        raise Mistyped(
            _("Write 5 to 22 Latin letters, digits and spaces, and none of < > \\ ' \" *.")
        )
    return text.upper()


def _url(text: str, _country: str, _livemode: bool) -> str:
    if not re.fullmatch(r"(https?://)?[^\s/.]+(\.[^\s/.]+)+(/\S*)?", text):
        raise Mistyped(_("This is not a web address. Write it like https://example.com."))
    return text if "://" in text else f"https://{text}"


_CHECKS: Final[dict[str, Callable[[str, str, bool], str]]] = {
    "email": _email,
    "phone": _phone,
    "postal_code": _postal_code,
    "tax_id": _tax_id,
    "ssn_last_4": _ssn,
    "id_number": _id_number,
    "state": _state,
    "descriptor": _descriptor,
    "url": _url,
}
