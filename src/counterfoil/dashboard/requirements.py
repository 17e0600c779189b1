"""What is asked of a seller: by when, what happens otherwise, and who must act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from counterfoil.accounts.policy import CHARGES_AFTER
from counterfoil.accounts.shapes import Requirements
from counterfoil.dashboard.details.steps import Details, Step, details_of
from counterfoil.dashboard.queries.payout_terms import payout_terms
from counterfoil.wording import dates
from counterfoil.wording.languages import gettext as _

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller


@dataclass(frozen=True, slots=True)
class Task:
    """One form that is to be filled in. `wrong`: what was given and does not match."""

    name: str
    title: str
    whose: str
    wrong: str
    is_late: bool
    is_optional: bool  # only due later
    starts: date | None = None  # announced: it is needed from this day on
    instead: str = ""  # the form that does as well


@dataclass(frozen=True, slots=True)
class Asked:
    """`tone` is negative (something has stopped), caution (a deadline), accent (nothing to do)."""

    tone: str
    title: str
    text: str
    tasks: list[Task]
    deadline: date | None = None

    @property
    def first(self) -> str | None:
        return self.tasks[0].name if self.tasks else None


def tasks_of(
    seller: Seller, due: Requirements | None = None, future: Requirements | None = None
) -> Asked | None:
    """What is asked, and None when nothing is. Call it inside `written_for`.

    `due` and `future`: the account's requirements, where they have been read already.
    """
    later = seller.features.collect_eventually_due
    if due is None or future is None:
        terms = payout_terms(seller.account_id, livemode=seller.livemode)
        due, future = terms.requirements, terms.future_requirements
    quiet = not (due.currently_due or due.disabled_reason or due.pending_verification)
    quiet = quiet and not future.currently_due
    if quiet and not (later and due.eventually_due):
        return None  # as on most days, for the price of one look
    details = details_of(
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        account_id=seller.account_id,
        asked="eventually_due" if later else "currently_due",
        now=seller.platform_now,
        ahead=True,
    )
    return asked_of(details, platform=seller.platform_name)


def asked_of(details: Details, *, platform: str) -> Asked | None:
    """The same of an account's details."""
    due = details.profile.requirements
    tasks = [_task(details, step) for step in details.due() if _concerns(details, step)]
    reason = due.disabled_reason or ""
    if reason.startswith("rejected."):
        text = _("Ask %(platform)s why. What happened before stays here to read.")
        return Asked("negative", _("This account is closed"), text % {"platform": platform}, [])
    if tasks and due.past_due:
        return Asked("negative", _late_title(details), _late_text(details), tasks)
    if reason in ("listed", "under_review"):
        text = _("Nothing to do for you now. Payouts wait until it is done.")
        return Asked("caution", _("Your account is being reviewed"), text, [])
    if due.pending_verification and not tasks:
        text = _("Nothing to do for you now. It usually takes a day or two.")
        return Asked("accent", _("Your details are being checked"), text, [])
    if reason == "action_required.requested_capabilities":
        text = _("Only %(platform)s can do that.") % {"platform": platform}
        return Asked("caution", _("This account is not set up to be paid yet"), text, [])
    if tasks and due.current_deadline is not None:
        day = dates.local(due.current_deadline).date()
        title = _due_title([task for task in tasks if not task.is_optional], day)
        return Asked("caution", title, _due_text(), tasks, day)
    if announced := [task for task in tasks if task.starts is not None]:
        return Asked("accent", _announced_title(announced), _announced_text(), tasks)
    if tasks:
        text = _("There is no deadline yet. Giving it now saves you being asked later.")
        return Asked("accent", _("You can give more details already"), text, tasks)
    return None


def _concerns(details: Details, step: Step) -> bool:
    return step.kind != "terms" or any(name.startswith("tos_acceptance") for name in details.wanted)


def _task(details: Details, step: Step) -> Task:
    due = details.profile.requirements

    def is_among(names: list[str]) -> bool:
        return any(name.startswith(start) for name in names for start in step.answers)

    wrong = next(
        (
            reason
            for name, reason in details.errors.items()
            if any(name.startswith(start) for start in step.answers)
        ),
        "",
    )
    starts_at = details.announced_for(step)
    return Task(
        step.name,
        step.title if step.kind == "question" else _(step.title),
        step.whose,
        _(wrong) if wrong else "",
        is_late=is_among(due.past_due),
        is_optional=not is_among(due.currently_due),
        starts=None if starts_at is None else dates.local(starts_at).date(),
        instead=" · ".join(_(other.title) for other in details.instead_of(step)),
    )


def _late_title(details: Details) -> str:
    account = details.account
    if not account.charges_enabled and not account.payouts_enabled:
        if not details.profile.enabled_once:
            return _("Something is missing before you can be paid")
        return _("Payments and payouts are paused")
    if not account.payouts_enabled:
        return _("Payouts are paused")
    return _("Something is missing")


def _late_text(details: Details) -> str:
    if not details.profile.enabled_once:
        return _("Give what is listed here. It takes a few minutes.")
    if details.account.charges_enabled:
        days = CHARGES_AFTER // 86_400
        words = ngettext(
            "Your money waits safely in your balance. Give what is listed here and payouts go on"
            " at once; otherwise payments stop as well, %(n)d day after payouts.",
            "Your money waits safely in your balance. Give what is listed here and payouts go on"
            " at once; otherwise payments stop as well, %(n)d days after payouts.",
            days,
        )
        return words % {"n": days}
    return _(
        "Your money waits safely in your balance. Give what is listed here and everything goes on"
        " at once."
    )


def _due_title(tasks: list[Task], day: date) -> str:
    if len(tasks) == 1:
        words = _("Needed by %(day)s: %(what)s")
        return words % {"day": dates.short_day(day), "what": tasks[0].title}
    words = ngettext(
        "%(n)d thing is needed by %(day)s", "%(n)d things are needed by %(day)s", len(tasks)
    )
    return words % {"n": len(tasks), "day": dates.short_day(day)}


def _announced_title(tasks: list[Task]) -> str:
    day = min(task.starts for task in tasks if task.starts is not None)
    if len(tasks) == 1:
        words = _("Needed from %(day)s on: %(what)s")
        return words % {"day": dates.short_day(day), "what": tasks[0].title}
    words = ngettext(
        "%(n)d thing will be needed, from %(day)s on",
        "%(n)d things will be needed, from %(day)s on",
        len(tasks),
    )
    return words % {"n": len(tasks), "day": dates.short_day(day)}


def _announced_text() -> str:
    return _(
        "Nothing changes before that day; then there is a deadline. Giving it now saves you being"
        " asked again."
    )


def _due_text() -> str:
    return _("Nothing has stopped. After that day payouts wait until it is given.")
