"""What a seller is asked for, by what the bank claims: the fields, and the checklist.

The fields are the API's (`disputes.evidence`); which of them persuade a bank follows the card
networks' reasons. Every other field stands below "More that you can add".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterfoil.dashboard.queries.disputes import DisputeCase
from counterfoil.disputes.evidence import FILES
from counterfoil.files.rows import FileRow
from counterfoil.wording.languages import gettext as _

SHORT: Final = frozenset(
    {
        "billing_address",
        "customer_email_address",
        "customer_name",
        "customer_purchase_ip",
        "duplicate_charge_id",
        "service_date",
        "shipping_address",
        "shipping_carrier",
        "shipping_date",
        "shipping_tracking_number",
    }
)
LONG: Final = frozenset(
    {
        "access_activity_log",
        "cancellation_policy_disclosure",
        "cancellation_rebuttal",
        "duplicate_charge_explanation",
        "product_description",
        "refund_policy_disclosure",
        "refund_refusal_explanation",
        "uncategorized_text",
    }
)
TEXTS: Final = SHORT | LONG

_WHO: Final = ("product_description", "customer_name", "customer_email_address")
_SENT: Final = (
    "shipping_documentation",
    "shipping_carrier",
    "shipping_tracking_number",
    "shipping_date",
    "shipping_address",
)
_DONE: Final = ("service_date", "service_documentation", "access_activity_log")
_LAST: Final = ("customer_communication", "receipt", "uncategorized_text", "uncategorized_file")
_BY_REASON: Final[dict[str, tuple[str, ...]]] = {
    "fraudulent": (
        *_WHO,
        "billing_address",
        "customer_purchase_ip",
        "customer_signature",
        *_SENT,
        *_DONE,
        *_LAST,
    ),
    "product_not_received": (*_WHO, *_SENT, *_DONE, *_LAST),
    "product_unacceptable": (
        *_WHO,
        "refund_refusal_explanation",
        "refund_policy",
        "refund_policy_disclosure",
        "service_documentation",
        *_LAST,
    ),
    "duplicate": (
        "duplicate_charge_explanation",
        "duplicate_charge_id",
        "duplicate_charge_documentation",
        *_WHO,
        *_LAST,
    ),
    "subscription_canceled": (
        "cancellation_rebuttal",
        "cancellation_policy",
        "cancellation_policy_disclosure",
        "access_activity_log",
        *_WHO,
        *_LAST,
    ),
    "credit_not_processed": (
        "refund_refusal_explanation",
        "refund_policy",
        "refund_policy_disclosure",
        *_WHO,
        *_LAST,
    ),
}
_OTHERWISE: Final = (*_WHO, *_DONE, *_LAST)
# What a bank looks for first: without it an answer rarely wins.
_STRONG: Final[dict[str, tuple[str, ...]]] = {
    "fraudulent": (
        "product_description",
        "customer_communication",
        "shipping_documentation",
        "customer_purchase_ip",
    ),
    "unrecognized": ("product_description", "receipt", "customer_communication"),
    "product_not_received": (
        "shipping_documentation",
        "shipping_tracking_number",
        "customer_communication",
    ),
    "product_unacceptable": (
        "product_description",
        "refund_refusal_explanation",
        "refund_policy",
        "customer_communication",
    ),
    "duplicate": (
        "duplicate_charge_explanation",
        "duplicate_charge_documentation",
        "receipt",
    ),
    "subscription_canceled": (
        "cancellation_policy",
        "cancellation_rebuttal",
        "customer_communication",
    ),
    "credit_not_processed": (
        "refund_policy",
        "refund_refusal_explanation",
        "customer_communication",
    ),
}
_ANY: Final = ("product_description", "customer_communication", "receipt")


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the form: its name, label, hint, and what is there."""

    name: str
    label: str
    hint: str
    kind: str  # short | long | file
    value: str
    file: FileRow | None


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of the checklist."""

    name: str
    word: str
    done: bool


def fields_for(reason: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that speak to this reason, in order, and all others."""
    first = _BY_REASON.get(reason, _OTHERWISE)
    return first, tuple(name for name in sorted(TEXTS | set(FILES)) if name not in first)


def asked(case: DisputeCase, name: str, typed: dict[str, str]) -> Asked:
    """A field with what was typed, else what is saved, else what the payment knows."""
    label, hint = field_words()[name]
    if name in FILES:
        return Asked(name, label, hint, "file", "", case.files.get(name))
    saved = getattr(case.evidence, name) or ""
    value = typed.get(name, saved or _known(case, name))
    return Asked(name, label, hint, "long" if name in LONG else "short", value, None)


def checklist(case: DisputeCase) -> list[Wish]:
    names = _STRONG.get(case.row.reason, _ANY)
    words = field_words()
    return [Wish(name, words[name][0], bool(getattr(case.evidence, name))) for name in names]


def given(case: DisputeCase) -> list[tuple[str, str]]:
    """What has been gathered, in the form's order: the field's label, and its text or file."""
    first, rest = fields_for(case.row.reason)
    words, found = field_words(), []
    for name in (*first, *rest):
        file = case.files.get(name)
        text = file.filename or file.id if file else getattr(case.evidence, name)
        if text:
            found.append((words[name][0], str(text)))
    return found


def _known(case: DisputeCase, name: str) -> str:
    """What needs not be typed: the payment says it."""
    payment = case.payment
    payer = payment.details.billing_details
    known = {
        "customer_name": payer.name,
        "customer_email_address": payer.email or payment.details.receipt_email,
        "product_description": payment.description,
    }
    return known.get(name) or ""


def field_words() -> dict[str, tuple[str, str]]:
    """Label and hint of every field."""
    return {
        "access_activity_log": (
            _("What the customer did with it"),
            _("Log-ins, downloads or visits, each with date and address."),
        ),
        "billing_address": (_("Billing address"), ""),
        "cancellation_policy": (
            _("Your cancellation policy"),
            _("As the customer saw it."),
        ),
        "cancellation_policy_disclosure": (
            _("Where the customer saw the cancellation policy"),
            "",
        ),
        "cancellation_rebuttal": (
            _("Why it was not canceled"),
            _("For example: no cancellation reached you before the charge."),
        ),
        "customer_communication": (
            _("Messages with the customer"),
            _("Above all where they say that they received it or are happy."),
        ),
        "customer_email_address": (_("Customer's e-mail address"), ""),
        "customer_name": (_("Customer's name"), ""),
        "customer_purchase_ip": (_("IP address they bought from"), ""),
        "customer_signature": (_("Customer's signature"), ""),
        "duplicate_charge_documentation": (
            _("Proof of the other payment"),
            _("A receipt or shipping label of each order."),
        ),
        "duplicate_charge_explanation": (
            _("Why the two payments are different"),
            _("What each of them was for."),
        ),
        "duplicate_charge_id": (_("Reference of the other payment"), ""),
        "product_description": (
            _("What was bought"),
            _("And how it was described to the customer."),
        ),
        "receipt": (_("Receipt"), ""),
        "refund_policy": (_("Your refund policy"), _("As the customer saw it.")),
        "refund_policy_disclosure": (_("Where the customer saw the refund policy"), ""),
        "refund_refusal_explanation": (_("Why there is no refund"), ""),
        "service_date": (_("Day of the service"), ""),
        "service_documentation": (
            _("Proof that the service was done"),
            _("A contract, a signed protocol, photographs."),
        ),
        "shipping_address": (_("Shipping address"), ""),
        "shipping_carrier": (_("Carrier"), _("Several may stand here, with commas.")),
        "shipping_date": (_("Day of shipping"), ""),
        "shipping_documentation": (
            _("Proof of shipping"),
            _("A label or receipt with the customer's full address."),
        ),
        "shipping_tracking_number": (_("Tracking number"), ""),
        "uncategorized_file": (_("Another file"), ""),
        "uncategorized_text": (
            _("Additional information"),
            _("Anything else the bank should know."),
        ),
    }
