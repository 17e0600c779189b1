"""What an account's details lead to: requirements, flags, the state of its capabilities.

missing from the start, or wrong    past due, and the account is disabled until it is mended
asked for once it was enabled       currently due until a deadline; then payouts stop, and
                                    `CHARGES_AFTER` later charges
due later                           eventually due, and nothing stops
announced                           in the future requirements until the day it is asked for
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from counterfoil.accounts.facts import Facts
from counterfoil.accounts.policy.needs import Need, needs
from counterfoil.accounts.reasons import REASONS
from counterfoil.accounts.shapes import Alternative, RequirementError, Requirements
from counterfoil.accounts.verification import Verification, verifier
from counterfoil.kit.clock import DAY
from counterfoil.kit.refused import InvalidRequest

GRACE: Final = 14 * DAY  # from being asked for something to payouts stopping
CHARGES_AFTER: Final = 7 * DAY  # from payouts stopping to charges stopping


@dataclass(frozen=True, slots=True)
class Assessment:
    """The state of an account that its details lead to."""

    requirements: Requirements
    future: Requirements  # what is announced; `current_deadline` is when it is asked for
    capability_status: str  # of every requested one but `waiting`: inactive | pending | active
    payouts_enabled: bool
    details_submitted: bool
    person: str  # the individual's verification status
    people: dict[str, str] = field(default_factory=dict)  # the same of a company's people, by id
    waiting: frozenset[str] = frozenset()  # capabilities that something is missing for
    next_at: int | None = None  # when a deadline or an announcement acts next, UTC seconds


@dataclass(frozen=True, slots=True)
class _Asked:
    """A need that somebody demanded, and by when."""

    need: Need
    deadline: int
    charges_too: bool

    @property
    def moments(self) -> tuple[int, int]:
        """When payouts stop, and when charges do."""
        return self.deadline, self.deadline + (0 if self.charges_too else CHARGES_AFTER)


def assess(facts: Facts, *, submitted_before: bool) -> Assessment:
    """Requirements, flags and capability status, all from the details.

    `submitted_before`: once everything was there, `details_submitted` stays true.
    """
    found = verifier(livemode=facts.livemode).check(facts)
    asked_by = _asked_by(facts)
    announced = _announced(facts, asked_by)
    wanted = [need for need in needs(facts) if need.when != "on_demand" or need.key in asked_by]
    missing = {need.field for need in wanted if need.when == "at_once" and not need.capability}
    special = [need for need in wanted if need.capability]
    asked = _asked(asked_by, wanted)
    wrong = {error.requirement for error in found.errors}
    blocking = missing | wrong

    late = {one.need.field for one in asked if one.moments[0] <= facts.now}
    stopped = blocking or any(one.moments[1] <= facts.now for one in asked)
    past = sorted(blocking | late | {error.requirement for error in found.held})
    due = {*past, *(one.need.field for one in asked), *(need.field for need in special)}
    pending = [] if missing else list(found.pending)

    requested = bool(facts.profile.capabilities)
    sound = requested and not (stopped or found.held_for or pending)
    rejected = facts.profile.rejected is not None
    active = sound and not rejected
    kept = rejected and facts.profile.rejected_pauses_payouts
    pays = sound and not (kept or late or found.held)
    requirements = Requirements(
        alternatives=_alternatives(wanted),
        current_deadline=min((one.deadline for one in asked), default=None),
        currently_due=sorted(due),
        disabled_reason=facts.profile.rejected or _disabled_reason(past, found, pending, requested),
        errors=[*found.errors, *found.held, *_overdue(late)],
        eventually_due=sorted({*due, *(need.field for need in wanted)}),
        past_due=past,
        pending_verification=[*pending, *found.checking],
    )
    return Assessment(
        requirements=requirements,
        future=_future(announced),
        capability_status="active" if active else _inactive(bool(stopped), pending),
        payouts_enabled=pays,
        details_submitted=submitted_before or not missing,
        person=found.person,
        people=found.people,
        waiting=frozenset(need.capability for need in special if need.capability),
        next_at=_next(asked, announced, facts),
    )


def _asked_by(facts: Facts) -> dict[str, tuple[int, bool]]:
    """By key of a need: its earliest deadline, and whether charges stop then too."""
    by_key: dict[str, tuple[int, bool]] = {}
    for demand in facts.profile.demands:
        for key in demand.keys if demand.starts_at <= facts.now else ():
            present = by_key.get(key)
            if present is None or demand.deadline < present[0]:
                by_key[key] = (demand.deadline, demand.charges_too)
    return by_key


def _asked(asked_by: Mapping[str, tuple[int, bool]], wanted: Iterable[Need]) -> list[_Asked]:
    """Those of the needs that were demanded, each with its earliest deadline."""
    return [
        _Asked(need, *asked_by[need.key])
        for need in wanted
        if need.key in asked_by and need.when != "at_once"
    ]


def _announced(facts: Facts, asked_by: Collection[str]) -> list[tuple[Need, int]]:
    """What will be asked for and is not yet, each with the first moment at which it will be."""
    starts: dict[str, int] = {}
    for demand in facts.profile.demands:
        for key in demand.keys if demand.starts_at > facts.now else ():
            starts[key] = min(demand.starts_at, starts.get(key, demand.starts_at))
    return [
        (need, starts[need.key])
        for need in needs(facts)
        if need.key in starts and need.key not in asked_by and need.when != "at_once"
    ]


def _future(announced: Sequence[tuple[Need, int]]) -> Requirements:
    fields = sorted({need.field for need, _ in announced})
    return Requirements(
        alternatives=_alternatives(need for need, _ in announced),
        current_deadline=min((starts_at for _, starts_at in announced), default=None),
        currently_due=fields,
        eventually_due=list(fields),
    )


def _next(
    asked: Iterable[_Asked], announced: Iterable[tuple[Need, int]], facts: Facts
) -> int | None:
    moments = [moment for one in asked for moment in one.moments]
    moments += [starts_at for _, starts_at in announced]
    if facts.profile.ownership_told_at is not None:
        moments.append(facts.profile.ownership_told_at)
    return min((moment for moment in moments if moment > facts.now), default=None)


def _alternatives(wanted: Iterable[Need]) -> list[Alternative]:
    offered = {need.field: need.instead for need in wanted if need.instead}
    return [Alternative([instead], [name]) for name, instead in sorted(offered.items())]


def _overdue(late: Collection[str]) -> list[RequirementError]:
    code = "information_missing"
    return [RequirementError(code, REASONS[code], name) for name in sorted(late)]


def _inactive(stopped: bool, pending: Collection[str]) -> str:
    return "pending" if pending and not stopped else "inactive"


def _disabled_reason(
    past: Collection[str], found: Verification, pending: Collection[str], requested: bool
) -> str | None:
    if past:
        return "requirements.past_due"
    if found.held_for:
        return found.held_for
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
