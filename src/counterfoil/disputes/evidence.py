"""What a seller may tell the bank: every field of the API, what counts, what is still missing.

Sources: reference api.md §4.4; the descriptions of the official SDK's update parameters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Final

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.kit.wire import Expandable
from counterfoil.payments.details import Address

LONG_TEXT: Final = 20_000  # characters
SHORT_TEXT: Final = 5_000
ALL_TEXTS: Final = 150_000
PRIOR_TRANSACTIONS: Final = 2  # exactly so many, once the evidence is complete

FILES: Final = (
    "cancellation_policy",
    "customer_communication",
    "customer_signature",
    "duplicate_charge_documentation",
    "receipt",
    "refund_policy",
    "service_documentation",
    "shipping_documentation",
    "uncategorized_file",
)
_IDENTIFIERS: Final = (
    "customer_account_id",
    "customer_device_fingerprint",
    "customer_device_id",
    "customer_email_address",
    "customer_purchase_ip",
    "shipping_address",
)
_MATCHING: Final = 2  # identifiers that the disputed and both prior transactions share


class DisputedTransaction(msgspec.Struct):
    customer_account_id: str | None = None
    customer_device_fingerprint: str | None = None
    customer_device_id: str | None = None
    customer_email_address: str | None = None
    customer_purchase_ip: str | None = None
    merchandise_or_services: str | None = None
    product_description: str | None = None
    shipping_address: Address | None = None


class PriorTransaction(msgspec.Struct):
    charge: str
    customer_account_id: str | None = None
    customer_device_fingerprint: str | None = None
    customer_device_id: str | None = None
    customer_email_address: str | None = None
    customer_purchase_ip: str | None = None
    product_description: str | None = None
    shipping_address: Address | None = None


class CompellingEvidence(msgspec.Struct):
    """Visa Compelling Evidence 3.0: the same customer paid twice before without a dispute."""

    disputed_transaction: DisputedTransaction | None = None
    prior_undisputed_transactions: list[PriorTransaction] = []


class Compliance(msgspec.Struct):
    fee_acknowledged: bool = False


class EnhancedEvidence(msgspec.Struct):
    mastercard_compliance: Compliance | UnsetType = UNSET
    visa_compelling_evidence_3: CompellingEvidence | UnsetType = UNSET
    visa_compliance: Compliance | UnsetType = UNSET


class Evidence(msgspec.Struct):
    """As stored, and as the API shows it."""

    EXPANDABLE: ClassVar[dict[str, str]] = dict.fromkeys(FILES, "file")

    access_activity_log: str | None = None
    billing_address: str | None = None
    cancellation_policy: Expandable | None = None
    cancellation_policy_disclosure: str | None = None
    cancellation_rebuttal: str | None = None
    customer_communication: Expandable | None = None
    customer_email_address: str | None = None
    customer_name: str | None = None
    customer_purchase_ip: str | None = None
    customer_signature: Expandable | None = None
    duplicate_charge_documentation: Expandable | None = None
    duplicate_charge_explanation: str | None = None
    duplicate_charge_id: str | None = None
    enhanced_evidence: EnhancedEvidence = msgspec.field(default_factory=EnhancedEvidence)
    product_description: str | None = None
    receipt: Expandable | None = None
    refund_policy: Expandable | None = None
    refund_policy_disclosure: str | None = None
    refund_refusal_explanation: str | None = None
    service_date: str | None = None
    service_documentation: Expandable | None = None
    shipping_address: str | None = None
    shipping_carrier: str | None = None
    shipping_date: str | None = None
    shipping_documentation: Expandable | None = None
    shipping_tracking_number: str | None = None
    uncategorized_file: Expandable | None = None
    uncategorized_text: str | None = None


_decoder = msgspec.json.Decoder(Evidence)
read_evidence = _decoder.decode


def has_evidence(evidence: Evidence) -> bool:
    return evidence != Evidence()


def characters(evidence: Evidence) -> int:
    """How many characters of text there are in all; ids of files do not count."""
    fields = msgspec.to_builtins(evidence)
    return sum(
        len(text) for name, value in fields.items() if name not in FILES for text in _texts(value)
    )


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def missing_for_compelling_evidence(evidence: Evidence) -> list[str]:
    """What Visa still needs, in the words of `enhanced_eligibility.required_actions`."""
    given = evidence.enhanced_evidence.visa_compelling_evidence_3
    ours = given if isinstance(given, CompellingEvidence) else CompellingEvidence()
    disputed = ours.disputed_transaction or DisputedTransaction()
    prior = ours.prior_undisputed_transactions
    needed = {
        "missing_customer_identifiers": _shared_identifiers(disputed, prior) < _MATCHING,
        "missing_disputed_transaction_description": disputed.product_description is None,
        "missing_merchandise_or_services": disputed.merchandise_or_services is None,
        "missing_prior_undisputed_transaction_description": any(
            one.product_description is None for one in prior
        ),
        "missing_prior_undisputed_transactions": len(prior) < PRIOR_TRANSACTIONS,
    }
    return [action for action, is_missing in needed.items() if is_missing]


def _shared_identifiers(disputed: DisputedTransaction, prior: list[PriorTransaction]) -> int:
    return sum(
        (value := getattr(disputed, name)) is not None
        and all(getattr(one, name) == value for one in prior)
        for name in _IDENTIFIERS
    )
