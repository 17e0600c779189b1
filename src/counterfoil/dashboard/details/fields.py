"""What a form asks for, by name of the requirement; words are marked here, said on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop

from counterfoil.wording.languages import gettext as _


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is the parameter's path; `kind` says how it looks and is checked (`checks`)."""

    name: str
    word: str
    kind: str = "text"
    hint: str = ""
    autocomplete: str = "off"
    inputmode: str | None = None
    optional: bool = False
    only: str = ""  # countries where it is asked; empty: wherever the requirement is

    @property
    def word_now(self) -> str:
        return _(self.word)

    @property
    def hint_now(self) -> str:
        return _(self.hint) if self.hint else ""


def address_fields(of: str, optional: bool = False) -> tuple[Field, ...]:
    """`of` is the path of the address, such as `company.address`."""
    return (
        Field(
            f"{of}.line1",
            gettext_noop("Street and number"),
            autocomplete="address-line1",
            optional=optional,
        ),
        Field(
            f"{of}.line2",
            gettext_noop("Flat or floor (optional)"),
            autocomplete="address-line2",
            optional=True,
        ),
        Field(
            f"{of}.city",
            gettext_noop("Town or city"),
            autocomplete="address-level2",
            optional=optional,
        ),
        Field(
            f"{of}.state",
            gettext_noop("State or province"),
            "state",
            autocomplete="address-level1",
            optional=optional,
            only="US CA AU BR IN MX MY",
        ),
        Field(
            f"{of}.postal_code",
            gettext_noop("Postal code"),
            "postal_code",
            autocomplete="postal-code",
            optional=optional,
        ),
    )


def person_fields(prefix: str) -> dict[str, tuple[Field, ...]]:
    """The forms about one person: who, when born, where."""
    return {
        "name": (
            Field(f"{prefix}.first_name", gettext_noop("First name"), autocomplete="given-name"),
            Field(f"{prefix}.last_name", gettext_noop("Last name"), autocomplete="family-name"),
        ),
        "contact": (
            Field(
                f"{prefix}.email",
                gettext_noop("E-mail"),
                "email",
                autocomplete="email",
                inputmode="email",
            ),
            Field(
                f"{prefix}.phone",
                gettext_noop("Mobile phone"),
                "phone",
                hint=gettext_noop("Codes to sign in are sent to it."),
                autocomplete="tel",
                inputmode="tel",
            ),
        ),
        "birth": (
            Field(f"{prefix}.dob", gettext_noop("Date of birth"), "birth", autocomplete="bday"),
            Field(
                f"{prefix}.ssn_last_4",
                gettext_noop("Last four digits of your Social Security number"),
                "ssn_last_4",
                inputmode="numeric",
                only="US",
            ),
            Field(
                f"{prefix}.id_number",
                gettext_noop("Social Security or insurance number"),
                "id_number",
                hint=gettext_noop(
                    "All of it. We keep only that it was given and whether it matched."
                ),
                inputmode="numeric",
            ),
        ),
        "home": address_fields(f"{prefix}.address"),
    }


COMPANY: Final = (
    Field("company.name", gettext_noop("Registered name"), autocomplete="organization"),
    Field(
        "company.tax_id",
        gettext_noop("Tax or registration number"),
        "tax_id",
        hint=gettext_noop("As the registry or tax office writes it."),
    ),
    Field("company.phone", gettext_noop("Phone"), "phone", autocomplete="tel", inputmode="tel"),
)
COMPANY_ADDRESS: Final = address_fields("company.address")
BUSINESS: Final = (
    Field("business_profile.mcc", gettext_noop("What you do"), "mcc"),
    Field(
        "business_profile.url",
        gettext_noop("Website"),
        "url",
        hint=gettext_noop("Or a page about you elsewhere. Without one, describe what you sell."),
        autocomplete="url",
        inputmode="url",
        optional=True,
    ),
    Field(
        "business_profile.product_description",
        gettext_noop("What you sell"),
        "area",
        hint=gettext_noop("One or two sentences."),
        optional=True,
    ),
)

# What customers see.
PUBLIC: Final = (
    Field(
        "business_profile.name",
        gettext_noop("Business name"),
        hint=gettext_noop("As customers know you."),
        autocomplete="organization",
        optional=True,
    ),
    Field(
        "settings.payments.statement_descriptor",
        gettext_noop("On card statements"),
        "descriptor",
        hint=gettext_noop("5 to 22 letters and digits, as customers will recognise you."),
        optional=True,
    ),
    Field(
        "business_profile.support_email",
        gettext_noop("E-mail for customers"),
        "email",
        autocomplete="email",
        inputmode="email",
        optional=True,
    ),
    Field(
        "business_profile.support_phone",
        gettext_noop("Phone for customers"),
        "phone",
        autocomplete="tel",
        inputmode="tel",
        optional=True,
    ),
    Field(
        "business_profile.support_url",
        gettext_noop("Help page"),
        "url",
        autocomplete="url",
        inputmode="url",
        optional=True,
    ),
)
PUBLIC_ADDRESS: Final = address_fields("business_profile.support_address", optional=True)

# The usual trades on a marketplace, by merchant category code.
TRADES: Final = (
    ("5970", gettext_noop("Arts and crafts")),
    ("7299", gettext_noop("Personal services")),
    ("7372", gettext_noop("Software and IT")),
    ("4121", gettext_noop("Driving and delivery")),
    ("7349", gettext_noop("Cleaning and home services")),
    ("1799", gettext_noop("Building and repairs")),
    ("8299", gettext_noop("Teaching and coaching")),
    ("7221", gettext_noop("Photography")),
    ("5651", gettext_noop("Clothing")),
    ("5812", gettext_noop("Food and drink")),
    ("5999", gettext_noop("Other goods")),
    ("7392", gettext_noop("Consulting")),
    ("6513", gettext_noop("Renting out places")),
    ("7999", gettext_noop("Sport, events and leisure")),
    ("8999", gettext_noop("Other services")),
)
