"""What the simulated card network does with a card (reference test-data.md §§1–6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Decline:
    """An issuer's no: Stripe's `code` and `decline_code`, and a sentence for the payer."""

    code: str
    message: str
    decline_code: str | None = None
    blocked: bool = False  # by risk rules, before the issuer was asked


@dataclass(frozen=True, slots=True)
class Checks:
    """Results of the issuer's checks: pass, fail, unavailable, or None when not asked."""

    cvc: str | None = "pass"
    line1: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """One behaviour. What begins after a successful charge is named, and done elsewhere."""

    decline: Decline | None = None
    authentication: Literal["none", "required", "required_unless_set_up"] = "none"
    bypass_pending: bool = False
    attachable: bool = True
    risk_level: Literal["normal", "elevated", "highest"] = "normal"
    checks: Checks = Checks()


def _declined(decline_code: str, message: str = "Your card was declined.") -> Scenario:
    decline = Decline("card_declined", message, decline_code)
    return Scenario(decline=decline, attachable=False)


_PROCESSING_ERROR: Final = Decline(
    "processing_error", "An error occurred while processing your card. Try again in a little bit."
)
_INSUFFICIENT: Final = "Your card has insufficient funds."

SCENARIOS: Final[dict[str, Scenario]] = {
    "succeeds": Scenario(),
    "bypass_pending": Scenario(bypass_pending=True),
    "declined": _declined("generic_decline"),
    "insufficient_funds": _declined("insufficient_funds", _INSUFFICIENT),
    "lost_card": _declined("lost_card"),
    "stolen_card": _declined("stolen_card"),
    "card_velocity_exceeded": _declined("card_velocity_exceeded"),
    "expired_card": Scenario(
        decline=Decline("expired_card", "Your card has expired."), attachable=False
    ),
    "incorrect_cvc": Scenario(
        decline=Decline("incorrect_cvc", "Your card's security code is incorrect."),
        attachable=False,
        checks=Checks(cvc="fail"),
    ),
    "processing_error": Scenario(decline=_PROCESSING_ERROR, attachable=False),
    "attaches_then_declined": Scenario(
        decline=Decline("card_declined", "Your card was declined.", "generic_decline")
    ),
    "risk_blocked": Scenario(
        decline=Decline("card_declined", "Your card was declined.", "fraudulent", blocked=True),
        risk_level="highest",
    ),
    "risk_highest": Scenario(
        decline=Decline("card_declined", "Your card was declined.", "fraudulent", blocked=True),
        risk_level="highest",
    ),
    "risk_elevated": Scenario(risk_level="elevated"),
    "cvc_check_fails": Scenario(checks=Checks(cvc="fail")),
    "postal_code_fails": Scenario(checks=Checks(postal_code="fail", line1="pass")),
    "line1_fails": Scenario(checks=Checks(line1="fail", postal_code="pass")),
    "address_fails": Scenario(checks=Checks(line1="fail", postal_code="fail")),
    "address_unavailable": Scenario(checks=Checks(line1="unavailable", postal_code="unavailable")),
    "authentication_unless_set_up": Scenario(authentication="required_unless_set_up"),
    "authentication_required": Scenario(authentication="required"),
    "authentication_already_set_up": Scenario(),
    "authentication_then_insufficient_funds": Scenario(
        authentication="required",
        decline=Decline("card_declined", _INSUFFICIENT, "insufficient_funds"),
    ),
    "authentication_then_declined": Scenario(
        authentication="required",
        decline=Decline("card_declined", "Your card was declined.", "generic_decline"),
    ),
    "authentication_then_processing_error": Scenario(
        authentication="required", decline=_PROCESSING_ERROR
    ),
    # The charge succeeds; what follows belongs to disputes, refunds and account reviews.
    **{
        name: Scenario()
        for name in (
            "dispute_fraudulent",
            "dispute_product_not_received",
            "dispute_inquiry",
            "early_fraud_warning",
            "dispute_multiple",
            "dispute_ce3_eligible",
            "dispute_visa_compliance",
            "dispute_mastercard_compliance",
            "refund_pending",
            "refund_fails",
            "next_requirements_due",
            "charge_block",
            "payout_block",
        )
    },
}
