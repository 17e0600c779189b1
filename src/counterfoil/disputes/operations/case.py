"""A dispute at work: its rows held, its money decided, everything written at the end.

Steps change the rows, collect entries in the batch and tell events as they happen; a dispute
shows its balance transactions, so an event shows also those that are not written yet.

Rows are held in the order charge, dispute, funds; then come the books.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from counterfoil.accounts.queries import kept_terms
from counterfoil.disputes.books import (
    Charged,
    DisputeFacts,
    countering_entry,
    reversal_entry,
    withdrawal_entry,
)
from counterfoil.disputes.policy import next_move, respond_by
from counterfoil.disputes.queries import has_withdrawals, settled_share, transactions_of
from counterfoil.disputes.rows import DisputeRow
from counterfoil.disputes.wire import DisputeWire, dispute_wire, previous_of
from counterfoil.kit.db import lock_row_suffix
from counterfoil.kit.ids import new_id
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.scope import Scope
from counterfoil.ledger.drafts import EntryDraft, TransactionDraft
from counterfoil.ledger.locks import lock_funds
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.queries import TransactionRow, available_balance
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charges import locked_charge
from counterfoil.payments.rows import ChargeRow, find
from counterfoil.payments.settlement import Exchanged
from counterfoil.platforms.settings import PlatformSettings


@dataclass(slots=True)
class Case:
    """One dispute with its charge, and what happens to them in this transaction."""

    row: DisputeRow
    charge: ChargeRow
    batch: Batch
    transactions: list[TransactionRow] = field(default_factory=list)
    platform_pays_fees: bool = False

    @property
    def now(self) -> int:
        return self.batch.at

    def wire(self) -> DisputeWire:
        return dispute_wire(self.row, self.charge, self.transactions, now=self.now)

    def tell(self, kind: str, before: DisputeWire | None = None) -> None:
        """An event of this moment; `before` is for `updated`, which tells nothing of nothing."""
        shown = self.wire()
        previous = None if before is None else previous_of(before, shown)
        if previous != {}:
            scope = self.row.scope
            self.batch.event(f"charge.dispute.{kind}", scope, shown, self.row.id, previous)

    def enter(self, status: str) -> None:
        """Change state; the clock's next move follows from it."""
        self.row.status = status
        self.row.next_at = next_move(self.row)
        self.batch.change(self.row)

    def post(self, entry: EntryDraft) -> None:
        self.batch.entries.append(entry)
        self.transactions += [
            _as_row(draft, self.now)
            for draft in entry.transactions
            if draft.owner == self.row.account_id
        ]


def held_case(dispute_id: str, scope: Scope, *, now: int) -> Case:
    """A dispute and its charge, held until the transaction ends. Raises ResourceMissing."""
    seen = find(DisputeRow, dispute_id, scope)
    if seen is None:
        raise ResourceMissing("dispute", dispute_id, param="id")
    charge = locked_charge(seen.charge_id, scope)
    row = find(DisputeRow, dispute_id, scope, suffix=lock_row_suffix())
    assert row is not None, "disputes are never deleted"
    return begin(row, charge, now=now, transactions=transactions_of(row))


def begin(
    row: DisputeRow,
    charge: ChargeRow,
    *,
    now: int,
    transactions: list[TransactionRow] | None = None,
) -> Case:
    """A case with its batch; of a direct charge, the account's calendar and who pays fees."""
    case = Case(row, charge, Batch(row.platform_id, row.livemode, now), transactions or [])
    if not charge.scope.is_platform:
        # Also of a closed account: it stays liable for its disputes (express-dashboard §10).
        zone, payer = kept_terms(charge.account_id)
        case.batch.zones[charge.account_id] = zone
        case.platform_pays_fees = payer == "application"
    return case


# ---- Steps ----


def withdraw(case: Case, settings: PlatformSettings) -> None:
    """The bank takes the money back; its owner pays, below zero if it must."""
    row, charge = case.row, case.charge
    fees = settings.dispute_fees_in(charge.settled.currency)
    if charge.settled_amount is not None:
        row.settled_amount = settled_share(charge, row.amount)
        row.settled_currency = charge.settled_currency
    row.available_on = _still_pending(charge.available_on, case.now) or case.now
    row.received_fee = fees.received
    own_fee = 0 if case.platform_pays_fees else fees.received
    purpose = _funded_from(case, row.settled.amount + own_fee)
    row.purpose = purpose.value
    row.withdrawal_id = new_id("txn", case.now)
    fee = None
    if fees.received:
        fee = Charged(fees.received, _fee_purpose(case, purpose), new_id("txn", case.now))
    case.post(
        withdrawal_entry(
            _facts(case, row.available_on),
            transaction_id=row.withdrawal_id,
            purpose=purpose,
            fee=fee,
        )
    )
    charge.disputed = True
    case.batch.change(charge)
    row.due_by = respond_by(case.now)
    case.enter("needs_response")


def submit(case: Case, settings: PlatformSettings) -> None:
    """The evidence goes to the bank; against a chargeback that costs a fee."""
    row = case.row
    fees = settings.dispute_fees_in(case.charge.settled.currency)
    row.submission_count += 1
    row.submitted_at = case.now
    if row.status == "warning_needs_response":
        case.enter("warning_under_review")
        return
    if fees.countered:
        own = 0 if case.platform_pays_fees else fees.countered
        purpose = Purpose.PAYMENTS if case.platform_pays_fees else _funded_from(case, own)
        row.countered_fee, row.countered_purpose = fees.countered, purpose.value
        on = _still_pending(row.available_on, case.now) or case.now
        fee = Charged(fees.countered, purpose, new_id("txn", case.now))
        case.post(countering_entry(_facts(case, on), fee=fee, times=row.submission_count))
    case.enter("under_review")


def win(case: Case) -> None:
    """The bank gives the money back, and the fee for countering with it."""
    row = case.row
    assert row.purpose is not None
    row.reversal_id = new_id("txn", case.now)
    returned = None
    if row.countered_fee:
        assert row.countered_purpose is not None
        purpose = Purpose(row.countered_purpose)
        returned = Charged(row.countered_fee, purpose, new_id("txn", case.now))
    case.post(
        reversal_entry(
            _facts(case, _still_pending(row.available_on, case.now) or case.now),
            transaction_id=row.reversal_id,
            purpose=Purpose(row.purpose),
            returned=returned,
        )
    )
    case.charge.disputed = has_withdrawals(row.charge_id, besides=row.id)
    case.batch.change(case.charge)
    row.closed_at = case.now
    case.enter("won")


def close(case: Case, status: str) -> None:
    """Over without money coming back: lost, or an inquiry that ends."""
    case.row.closed_at = case.now
    case.enter(status)


# ---- Details ----


def _facts(case: Case, on: int) -> DisputeFacts:
    row, presented = case.row, None
    if row.settled_amount is not None:
        presented = Exchanged(row.amount, row.currency, case.charge.exchange_rate)
    return DisputeFacts(
        dispute_id=row.id,
        charge_id=row.charge_id,
        platform_id=row.platform_id,
        owner=row.account_id,
        platform_pays_fees=case.platform_pays_fees,
        amount=row.settled.amount,
        currency=row.settled.currency,
        available_on=on,
        presented=presented,
    )


def _still_pending(available_on: int | None, now: int) -> int | None:
    """What is undone while it is pending nets on its own day (design §7)."""
    return available_on if available_on is not None and available_on > now else None


def _funded_from(case: Case, needed: int) -> Purpose:
    """Available balance, then refunds-and-disputes, then below zero (reference §8).

    Money that is still pending pays for itself.
    """
    if _still_pending(case.charge.available_on, case.now):
        return Purpose.PAYMENTS
    owner, livemode, currency = case.row.account_id, case.row.livemode, case.row.settled.currency
    lock_funds(owner=owner, livemode=livemode, currency=currency)
    for purpose in (Purpose.PAYMENTS, Purpose.PREFUNDING):
        available = available_balance(
            owner=owner, livemode=livemode, currency=currency, now=case.now, purpose=purpose
        )
        if needed <= available:
            return purpose
    return Purpose.PAYMENTS


def _fee_purpose(case: Case, purpose: Purpose) -> Purpose:
    return Purpose.PAYMENTS if case.platform_pays_fees else purpose


def _as_row(draft: TransactionDraft, at: int) -> TransactionRow:
    """A transaction as the books will show it, before it is written."""
    return TransactionRow(
        id=draft.id,
        owner=draft.owner,
        created=at,
        type=draft.type,
        reporting_category=draft.reporting_category,
        balance_type=draft.balance_type.value,
        amount=draft.amount,
        fee=draft.fee,
        net=draft.net,
        currency=draft.currency,
        available_on=draft.available_on,
        description=draft.description,
        source_id=draft.source_id,
        exchange_rate=draft.exchange_rate,
        fee_details=msgspec.json.encode(draft.fees).decode(),
    )
