"""Whether an account may go on: the platform rejects it, takes that back, deletes it, asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from counterfoil.accounts.deadlines import demand, undemanded
from counterfoil.accounts.models import Account
from counterfoil.accounts.operations.changing import Change, changed_account
from counterfoil.accounts.operations.parting import part_with
from counterfoil.accounts.operations.requested import check_capabilities, request_capabilities
from counterfoil.accounts.operations.saving import (
    facts_of,
    has_external_account,
    lock_account,
    scope_of,
)
from counterfoil.accounts.params import AskQuestion, CapabilityParams, RejectAccount
from counterfoil.accounts.policy import GRACE, askable, given
from counterfoil.accounts.profile import Question
from counterfoil.accounts.wire import AccountWire, DeletedWire
from counterfoil.audit.operations import record_decision
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import fetch_all, unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import InvalidRequest

_REJECTED: Final = {
    "terms_of_service": "rejected.platform_terms_of_service",
    "other": "rejected.platform_other",
    "credit": "rejected.platform_other",
}
_FRAUD: Final = "rejected.platform_fraud"
_LONGEST_DEADLINE: Final = 365


def reject_account(
    *, platform_id: str, livemode: bool, account_id: str, params: RejectAccount, now: int
) -> AccountWire:
    """Stop an account's charges, and its payouts unless `payouts_action` is none.

    `now` is the platform's clock, UTC seconds. The same again changes nothing. Raises
    ResourceMissing, and InvalidRequest where the platform does not bear the losses.
    """
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        if change.account.losses_payments != "application":
            raise InvalidRequest(
                "Only accounts whose losses the platform bears can be rejected by it.",
                param="account",
            )
        change.profile.rejected = _REJECTED.get(params.reason, _FRAUD)
        change.profile.rejected_pauses_payouts = params.payouts_action == "pause"
        record_decision(
            "account.rejected", scope=scope_of(change.account), after={"reason": params.reason}
        )
    return change.after


def unreject_account(*, platform_id: str, livemode: bool, account_id: str, now: int) -> AccountWire:
    """Take the platform's own rejection back. Raises ResourceMissing, and InvalidRequest where
    there is none."""
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        if change.profile.rejected is None:
            raise InvalidRequest("This account is not rejected.", param="account")
        change.profile.rejected, change.profile.rejected_pauses_payouts = None, False
        record_decision("account.unrejected", scope=scope_of(change.account))
    return change.after


def delete_account(*, platform_id: str, livemode: bool, account_id: str, now: int) -> DeletedWire:
    """Part with an account; what it owes and what was booked stay in the books.

    Raises ResourceMissing, and InvalidRequest for a live account with money in a balance or one
    with a full dashboard whose losses are not the platform's.
    """
    with unit_of_work():
        account = lock_account(platform_id=platform_id, livemode=livemode, account_id=account_id)
        if livemode:
            _check_may_be_deleted(account)
        part_with(account, now=now)
        record_decision("account.deleted", scope=scope_of(account))
    return DeletedWire(account_id, "account")


def _check_may_be_deleted(account: Account) -> None:
    if account.losses_payments == "stripe" and account.dashboard_type == "full":
        raise InvalidRequest("An account with a dashboard of its own is closed by its holder.")
    rows = fetch_all(
        "SELECT currency FROM ledger_balance WHERE owner = %s AND livemode = %s"
        " GROUP BY currency, purpose HAVING SUM(amount) <> 0",
        [account.id, account.livemode],
    )
    if rows:
        held = ", ".join(sorted({currency for (currency,) in rows}))
        raise InvalidRequest(
            f"This account still has a balance in {held}. Pay it out or settle it first."
        )


def update_capability(
    *,
    platform_id: str,
    livemode: bool,
    account_id: str,
    name: str,
    wish: CapabilityParams,
    now: int,
) -> AccountWire:
    """Request one capability, or take the request back. Raises ResourceMissing and
    InvalidRequest."""
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        request_capabilities(change.profile, {name: wish}, now=now)
        check_capabilities(change.profile, country=change.account.country)
    return change.after


def ask_question(
    *, platform_id: str, livemode: bool, params: AskQuestion, now: int
) -> tuple[AccountWire, str, list[str]]:
    """Something the platform wants to know of a seller, by a deadline as for any requirement.

    Until `starts_in_days` have passed it is a future requirement. Answers the account, the id of
    what was asked and the requirements that it became. Raises ResourceMissing, and InvalidRequest
    for a question that cannot be answered and details that are not missing.
    """
    _check_question(params)
    ident = new_id("interv", now)
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=params.account, now=now
    ) as change:
        if params.kind == "details":
            keys = requirements = _missing_of(change, params.details, now)
        else:
            keys, requirements = [ident], [f"{ident}.additional_info.form"]
            change.profile.questions.append(
                Question(ident, params.kind, params.title, params.text, params.choices, now)
            )
        demand(
            change.profile,
            keys,
            now=now,
            grace=params.days * DAY,
            cause=ident,
            ahead=params.starts_in_days * DAY,
        )
        record_decision(
            "account.asked",
            scope=scope_of(change.account),
            object_id=ident,
            after={"title": params.title},
        )
    return change.after, ident, requirements


def _check_question(params: AskQuestion) -> None:
    if not params.title.strip():
        raise InvalidRequest("Say in a few words what is asked for.", param="title")
    if params.kind == "choice" and len(params.choices) < 2:
        raise InvalidRequest("A choice needs at least two answers.", param="choices")
    if params.kind != "choice" and params.choices:
        raise InvalidRequest("Only a choice has choices.", param="choices")
    if (params.kind == "details") != bool(params.details):
        raise InvalidRequest(
            "Name requirements in `details`, and send the kind `details` with them.",
            param="details",
        )
    if params.kind == "details" and params.text:
        raise InvalidRequest("The forms of details have words of their own.", param="text")
    if not 1 <= params.days <= _LONGEST_DEADLINE:
        raise InvalidRequest(f"Send 1 to {_LONGEST_DEADLINE} days.", param="days")
    if not 0 <= params.starts_in_days <= _LONGEST_DEADLINE:
        raise InvalidRequest(f"Send 0 to {_LONGEST_DEADLINE} days.", param="starts_in_days")


def _missing_of(change: Change, names: Sequence[str], now: int) -> list[str]:
    """Those of the details that the account has not given."""
    account, profile = change.account, change.profile
    facts = facts_of(account, profile, has_external=has_external_account(account), now=now)
    unknown = sorted(set(names) - askable(facts))
    if unknown:
        offered = ", ".join(sorted(askable(facts))) or "nothing by name"
        raise InvalidRequest(
            f"This account cannot be asked for {unknown[0]}. It can be asked for {offered}.",
            param="details",
        )
    missing = sorted(name for name in set(names) if not given(facts, name))
    if not missing:
        raise InvalidRequest("This account has given these details already.", param="details")
    return missing


def answer_question(
    *, platform_id: str, livemode: bool, account_id: str, question_id: str, answer: str, now: int
) -> AccountWire:
    """What the holder answers: the text, one of the choices, or the id of a file they handed in.

    Raises InvalidRequest for no answer, another choice, and a question that is not open.
    """
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        found = [one for one in change.profile.questions if one.id == question_id]
        if not found or found[0].answer is not None:
            raise InvalidRequest("This has been answered already.", code="resource_missing")
        question = found[0]
        if not answer.strip() or (question.kind == "choice" and answer not in question.choices):
            raise InvalidRequest("Give an answer.", param="answer", code="parameter_missing")
        question.answer, question.answered_at = answer.strip(), now
    return change.after


def ask_for_the_rest(
    *, platform_id: str, livemode: bool, account_id: str, block: str, cause: str, now: int
) -> None:
    """Test mode's triggers: what is due later is due now (reference test-data §6).

    `block` is charges or payouts, stopped at once until all has been given, or nothing: then
    there is time. Once per `cause`. Nothing happens to an account that was never enabled; one
    that owes nothing is asked for a document.
    """
    with changed_account(
        platform_id=platform_id, livemode=livemode, account_id=account_id, now=now
    ) as change:
        account, profile = change.account, change.profile
        if not profile.enabled_once or any(one.cause == cause for one in profile.demands):
            return
        facts = facts_of(account, profile, has_external=has_external_account(account), now=now)
        whose = "individual" if account.business_type == "individual" else "company"
        keys = undemanded(facts) or {f"{whose}.verification.document"}
        stops = block in ("charges", "payouts")
        demand(
            profile,
            keys,
            now=now,
            grace=0 if stops else GRACE,
            charges_too=block == "charges",
            cause=cause,
        )
