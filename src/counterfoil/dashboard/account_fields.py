"""What a bank account is given by in each country: the fields of its form, and reading them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from babel import Locale

from counterfoil.accounts.countries import bank_countries, country_of
from counterfoil.dashboard.refusals import said
from counterfoil.kit.calendar import EURO_COUNTRIES
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import active_locale
from counterfoil.wording.languages import gettext as _

# Outside the euro, where banks give their customers an IBAN.
_IBAN: Final = EURO_COUNTRIES | frozenset("BG CH CZ DK GI HU LI NO PL RO SE".split())
_EXAMPLES: Final = {
    "US": "110000000 · 000123456789",
    "CA": "11000-000 · 000123456789",
    "AU": "110000 · 000123456",
    "GB": "108800 · 00012345",
    "DE": "DE89370400440532013000",
}


@dataclass(frozen=True, slots=True)
class Fields:
    """The words of one country's form. `routing` is empty where there is no such number."""

    country: str
    currency: str
    routing: str
    routing_hint: str
    number: str
    number_hint: str
    test_example: str

    def read(self, sent: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """What was typed, for the operation; and what is missing, by field."""
        errors = {}
        numbers = {"country": self.country, "currency": self.currency}
        for name, needed in (("routing_number", bool(self.routing)), ("account_number", True)):
            text = "".join(sent.get(name, "").split())
            if text:
                numbers[name] = text[:40]
            elif needed:
                errors[name] = _("This is needed.")
        if holder := " ".join(sent.get("account_holder_name", "").split()):
            numbers["account_holder_name"] = holder[:100]
        return numbers, errors

    def said(self, refusal: Refused) -> dict[str, str]:
        """A refusal beside the field that it is about."""
        words = {
            "routing_number_invalid": _("This is not a valid number. %(hint)s")
            % {"hint": self.routing_hint},
            "account_number_invalid": _("This is not a valid number. %(hint)s")
            % {"hint": self.number_hint},
            "bank_account_unusable": _("Test mode takes test numbers only, such as %(numbers)s.")
            % {"numbers": self.test_example},
            "bank_account_exists": _("You have added this account already."),
        }
        param = refusal.param or ""
        name = next((one for one in ("routing_number", "account_number") if one in param), "")
        if refusal.code == "bank_account_exists":
            name = "account_number"
        return {name: words.get(refusal.code or "") or said(refusal)}


def fields_of(country: str) -> Fields:
    """The form of one country."""
    home = country_of(country)
    assert home is not None, f"no accounts in {country}"
    routing, routing_hint, number, number_hint = _words(country)
    return Fields(
        country=country,
        currency=home.currency,
        routing=routing,
        routing_hint=routing_hint,
        number=number,
        number_hint=number_hint,
        test_example=_EXAMPLES.get(country, ""),
    )


def countries() -> list[tuple[str, str]]:
    """Where a bank account may be, by name in the active language."""
    territories = Locale.parse(active_locale()).territories
    found = [(code, str(territories.get(code, code))) for code in bank_countries()]
    return sorted(found, key=lambda one: one[1].casefold())


def _words(country: str) -> tuple[str, str, str, str]:
    if country in _IBAN:
        hint = _("It begins with two letters, as on your bank statement.")
        return "", "", _("IBAN"), hint
    account = _("Account number")
    usual = _("As on your bank statement.")
    known = {
        "US": (
            _("Routing number"),
            _("Nine digits, at the bottom left of a cheque."),
            account,
            _("Four to seventeen digits."),
        ),
        "GB": (_("Sort code"), _("Six digits, such as 10-88-00."), account, _("Eight digits.")),
        "CA": (
            _("Transit and institution number"),
            _("Five digits and three, such as 11000-000."),
            account,
            _("Seven to twelve digits."),
        ),
        "AU": (
            _("BSB"),
            _("Six digits, such as 110-000."),
            account,
            _("Five to nine digits."),
        ),
        "JP": (
            _("Bank and branch code"),
            _("Four digits of the bank and three of the branch."),
            account,
            _("Seven digits."),
        ),
    }
    return known.get(country, ("", "", account, usual))
