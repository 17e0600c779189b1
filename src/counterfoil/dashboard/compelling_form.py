"""Visa's compelling evidence: two earlier payments that the same customer never disputed.

Where a dispute qualifies for it (`programs`) its form asks for what Visa compares. What the
payments have in common is asked once and stands for all three: it counts only where it is the
same in each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec

from counterfoil.dashboard.queries.disputes import DisputeCase, EarlierPayment, earlier_payments
from counterfoil.disputes.evidence import (
    PRIOR_TRANSACTIONS,
    SHORT_TEXT,
    CompellingEvidence,
    DisputedTransaction,
    missing_for_compelling_evidence,
)
from counterfoil.disputes.params import CompellingEvidenceParams
from counterfoil.disputes.wire import read_programs
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _
from counterfoil.wording.money_text import money_text

PROGRAM: Final = "visa_compelling_evidence_3"
PREFIX: Final = "ce3."
SHARED: Final = (
    "customer_email_address",
    "customer_purchase_ip",
    "customer_account_id",
    "customer_device_id",
)
_KINDS: Final = ("merchandise", "services")


@dataclass(frozen=True, slots=True)
class Earlier:
    """One of the two earlier payments, as the form asks for it."""

    number: int  # 1 or 2
    charge: str
    description: str


@dataclass(frozen=True, slots=True)
class Compelling:
    """The section of the form: what is there, what may be chosen, what is missing."""

    kind: str
    description: str
    shared: list[tuple[str, str, str]]  # name, label, value
    earlier: list[Earlier]
    choices: list[tuple[str, str]]  # the reference of a payment, and how it is told apart
    wishes: list[tuple[str, bool]]  # what Visa wants, and whether it is there
    errors: Mapping[str, str]


def applies(case: DisputeCase) -> bool:
    return PROGRAM in read_programs(case.row.programs)


def section(case: DisputeCase, typed: Mapping[str, str], errors: Mapping[str, str]) -> Compelling:
    """What was typed, else what is saved, else what the payment knows."""
    saved = saved_fields(case)
    known = {
        f"{PREFIX}customer_email_address": case.payment.details.billing_details.email or "",
        f"{PREFIX}product_description": case.payment.description or "",
    }

    def value(name: str) -> str:
        name = PREFIX + name
        return typed.get(name, saved.get(name) or known.get(name, ""))

    words = shared_words()
    return Compelling(
        kind=value("merchandise_or_services"),
        description=value("product_description"),
        shared=[(PREFIX + name, words[name], value(name)) for name in SHARED],
        earlier=[
            Earlier(number, value(f"{number}.charge"), value(f"{number}.product_description"))
            for number in range(1, PRIOR_TRANSACTIONS + 1)
        ],
        choices=_choices(case, saved),
        wishes=wishes(case),
        errors=errors,
    )


def read(sent: Mapping[str, str]) -> tuple[CompellingEvidenceParams, dict[str, str]]:
    """What was sent, for the operation, and by field what cannot be kept; that is left out."""
    typed = {
        name.removeprefix(PREFIX): text for name, text in sent.items() if name.startswith(PREFIX)
    }
    errors = {
        PREFIX + name: _("At most %(most)s characters.") % {"most": SHORT_TEXT}
        for name, text in typed.items()
        if len(text) > SHORT_TEXT
    }
    kept = {name: text for name, text in typed.items() if PREFIX + name not in errors}
    shared: dict[str, Any] = {name: kept[name] for name in SHARED if name in kept}
    disputed: dict[str, Any] = dict(shared)
    if "product_description" in kept:
        disputed["product_description"] = kept["product_description"]
    if kept.get("merchandise_or_services") in _KINDS:
        disputed["merchandise_or_services"] = kept["merchandise_or_services"]
    prior, chosen = list[dict[str, Any]](), set[str]()
    for number in range(1, PRIOR_TRANSACTIONS + 1):
        charge = kept.get(f"{number}.charge", "")
        if charge in chosen:
            errors[f"{PREFIX}{number}.charge"] = _("Choose two different payments.")
        elif charge:
            chosen.add(charge)
            about = kept.get(f"{number}.product_description", "")
            prior.append({"charge": charge, "product_description": about, **shared})
    given = {"disputed_transaction": disputed, "prior_undisputed_transactions": prior}
    return msgspec.convert(given, CompellingEvidenceParams), errors


def saved_fields(case: DisputeCase) -> dict[str, str]:
    """The same names that the form sends, as they are saved."""
    given = case.evidence.enhanced_evidence.visa_compelling_evidence_3
    if not isinstance(given, CompellingEvidence):
        return {}
    disputed = given.disputed_transaction or DisputedTransaction()
    names = (*SHARED, "merchandise_or_services", "product_description")
    found = {PREFIX + name: getattr(disputed, name) or "" for name in names}
    for number, one in enumerate(given.prior_undisputed_transactions, 1):
        found[f"{PREFIX}{number}.charge"] = one.charge
        found[f"{PREFIX}{number}.product_description"] = one.product_description or ""
    return found


def given(case: DisputeCase) -> list[tuple[str, str]]:
    """What has been gathered, in the form's order: what it is, and its text."""
    saved = saved_fields(case)
    words = {PREFIX + name: word for name, word in shared_words().items()}
    words |= {f"{PREFIX}product_description": _("What was bought this time")}
    found = [(words[name], text) for name, text in saved.items() if text and name in words]
    known = dict(_choices(case, saved))
    for number in range(1, PRIOR_TRANSACTIONS + 1):
        if charge := saved.get(f"{PREFIX}{number}.charge"):
            found.append((_("Earlier payment"), known[charge]))
    return found


def _choices(case: DisputeCase, saved: Mapping[str, str]) -> list[tuple[str, str]]:
    """Payments to choose from; one that was chosen elsewhere stays among them."""
    day = dates.local(case.payment.created).date()
    choices = [(one.id, _told_apart(one, day)) for one in earlier_payments(case)]
    offered = {ident for ident, _word in choices}
    chosen = [saved.get(f"{PREFIX}{number}.charge", "") for number in (1, 2)]
    return [*choices, *((one, one) for one in chosen if one and one not in offered)]


def _told_apart(payment: EarlierPayment, today: date) -> str:
    day = dates.long_day(dates.local(payment.created).date(), today)
    amount = money_text(payment.amount, payment.currency)
    return " · ".join(part for part in (day, amount, payment.description) if part)


def wishes(case: DisputeCase) -> list[tuple[str, bool]]:
    """What Visa wants to see, and whether it is there; nothing where this does not apply."""
    if not applies(case):
        return []
    missing = missing_for_compelling_evidence(case.evidence)
    words = {
        "missing_prior_undisputed_transactions": _("Two earlier payments that nobody disputed"),
        "missing_customer_identifiers": _("Two details that all three payments share"),
        "missing_disputed_transaction_description": _("What was bought this time"),
        "missing_prior_undisputed_transaction_description": _("What was bought before"),
        "missing_merchandise_or_services": _("Goods or a service"),
    }
    if "missing_prior_undisputed_transactions" in missing:  # then nothing says what they were
        missing.append("missing_prior_undisputed_transaction_description")
    return [(word, action not in missing) for action, word in words.items()]


def shared_words() -> dict[str, str]:
    return {
        "customer_account_id": _("Their account with you"),
        "customer_device_id": _("Their device"),
        "customer_email_address": _("Customer's e-mail address"),
        "customer_purchase_ip": _("IP address they bought from"),
    }
