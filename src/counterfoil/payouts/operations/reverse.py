"""Collecting a payout again from the bank account it went to (reference money-movement §6)."""

from __future__ import annotations

from counterfoil.events.operations import origin
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.metadata import merge_metadata
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.scope import Scope
from counterfoil.ledger.locks import lock_funds
from counterfoil.payments.details import text_of
from counterfoil.payments.operations.batch import Batch
from counterfoil.payouts import arrival, lines
from counterfoil.payouts.books import PayoutFacts, payout_entry
from counterfoil.payouts.operations.claiming import rail_of
from counterfoil.payouts.operations.ending import locked_payout
from counterfoil.payouts.params import ReversePayout
from counterfoil.payouts.policy import REVERSIBLE, Target, check_target
from counterfoil.payouts.queries import target_by_id
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import payout_wire


def reverse_payout(*, scope: Scope, payout_id: str, params: ReversePayout, now: int) -> PayoutRow:
    """A new payout the other way round; the money is available at once (design §7).

    Its lines are those of the original with the sign turned: what they settled can be settled
    again. `now` is the platform's clock, UTC seconds. Raises ResourceMissing and InvalidRequest.
    """
    with unit_of_work():
        original = locked_payout(payout_id, scope)
        target = _check_reversible(original)
        lock_funds(owner=scope.account_id, livemode=scope.livemode, currency=original.currency)
        timing = arrival.standard(now, country=target.country, same_day=False)
        row = PayoutRow(
            id=new_id("po", now),
            platform_id=scope.platform_id,
            livemode=scope.livemode,
            account_id=scope.account_id,
            created=now,
            amount=-original.amount,
            currency=original.currency,
            status="pending",
            automatic=False,
            method="standard",
            decided_by=origin.get().actor,
            destination_id=target.id,
            destination_type=target.object,
            arrival_date=timing.arrival_date,
            lands_at=timing.lands_at,
            next_at=timing.hand_over_at,
            balance_transaction_id=new_id("txn", now),
            statement_descriptor=original.statement_descriptor,
            metadata=text_of(merge_metadata({}, params.metadata)),
            original_payout_id=original.id,
        )
        original.reversed_by_id = row.id
        lines.give_back(original_id=original.id, payout_id=row.id)
        total, row.line_count = lines.sums([row.id])[row.id]
        assert total == row.amount, f"{row.id}: lines of {total} for a payout of {row.amount}"
        row.lines_hash = lines.content_hashes([row.id])[row.id]
        batch = Batch(scope.platform_id, scope.livemode, now)
        batch.add(row)
        batch.change(original)
        facts = PayoutFacts(
            payout_id=row.id,
            transaction_id=row.balance_transaction_id,
            platform_id=scope.platform_id,
            account_id=scope.account_id,
            amount=row.amount,
            currency=row.currency,
            at=now,
            description=f"Reversal of {original.id}",
        )
        batch.entries.append(payout_entry(facts))
        batch.event("payout.created", scope, payout_wire(row), row.id)
        shown = payout_wire(original)
        batch.event("payout.updated", scope, shown, original.id, {"reversed_by": None})
        batch.write()
    return row


def _check_reversible(original: PayoutRow) -> Target:
    """Where the money is collected. Raises InvalidRequest for a payout that stays."""
    if rail_of(original.livemode) is None:
        raise InvalidRequest(
            "Live payouts are carried to the bank by an operator, who cannot collect money there."
            " Ask the account's holder to send it back."
        )
    if original.original_payout_id is not None:
        raise InvalidRequest(
            f"Payout {original.id} is a reversal itself. Pay the money out again instead.",
            param="id",
        )
    if original.reversed_by_id is not None:
        raise InvalidRequest(
            f"Payout {original.id} has been reversed already, by {original.reversed_by_id}.",
            param="id",
            code="resource_already_exists",
        )
    if original.status != "paid":
        instead = " Cancel it instead." if original.status == "pending" else ""
        raise InvalidRequest(
            f"Payout {original.id} has a status of {original.status}: only paid payouts can be"
            f" reversed.{instead}",
            code="status_transition_invalid",
        )
    target = target_by_id(original.account_id, original.destination_id)
    if (
        target is None
        or target.object != "bank_account"
        or target.country not in REVERSIBLE
        or original.method != "standard"
    ):
        raise InvalidRequest(
            "Only standard payouts to bank accounts in the US and Canada can be reversed, while"
            " the bank account is there.",
            param="id",
            code="bank_account_unusable",
        )
    return check_target(target, currency=original.currency)
