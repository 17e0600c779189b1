"""Handing payouts to the bank: a worker's work, outside any transaction, once per payout.

The payout's id is the key. A payout that was claimed before may have reached the bank though we
do not know it: then the bank is asked first, and only one that has not heard of the key is sent
it, under the same key.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.failpoints import failpoint
from counterfoil.payouts.operations.claiming import claim, still_ours, try_again
from counterfoil.payouts.operations.ending import fail_payout
from counterfoil.payouts.queries import beneficiaries
from counterfoil.payouts.rows import PayoutRow, save_all
from counterfoil.payouts.wire import payout_wire
from counterfoil.rails.base import (
    Handed,
    Instruction,
    Landed,
    News,
    NotReceived,
    Rail,
    RailError,
    Returned,
    Sent,
)

_WAITING: Final = ("pending",)

log = logging.getLogger(__name__)


def hand_over_due(
    platform_id: str, livemode: bool, rail: Rail, *, now: int, clock: int, wait: bool = False
) -> int:
    """Hand over one batch of what is due at `now`; how many payouts were taken up."""
    claimed = claim(platform_id, livemode, _WAITING, now=now, clock=clock, wait=wait)
    if not claimed:
        return 0
    answers = _answers(claimed, rail, now=now)
    failpoint("payouts.after_bank_accepted")
    refused: list[tuple[PayoutRow, str]] = []
    with still_ours(claimed) as held:
        events = []
        for row in held:
            answer = answers[row.id]
            if isinstance(answer, Sent | Landed):
                events += on_its_way(row, answer.reference, now=now)
            elif (code := _refusal(answer)) is not None:
                refused.append((row, code))
            else:
                log.warning("payout not handed over yet: id=%s attempt=%d", row.id, row.attempts)
                try_again(row, clock=clock)
        save_all(held)
        record_events(events)
        failpoint("payouts.before_answer_stored")
    for row, code in refused:
        fail_if_ours(row, code, now=now)
    return len(claimed)


def on_its_way(row: PayoutRow, reference: str | None, *, now: int) -> list[EventDraft]:
    """The bank has it. Its lines are settled, so an automatic payout is itemised from now on."""
    previous: dict[str, object] = {"status": row.status}
    row.status, row.sent_at, row.trace_value = "in_transit", now, reference
    row.attempts, row.next_at = 0, row.lands_at
    kinds = ["payout.updated"]
    if row.automatic:
        previous["reconciliation_status"] = "in_progress"
        row.reconciled = True
        kinds.append("payout.reconciliation_completed")
    wire = payout_wire(row)
    return [
        EventDraft(kind, row.scope, wire, row.id, now, previous if kind == kinds[0] else None)
        for kind in kinds
    ]


def fail_if_ours(row: PayoutRow, code: str, *, now: int) -> None:
    """Fail a payout that we claimed, unless another worker has carried on with it since."""
    with still_ours([row]) as held:
        if held:
            fail_payout(scope=row.scope, payout_id=row.id, code=code, now=now)


def _refusal(answer: Handed | News) -> str | None:
    """The failure code of an answer that says the bank will not keep the money."""
    if isinstance(answer, Returned) or (isinstance(answer, RailError) and answer.permanent):
        return answer.code
    return None


def _answers(claimed: Sequence[PayoutRow], rail: Rail, *, now: int) -> dict[str, Handed | News]:
    answers: dict[str, Handed | News] = {}
    again = [row for row in claimed if row.attempts > 1]
    asked = rail.ask_all(
        [row.id for row in again], at=now, attempts=[row.attempts for row in again]
    )
    for row, news in zip(again, asked, strict=True):
        if not isinstance(news, NotReceived):
            answers[row.id] = news
    fresh = [row for row in claimed if row.id not in answers]
    instructions = _instructions(fresh, now=now)
    for row, handed in zip(fresh, rail.send_all(instructions), strict=True):
        answers[row.id] = handed
    return answers


def _instructions(rows: Sequence[PayoutRow], *, now: int) -> list[Instruction]:
    known = beneficiaries(sorted({row.destination_id for row in rows}))
    return [
        Instruction(
            key=row.id,
            amount=row.amount,
            currency=row.currency,
            beneficiary=known[row.destination_id],
            method=row.method,
            statement_descriptor=row.statement_descriptor,
            at=now,
            lands_at=row.lands_at,
            attempt=row.attempts,
        )
        for row in rows
    ]
