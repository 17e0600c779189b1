"""What the API accepts about disputes (reference api.md §4.4). Unknown names are refused.

A text whose default is UNSET, or a type with `Literal[""]`, may be unset with "".
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from counterfoil.disputes.evidence import LONG_TEXT, PRIOR_TRANSACTIONS, SHORT_TEXT
from counterfoil.payments.details import Address
from counterfoil.payments.params import Metadata, Params

Short = Annotated[str, Meta(max_length=SHORT_TEXT)]
Long = Annotated[str, Meta(max_length=LONG_TEXT)]

Reason = Literal[
    "bank_cannot_process",
    "check_returned",
    "credit_not_processed",
    "customer_initiated",
    "debit_not_authorized",
    "duplicate",
    "fraudulent",
    "general",
    "incorrect_account_details",
    "insufficient_funds",
    "noncompliant",
    "product_not_received",
    "product_unacceptable",
    "subscription_canceled",
    "unrecognized",
]


class AppealCardParams(Params):
    reason_for_filing: Long | UnsetType = UNSET
    supporting_files: list[str] | Literal[""] | None = None


class AppealParams(Params):
    card: AppealCardParams | Literal[""] | None = None


class ComplianceParams(Params):
    fee_acknowledged: bool | None = None


class DisputedTransactionParams(Params):
    customer_account_id: Short | UnsetType = UNSET
    customer_device_fingerprint: Short | UnsetType = UNSET
    customer_device_id: Short | UnsetType = UNSET
    customer_email_address: Short | UnsetType = UNSET
    customer_purchase_ip: Short | UnsetType = UNSET
    merchandise_or_services: Literal["merchandise", "services"] | None = None
    product_description: Long | UnsetType = UNSET
    shipping_address: Address | None = None


class PriorTransactionParams(Params):
    charge: str
    customer_account_id: Short | UnsetType = UNSET
    customer_device_fingerprint: Short | UnsetType = UNSET
    customer_device_id: Short | UnsetType = UNSET
    customer_email_address: Short | UnsetType = UNSET
    customer_purchase_ip: Short | UnsetType = UNSET
    product_description: Long | UnsetType = UNSET
    shipping_address: Address | None = None


class CompellingEvidenceParams(Params):
    disputed_transaction: DisputedTransactionParams | None = None
    prior_undisputed_transactions: (
        Annotated[list[PriorTransactionParams], Meta(max_length=PRIOR_TRANSACTIONS)] | None
    ) = None


class EnhancedEvidenceParams(Params):
    mastercard_compliance: ComplianceParams | None = None
    visa_compelling_evidence_3: CompellingEvidenceParams | None = None
    visa_compliance: ComplianceParams | None = None


class EvidenceParams(Params):
    """Texts, and ids of files whose purpose is `dispute_evidence`."""

    access_activity_log: Long | UnsetType = UNSET
    appeal: AppealParams | Literal[""] | None = None
    billing_address: Short | UnsetType = UNSET
    cancellation_policy: str | UnsetType = UNSET
    cancellation_policy_disclosure: Long | UnsetType = UNSET
    cancellation_rebuttal: Long | UnsetType = UNSET
    customer_communication: str | UnsetType = UNSET
    customer_email_address: Short | UnsetType = UNSET
    customer_name: Short | UnsetType = UNSET
    customer_purchase_ip: Short | UnsetType = UNSET
    customer_signature: str | UnsetType = UNSET
    duplicate_charge_documentation: str | UnsetType = UNSET
    duplicate_charge_explanation: Long | UnsetType = UNSET
    duplicate_charge_id: Short | UnsetType = UNSET
    enhanced_evidence: EnhancedEvidenceParams | Literal[""] | None = None
    product_description: Long | UnsetType = UNSET
    receipt: str | UnsetType = UNSET
    refund_policy: str | UnsetType = UNSET
    refund_policy_disclosure: Long | UnsetType = UNSET
    refund_refusal_explanation: Long | UnsetType = UNSET
    service_date: Short | UnsetType = UNSET
    service_documentation: str | UnsetType = UNSET
    shipping_address: Short | UnsetType = UNSET
    shipping_carrier: Short | UnsetType = UNSET
    shipping_date: Short | UnsetType = UNSET
    shipping_documentation: str | UnsetType = UNSET
    shipping_tracking_number: Short | UnsetType = UNSET
    uncategorized_file: str | UnsetType = UNSET
    uncategorized_text: Long | UnsetType = UNSET


class UpdateDispute(Params):
    evidence: EvidenceParams | None = None
    intended_submission_method: (
        Literal["manual", "prefer_manual", "prefer_smart_disputes", "smart_disputes"] | None
    ) = None
    metadata: Metadata | None = None
    submit: bool | None = None  # None: true when evidence is sent


class CreateDispute(Params):
    """Our test helper: what the cardholder's bank does."""

    charge: str
    amount: Annotated[int, Meta(ge=1)] | None = None
    reason: Reason = "fraudulent"
    type: Literal["chargeback", "inquiry"] = "chargeback"
    metadata: Metadata | None = None


def given_fields(params: msgspec.Struct) -> dict[str, object]:
    """The fields that a request named; "" stands for one that it unsets."""
    named = {name: getattr(params, name) for name in params.__struct_fields__}
    return {
        name: value for name, value in named.items() if value is not UNSET and value is not None
    }
