"""Showing a form and reading it: what was typed stays, and each word stands beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

from counterfoil.dashboard.details.checks import read, read_birth
from counterfoil.dashboard.details.fields import TRADES, Field
from counterfoil.dashboard.details.states import state_of, states
from counterfoil.dashboard.details.steps import Details, Step, value_of
from counterfoil.dashboard.refusals import said
from counterfoil.dashboard.typed import Mistyped
from counterfoil.kit.refused import Refused
from counterfoil.wording.languages import gettext as _

_CONTACTS = ("company.phone", "individual.email", "individual.phone")
_PARTS = ("day", "month", "year")
_SECRET = frozenset({"ssn_last_4", "id_number", "tax_id"})


@dataclass(slots=True)
class Shown:
    """A field as the page draws it."""

    field: Field
    value: str = ""
    parts: dict[str, str] = attribute(default_factory=dict)  # of a birth date
    error: str = ""
    choices: list[tuple[str, str]] = attribute(default_factory=list)
    kept: bool = False  # given before, and never shown


def shown_fields(
    details: Details,
    step: Step,
    sent: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Shown]:
    """The fields with what was typed, or what is stored, and what is wrong with each."""
    wrong = dict(errors or {}) or ({} if sent is not None else _stored_errors(details, step))
    return [_shown(details, one, sent, wrong) for one in asked_fields(details, step)]


def asked_fields(details: Details, step: Step) -> list[Field]:
    """Those that this account is asked; of an id number one of its two forms."""
    country = details.account.country
    due = details.wanted
    asked = []
    for one in step.fields:
        if one.only and country not in one.only.split():
            continue
        if details.editing and one.name in _CONTACTS:
            continue
        if one.kind == "id_number" and not _asks_whole_number(details, one.name, due):
            continue
        if one.kind == "ssn_last_4" and _asks_whole_number(details, _whole(one.name), due):
            continue
        asked.append(one)
    if details.editing or not details.submitted:
        return asked
    # What is there and right is not asked again; an address is one thing.
    missing = [one for one in asked if any(_is_about(one, name) for name in due)]
    return missing or asked


def changes_contact(details: Details, step: Step) -> bool:
    """Whether a form holds what the account's sign-in codes are sent to."""
    return any(one.name in _CONTACTS for one in asked_fields(details, step))


def _is_about(one: Field, requirement: str) -> bool:
    if ".address." in one.name:
        return requirement.startswith(one.name.partition(".address.")[0] + ".address.")
    return requirement == one.name or requirement.startswith(f"{one.name}.")


def read_fields(
    details: Details, step: Step, sent: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values by path, and what is wrong by path. What is optional and empty unsets."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    account = details.account
    for one in asked_fields(details, step):
        try:
            if one.kind == "birth":
                values[one.name] = read_birth(_typed_parts(one, sent), today=details.today)
                continue
            text = sent.get(one.name, "").strip()
            if text:
                values[one.name] = read(
                    one.kind,
                    text,
                    country=account.country,
                    livemode=account.livemode,
                )
            elif one.optional:
                values[one.name] = ""
            elif not _kept(details, one):
                errors[one.name] = _("This is needed.")
        except Mistyped as mistyped:
            errors[one.name] = str(mistyped)
    if step.name == "business" and not errors:
        _need_either(values, errors)
    return values, errors


def refusal_errors(refusal: Refused, fields: list[Field]) -> dict[str, str]:
    """A refusal beside the field it is about, or for the whole form."""
    names = [one.name for one in fields]
    path = refusal.param or ""
    name = next((one for one in names if path == one or path.startswith(f"{one}.")), "")
    words = _("This is not accepted. Check it for typing errors.") if name else said(refusal)
    return {name: words}


def _need_either(values: dict[str, Any], errors: dict[str, str]) -> None:
    url, description = "business_profile.url", "business_profile.product_description"
    if not values.get(url) and not values.get(description):
        errors[url] = _("Give a website, or describe what you sell.")


def _shown(
    details: Details, one: Field, sent: Mapping[str, str] | None, errors: Mapping[str, str]
) -> Shown:
    shown = Shown(one, error=errors.get(one.name, ""), kept=_kept(details, one))
    if one.kind == "mcc":
        shown.choices = [("", _("Choose"))] + [(code, _(word)) for code, word in TRADES]
    if one.kind == "birth":
        dob = value_of(details, one.name)
        stored = {part: str(getattr(dob, part, None) or "") for part in _PARTS}
        shown.parts = stored if sent is None else _typed_parts(one, sent)
        return shown
    if sent is not None:
        shown.value = sent.get(one.name, "")
    elif one.kind not in _SECRET:
        value = value_of(details, one.name)
        shown.value = str(value) if value else ""
    if one.kind == "state":
        _offer_states(shown, details.account.country)
    return shown


def _offer_states(shown: Shown, country: str) -> None:
    offered = states(country)
    if not offered:
        return
    shown.value = state_of(shown.value, country) or shown.value
    shown.choices = [("", _("Choose")), *offered]
    if shown.value not in dict(shown.choices):
        shown.choices.append((shown.value, shown.value))  # stored before there was a choice


def _typed_parts(one: Field, sent: Mapping[str, str]) -> dict[str, str]:
    return {part: sent.get(f"{one.name}.{part}", "") for part in _PARTS}


def _kept(details: Details, one: Field) -> bool:
    """A number that was given, and that nothing is wrong with."""
    if one.kind not in _SECRET or one.name in details.profile.requirements.currently_due:
        return False
    return bool(value_of(details, f"{one.name}_provided"))


def _whole(name: str) -> str:
    return name.removesuffix("ssn_last_4") + "id_number"


def _asks_whole_number(details: Details, name: str, due: set[str]) -> bool:
    return name in due and (
        details.asked == "eventually_due"
        or name in details.profile.requirements.currently_due
        or (details.ahead and name in details.profile.future_requirements.currently_due)
    )


def _stored_errors(details: Details, step: Step) -> dict[str, str]:
    """Why a field is asked for again: it was given, and does not match."""
    found = {}
    for requirement, reason in details.errors.items():
        for one in step.fields:
            if requirement == one.name or requirement.startswith(f"{one.name}."):
                found[one.name] = _(reason)
    return found
