"""Payouts by schedule: due accounts are claimed in sets, and paid out with one statement a table.

Any number of workers may run this at once. PostgreSQL skips the accounts that another worker
holds; SQLite has one writer. A batch commits whole, and only then are its accounts due later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import msgspec
from django.db import transaction

from counterfoil.accounts.payout_schedule import next_run, runs_on
from counterfoil.accounts.profile import Settings
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.clock import utc_date
from counterfoil.kit.db import (
    change_row_suffix,
    execute,
    fetch_all,
    in_index_order,
    placeholders,
    unit_of_work,
)
from counterfoil.kit.failpoints import failpoint
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft
from counterfoil.ledger.locks import lock_many_funds
from counterfoil.payments.operations.posting import post_money
from counterfoil.payments.operations.reserving import below_zero
from counterfoil.payments.rows import insert
from counterfoil.payouts import arrival, lines
from counterfoil.payouts.books import DESCRIPTION, PayoutFacts, kept_back_entry, payout_entry
from counterfoil.payouts.policy import Target, is_held, left_behind
from counterfoil.payouts.queries import default_targets
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import payout_wire

BATCH: Final = 500  # accounts


class _Profile(msgspec.Struct):
    """The part of an account's profile that payouts need."""

    settings: Settings


_profile = msgspec.json.Decoder(_Profile)


@dataclass(frozen=True, slots=True)
class _Due:
    """An account whose schedule has come."""

    id: str
    country: str
    payouts_enabled: bool
    due_at: int
    settings: Settings

    @property
    def runs(self) -> bool:
        # The day is looked at again: the schedule may have changed since it was written down.
        day = utc_date(self.due_at)
        return self.payouts_enabled and runs_on(self.settings.schedule, day, country=self.country)


@dataclass(slots=True)
class _Plan:
    """A payout to be, in one currency of one account."""

    claim: lines.Claim
    account: _Due
    target: Target
    amount: int = 0
    line_count: int = 0
    kept_back: int = 0
    hold_id: str = ""


def run_schedules(platform_id: str, livemode: bool, *, now: int) -> int:
    """Pay out every account of a platform that is due; how many accounts that were.

    `now` is the platform's clock, UTC seconds. Leaves none due, also when another worker has
    begun with some: it waits for that worker's commit.
    """
    done = 0
    for wait in (False, True):
        while (some := _run_batch(platform_id, livemode, now=now, wait=wait)) is not None:
            done += some
    return done


def _run_batch(platform_id: str, livemode: bool, *, now: int, wait: bool) -> int | None:
    """Do some of the accounts that are due; how many were done, None when there are none.

    A run that is done late must not pay out what was taken back since. So an account to whose
    balance something has happened after `now` is run at that later moment, in a batch that
    holds only such accounts.
    """
    with unit_of_work():
        due = _claim(platform_id, livemode, now=now, wait=wait)
        if not due:
            return None
        later = _later_rows([one.id for one in due], livemode, now=now)
        chosen = [one for one in due if one.id not in later]
        if not chosen:
            chosen, now = due, max(later.values())
        running = [one for one in chosen if one.runs]
        overtaken = _pay(running, platform_id, livemode, now=now)
        done = [one for one in chosen if one.id not in overtaken]
        _schedule_next(done, now=now)
        transaction.on_commit(partial(failpoint, "payouts.after_commit"))
        failpoint("payouts.before_commit")
    return len(done)


def _claim(platform_id: str, livemode: bool, *, now: int, wait: bool) -> list[_Due]:
    suffix = change_row_suffix()
    if suffix and not wait:
        suffix += " SKIP LOCKED"
    with in_index_order():
        rows = fetch_all(
            "SELECT id, country, payouts_enabled, next_payout_at, profile FROM accounts_account"  # noqa: S608 - a fixed suffix
            " WHERE platform_id = %s AND livemode = %s AND next_payout_at <= %s"
            " AND next_payout_at IS NOT NULL AND deleted_at IS NULL"
            f" ORDER BY next_payout_at, id LIMIT {BATCH:d}{suffix}",
            [platform_id, livemode, now],
        )
    return [
        _Due(ident, country, bool(enabled), due_at, _profile.decode(profile).settings)
        for ident, country, enabled, due_at, profile in rows
    ]


def _schedule_next(due: Sequence[_Due], *, now: int) -> None:
    by_moment: dict[int | None, list[str]] = defaultdict(list)
    for one in due:
        moment = next_run(one.settings.schedule, country=one.country, after=now)
        by_moment[moment].append(one.id)
    for moment, ids in by_moment.items():
        execute(
            "UPDATE accounts_account SET next_payout_at = %s"  # noqa: S608 - placeholders
            f" WHERE id IN ({placeholders(ids)})",
            [moment, *ids],
        )


def _later_rows(accounts: Sequence[str], livemode: bool, *, now: int) -> dict[str, int]:
    """The accounts with unclaimed rows made after `now`, and when the last of them was."""
    if not accounts:
        return {}
    rows = fetch_all(
        "SELECT owner, MAX(created) FROM ledger_unclaimed"  # noqa: S608 - placeholders
        f" WHERE owner IN ({placeholders(accounts)}) AND livemode = %s AND created > %s"
        " GROUP BY owner",
        [*accounts, livemode, now],
    )
    return {owner: int(created) for owner, created in rows}


def _pay(
    accounts: Sequence[_Due], platform_id: str, livemode: bool, *, now: int
) -> Collection[str]:
    """Pay out whoever has something; the accounts to which something happened meanwhile."""
    plans = _plans(accounts, livemode, now=now)
    if not plans:
        return ()
    funds = [(plan.claim.owner, plan.claim.currency) for plan in plans]
    lock_many_funds(funds, livemode=livemode)
    overtaken = _later_rows([plan.claim.owner for plan in plans], livemode, now=now)
    plans = [plan for plan in plans if plan.claim.owner not in overtaken]
    lines.claim_everything([plan.claim for plan in plans], livemode=livemode, now=now)
    plans = _decided(plans, now=now)
    if plans:
        _write(plans, platform_id, livemode, now=now)
    return overtaken


def _write(plans: Sequence[_Plan], platform_id: str, livemode: bool, *, now: int) -> None:
    """Rows, books and events of the payouts, each in one statement."""
    ids = [plan.claim.payout_id for plan in plans]
    _keep_back(plans)
    hashes = lines.content_hashes(ids)
    rows = [
        _row(plan, hashes[plan.claim.payout_id], platform_id, livemode, now=now) for plan in plans
    ]
    insert(*rows)
    entries = [_entry(row) for row in rows]
    entries += [_kept_back(plan, now=now) for plan in plans if plan.kept_back]
    post_money(entries, platform_id=platform_id, livemode=livemode, at=now, zones={})
    left = lines.leave_queue(ids)
    claimed = sum(plan.line_count for plan in plans)
    assert left == claimed, f"{claimed} lines were claimed, and {left} left the queue"
    record_events(
        EventDraft("payout.created", row.scope, payout_wire(row), row.id, now) for row in rows
    )


def _plans(accounts: Sequence[_Due], livemode: bool, *, now: int) -> list[_Plan]:
    """Who may be paid out, as it looks before anything is held."""
    if not accounts:
        return []
    by_id = {one.id: one for one in accounts}
    targets = default_targets(list(by_id))
    rows = fetch_all(
        "SELECT owner, currency, SUM(rest) FROM ledger_unclaimed"  # noqa: S608 - placeholders
        f" WHERE owner IN ({placeholders(list(by_id))}) AND livemode = %s AND available_on <= %s"
        " GROUP BY owner, currency HAVING SUM(rest) > 0 ORDER BY owner, currency",
        [*by_id, livemode, now],
    )
    owing = below_zero(sorted({owner for owner, _, _ in rows}), livemode)
    plans = []
    for owner, currency, available in rows:
        if (owner, currency) in owing:
            continue
        account, target = by_id[owner], targets.get((owner, currency))
        if target is None or target.status == "errored" or is_held(target, now=now):
            continue
        if _left_behind(account, currency, int(available)) < available:
            claim = lines.Claim(new_id("po", now), owner, currency)
            plans.append(_Plan(claim, account, target))
    return plans


def _left_behind(account: _Due, currency: str, available: int) -> int:
    kept = account.settings.minimum_balance_by_currency.get(currency, 0)
    return left_behind(available, currency=currency, minimum_balance=kept)


def _decided(plans: Sequence[_Plan], *, now: int) -> list[_Plan]:
    """The plans whose lines, now that nobody else can take them, still make a payout."""
    sums = lines.sums([plan.claim.payout_id for plan in plans])
    kept, dropped = [], []
    for plan in plans:
        total, plan.line_count = sums.get(plan.claim.payout_id, (0, 0))
        left = _left_behind(plan.account, plan.claim.currency, total)
        plan.amount = total - left
        if plan.amount <= 0:
            dropped.append(plan.claim.payout_id)
            continue
        if left:
            plan.kept_back, plan.hold_id = left, new_id("txn", now)
            plan.line_count += 1
        kept.append(plan)
    lines.drop(dropped)
    return kept


def _keep_back(plans: Sequence[_Plan]) -> None:
    """The balance to keep is a line of its own, the last one."""
    lines.add_lines(
        (plan.claim.payout_id, plan.line_count - 1, plan.hold_id, -plan.kept_back)
        for plan in plans
        if plan.kept_back
    )


def _row(plan: _Plan, lines_hash: str, platform_id: str, livemode: bool, *, now: int) -> PayoutRow:
    timing = arrival.automatic(now, country=plan.target.country)
    return PayoutRow(
        id=plan.claim.payout_id,
        platform_id=platform_id,
        livemode=livemode,
        account_id=plan.claim.owner,
        created=now,
        amount=plan.amount,
        currency=plan.claim.currency,
        status="pending",
        automatic=True,
        method="standard",
        schedule=plan.account.settings.schedule.interval,
        destination_id=plan.target.id,
        destination_type=plan.target.object,
        arrival_date=timing.arrival_date,
        lands_at=timing.lands_at,
        next_at=timing.hand_over_at,
        balance_transaction_id=new_id("txn", now),
        line_count=plan.line_count,
        lines_hash=lines_hash,
        statement_descriptor=plan.account.settings.payout_statement_descriptor,
        description=DESCRIPTION,
    )


def _entry(row: PayoutRow) -> EntryDraft:
    facts = PayoutFacts(
        payout_id=row.id,
        transaction_id=row.balance_transaction_id,
        platform_id=row.platform_id,
        account_id=row.account_id,
        amount=row.amount,
        currency=row.currency,
        at=row.created,
    )
    return payout_entry(facts)


def _kept_back(plan: _Plan, *, now: int) -> EntryDraft:
    return kept_back_entry(
        payout_id=plan.claim.payout_id,
        account_id=plan.claim.owner,
        hold_id=plan.hold_id,
        release_id=new_id("txn", now),
        amount=plan.kept_back,
        currency=plan.claim.currency,
        at=now,
    )
