"""What an account's details lead to: requirements, flags, the state of its capabilities."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from counterfoil.accounts.policy.facts import Facts
from counterfoil.accounts.policy.missing import ALTERNATIVES, missing_fields
from counterfoil.accounts.policy.verification import Verification, verification
from counterfoil.accounts.shapes import Alternative, Requirements
from counterfoil.kit.refused import InvalidRequest


@dataclass(frozen=True, slots=True)
class Assessment:
    """The state of an account that its details lead to."""

    requirements: Requirements
    capability_status: str  # of every requested one: inactive | pending | active
    payouts_enabled: bool
    details_submitted: bool
    person: str  # the individual's verification status


def assess(facts: Facts, *, submitted_before: bool) -> Assessment:
    """Requirements, flags and capability status, all from the details.

    `submitted_before`: once everything was there, `details_submitted` stays true.
    """
    missing = missing_fields(facts)
    found = verification(facts)
    blocking = {*missing, *(error.requirement for error in found.errors)}
    due = sorted(blocking | {error.requirement for error in found.held})
    pending = [] if missing else list(found.pending)
    requested = bool(facts.profile.capabilities)
    active = requested and not (blocking or found.listed or pending)
    requirements = Requirements(
        alternatives=[
            Alternative([ALTERNATIVES[name]], [name]) for name in missing if name in ALTERNATIVES
        ],
        currently_due=due,
        disabled_reason=_disabled_reason(due, found, pending, requested),
        errors=[*found.errors, *found.held],
        eventually_due=due,
        past_due=due,
        pending_verification=pending,
    )
    return Assessment(
        requirements=requirements,
        capability_status="active" if active else _inactive(blocking, pending),
        payouts_enabled=active and not found.held,
        details_submitted=submitted_before or not missing,
        person=found.person,
    )


def _inactive(blocking: Collection[str], pending: Collection[str]) -> str:
    return "pending" if pending and not blocking else "inactive"


def _disabled_reason(
    due: Collection[str], found: Verification, pending: Collection[str], requested: bool
) -> str | None:
    if due:
        return "requirements.past_due"
    if found.listed:
        return "listed"
    if pending:
        return "requirements.pending_verification"
    return None if requested else "action_required.requested_capabilities"


def check_login_link(*, dashboard_type: str, details_submitted: bool) -> None:
    """Raise InvalidRequest unless the account has the Express Dashboard and is onboarded."""
    if dashboard_type != "express":
        raise InvalidRequest(
            "Only accounts with the Express Dashboard have login links."
            " Create the account with `controller[stripe_dashboard][type]=express`.",
            param="account",
        )
    if not details_submitted:
        raise InvalidRequest(
            "Cannot create a login link for an account that has not completed onboarding."
        )
