"""What the issuers of test cards do after a charge (reference test-data.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Opening:
    """A dispute to be: why, of what kind, about which share of the charge."""

    reason: str = "fraudulent"
    case_type: str = "chargeback"  # chargeback | inquiry | compliance
    programs: tuple[str, ...] = ()
    parts: int = 1  # the charge is disputed in so many parts, this being one of them


BY_SCENARIO: Final[dict[str, tuple[Opening, ...]]] = {
    "dispute_fraudulent": (Opening(),),
    "dispute_product_not_received": (Opening("product_not_received"),),
    "dispute_inquiry": (Opening(case_type="inquiry"),),
    "dispute_multiple": (Opening(parts=2), Opening()),
    "dispute_ce3_eligible": (Opening(programs=("visa_compelling_evidence_3",)),),
    "dispute_visa_compliance": (
        Opening("noncompliant", "compliance", programs=("visa_compliance",)),
    ),
    "dispute_mastercard_compliance": (
        Opening("noncompliant", "compliance", programs=("mastercard_compliance",)),
    ),
}

# What the networks call it; other reasons and brands go without a code.
_NETWORK_CODES: Final = {
    ("visa", "fraudulent"): "10.4",
    ("visa", "unrecognized"): "10.4",
    ("visa", "product_not_received"): "13.1",
    ("visa", "subscription_canceled"): "13.2",
    ("visa", "product_unacceptable"): "13.3",
    ("visa", "credit_not_processed"): "13.6",
    ("visa", "duplicate"): "12.6.1",
    ("mastercard", "fraudulent"): "4837",
    ("mastercard", "unrecognized"): "4863",
    ("mastercard", "product_not_received"): "4853",
    ("mastercard", "subscription_canceled"): "4853",
    ("mastercard", "product_unacceptable"): "4853",
    ("mastercard", "credit_not_processed"): "4853",
    ("mastercard", "duplicate"): "4834",
}


def network_code(brand: str, reason: str) -> str | None:
    return _NETWORK_CODES.get((brand, reason))
