"""What can be drawn next, and how often: each move gives a step, or None without a target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from counterfoil.config.simulate.draft import Draft
from counterfoil.config.simulate.moves import (
    giving_back,
    live,
    looking,
    moving,
    noting,
    paying_out,
    people,
    taking,
    time,
)
from counterfoil.config.simulate.steps import Step

Move = Callable[[Draft], Step | None]

WEIGHTS: Final[dict[Move, int]] = {
    taking.charge: 150,
    taking.intent: 110,
    taking.capture: 45,
    taking.confirm: 25,
    taking.authenticate: 20,
    taking.cancel: 12,
    taking.change: 8,
    taking.charge_customer: 10,
    taking.customer: 6,
    taking.attach: 6,
    giving_back.refund: 90,
    giving_back.fail_refund: 12,
    giving_back.cancel_refund: 8,
    giving_back.refund_fee: 20,
    giving_back.dispute: 30,
    giving_back.answer_dispute: 20,
    giving_back.close_dispute: 8,
    giving_back.decide_dispute: 22,
    moving.transfer: 60,
    moving.reverse: 30,
    moving.debit: 15,
    moving.top_up: 25,
    moving.end_top_up: 15,
    moving.withdraw: 10,
    paying_out.pay_out: 60,
    paying_out.cancel: 20,
    paying_out.reverse: 15,
    paying_out.force: 20,
    paying_out.settle: 14,
    paying_out.pause: 5,
    paying_out.resume: 5,
    people.open_account: 2,
    people.add_external: 14,
    people.touch_external: 22,
    people.remove_external: 3,
    people.move_house: 4,
    people.change_capability: 5,
    people.change_fees: 4,
    noting.note: 10,
    time.advance: 55,
    time.days_pass: 12,
    live.top_up: 8,
    live.end_top_up: 8,
    live.transfer: 10,
    live.pay_out: 6,
    live.export: 6,
    live.bank_answers: 8,
    looking.balance: 25,
    looking.payout_lines: 12,
}
