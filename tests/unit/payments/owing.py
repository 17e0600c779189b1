"""Making an account owe: any change of its balance, as an operation of any package posts it."""

from __future__ import annotations

from counterfoil.accounts.queries import payment_accounts
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft, Line, TransactionDraft
from counterfoil.ledger.models import Purpose
from counterfoil.payments.operations.batch import Batch
from tests.support.builders import World, one_request


@one_request
def change(
    world: World, *changes: tuple[str, int], currency: str = "usd", on: int | None = None
) -> None:
    """Each account gains its amount, or loses it when negative; `on` is when (now if None)."""
    batch = Batch(world.id, False, world.now)
    accounts = payment_accounts(world.id, False, [account for account, _ in changes])
    moment = world.now if on is None else on
    for account, amount in changes:
        batch.sees(accounts[account])
        owner, network = ("credit", "debit") if amount > 0 else ("debit", "credit")
        lines = [
            Line(account, Purpose.PAYMENTS, owner, abs(amount), currency, moment),
            Line(world.id, Purpose.CARD_NETWORK, network, abs(amount), currency, moment),
        ]
        row = TransactionDraft(
            id=new_id("txn", world.now),
            owner=account,
            type="adjustment",
            reporting_category="other_adjustment",
            amount=amount,
            currency=currency,
            available_on=moment,
            source_id=None,
        )
        batch.entries.append(
            EntryDraft(new_id("adj", world.now).replace("_", ":"), "adjustment", lines, [row])
        )
    batch.write()


def reserved(world: World, currency: str = "usd") -> int:
    """What of the platform's money is held for its accounts."""
    return world.balance(currency=currency, purpose="connect_reserved").available
