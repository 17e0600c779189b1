"""What has been given so far, to look over before it is sent. Numbers are never shown again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from counterfoil.dashboard.details.fields import TRADES
from counterfoil.dashboard.details.forms import asked_fields
from counterfoil.dashboard.details.steps import Details, value_of
from counterfoil.kit.db import fetch_all
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

Section = tuple[str, str, list[tuple[str, str]]]  # title, where to change it, (word, value)


def sections(
    details: Details, address_of: Callable[[str], str], *, whose: bool = True
) -> list[Section]:
    """Each form that was filled in, in the order of the forms; with whose it is in its title."""
    found = []
    for step in details.steps:
        rows: list[tuple[str, str]] = []
        if step.kind == "fields":
            rows = [
                (one.word_now, text)
                for one in asked_fields(details, step)
                if (text := _text(details, one.name, one.kind))
            ]
        elif step.kind == "bank":
            rows = _banks(details)
        if rows:
            title = f"{_(step.title)} · {step.whose}" if step.whose and whose else _(step.title)
            found.append((title, address_of(step.name), rows))
    return found


def _text(details: Details, path: str, kind: str) -> str:
    if kind in ("ssn_last_4", "id_number", "tax_id"):
        return _("Given") if value_of(details, f"{path}_provided") else ""
    value: Any = value_of(details, path)
    if kind == "birth":
        if value is None or not value.year:
            return ""
        return dates.day_and_month(date(value.year, value.month, value.day), details.today)
    if kind == "mcc":
        return next((_(word) for code, word in TRADES if code == value), str(value or ""))
    return str(value or "")


def _banks(details: Details) -> list[tuple[str, str]]:
    rows = fetch_all(
        "SELECT currency, last4 FROM accounts_externalaccount"
        " WHERE account_id = %s AND deleted_at IS NULL ORDER BY created, id",
        [details.account.id],
    )
    return [
        (_("Account in %(currency)s") % {"currency": currency.upper()}, f"···· {last4}")
        for currency, last4 in rows
    ]
