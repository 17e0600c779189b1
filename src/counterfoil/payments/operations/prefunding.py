"""The refunds-and-disputes balance: what a seller put in may be taken out again."""

from __future__ import annotations

from counterfoil.audit.operations import record_decision
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.ids import new_id
from counterfoil.kit.money import Money
from counterfoil.kit.refused import BalanceInsufficient
from counterfoil.kit.scope import Scope
from counterfoil.ledger.locks import lock_funds
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.queries import available_balance
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.telling import tell_balance_available
from counterfoil.payments.policy import currency_of
from counterfoil.payments.topup_books import withdrawal_entry
from counterfoil.payments.topup_params import WithdrawPrefunding
from counterfoil.payments.topup_policy import check_topup_amount


def withdraw_prefunding(*, scope: Scope, params: WithdrawPrefunding, now: int) -> None:
    """Move money back to the payments balance, from where any payout may take it.

    Nothing else ever pays it out: automatic payouts leave the refunds-and-disputes balance
    alone (reference money-movement §8). Raises BalanceInsufficient beyond what it holds.
    """
    currency = currency_of(params.currency)
    check_topup_amount(params.amount)
    wanted = Money(params.amount, currency)
    with unit_of_work():
        lock_funds(owner=scope.account_id, livemode=scope.livemode, currency=currency)
        available = available_balance(
            owner=scope.account_id,
            livemode=scope.livemode,
            currency=currency,
            now=now,
            purpose=Purpose.PREFUNDING,
        )
        if wanted.amount > available:
            raise BalanceInsufficient(
                f"The refunds and disputes balance holds {Money(available, currency)};"
                f" {wanted} cannot be withdrawn from it.",
                param="amount",
            )
        batch = Batch(scope.platform_id, scope.livemode, now)
        if not scope.is_platform:
            batch.keeps(scope.account_id)
        batch.entries.append(
            withdrawal_entry(
                withdrawal_id=new_id("wd", now),
                transaction_ids=(new_id("txn", now), new_id("txn", now)),
                owner=scope.account_id,
                amount=params.amount,
                currency=currency,
                at=now,
            )
        )
        batch.write()
        record_decision(
            "prefunding.withdrawn",
            scope=scope,
            object_id=scope.account_id,
            after={"amount": params.amount, "currency": currency},
        )
        tell_balance_available(scope, at=now)
