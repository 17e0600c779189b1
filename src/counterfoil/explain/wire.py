"""The lines of a payout as the API shows them, each with its reason. Ours, not Stripe's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import msgspec

from counterfoil.explain.why import DecidedBy, Operation, Rule, Why
from counterfoil.kit.pages import Page
from counterfoil.kit.wire import Expandable
from counterfoil.payouts.queries import LineRow
from counterfoil.payouts.rows import PayoutRow


class WhyWire(msgspec.Struct):
    """docs/concepts/why.md lists the operations, the rules and who may have decided."""

    decided_by: DecidedBy
    operation: Operation
    rule: Rule
    sentences: tuple[str, ...]


class PayoutLineWire(msgspec.Struct):
    """One line of a payout: a balance transaction or a part of one."""

    EXPANDABLE: ClassVar[dict[str, str]] = {"balance_transaction": "balance_transaction"}

    id: str
    amount: int  # what of the transaction's net this payout settles
    balance_transaction: Expandable
    currency: str
    net: int  # all of it; more than `amount` when another payout settles the rest
    payout: str
    position: int
    type: str  # transaction | fee
    why: WhyWire
    object: str = "payout_line"


class PayoutLines(msgspec.Struct):
    """The lines as a list in their order, with what they are to be checked against."""

    content_hash: str
    data: list[PayoutLineWire]
    has_more: bool
    total_amount: int
    total_count: int
    url: str
    object: str = "list"


def payout_lines(payout: PayoutRow, page: Page[LineRow], reasons: Mapping[str, Why]) -> PayoutLines:
    """`reasons` by the ids of the transactions that the page settles."""
    return PayoutLines(
        data=[_line(payout, row, reasons[row.txn_id]) for row in page.rows],
        has_more=page.has_more,
        url=f"/v1/payouts/{payout.id}/lines",
        content_hash=payout.lines_hash,
        total_amount=payout.amount,
        total_count=payout.line_count,
    )


def _line(payout: PayoutRow, row: LineRow, why: Why) -> PayoutLineWire:
    is_fee = row.txn_id == payout.balance_transaction_id
    return PayoutLineWire(
        id=f"{payout.id}-{row.position}",
        amount=row.amount,
        balance_transaction=row.txn_id,
        currency=payout.currency,
        net=row.amount if is_fee else row.net,
        payout=payout.id,
        position=row.position,
        type="fee" if is_fee else "transaction",
        why=WhyWire(why.decided_by, why.operation, why.rule, why.sentences),
    )
