"""A platform's story in thirteen writes, and what can be read of it afterwards.

Told twice, once calmly and once through crashes or storms, it must read the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any, Final, NamedTuple

import stripe

from tests.support.accounts import bank, onboarded_individual

Write = Callable[[str], Any]  # does it under the idempotency key it is given
Send = Callable[[str, Write], Any]  # has it done, again if need be, and answers what came back

WRITES: Final = 13


class Row(NamedTuple):
    """A balance transaction as money-movement.md writes it."""

    type: str
    amount: int
    fee: int
    net: int


def rows_of(client: stripe.StripeClient, account: str | None = None) -> list[Row]:
    """Every balance transaction of an account, the platform's own by default, oldest first."""
    options: dict[str, str] = {"stripe_account": account} if account else {}
    listed = client.v1.balance_transactions.list({"limit": 100}, options)
    rows = [Row(each.type, each.amount, each.fee, each.net) for each in listed.auto_paging_iter()]
    rows.reverse()
    return rows


def tell(client: stripe.StripeClient, send: Send) -> None:
    """Every kind of write of part A: an account, all three kinds of payment, a decline."""
    v1 = client.v1
    steps = iter(range(WRITES))

    def post(method: Callable[..., Any], params: dict[str, Any], **options: str) -> Any:
        def write(key: str) -> Any:
            return method(params, {"idempotency_key": key, **options})

        return send(f"step-{next(steps)}", write)

    card = {"currency": "usd", "source": "tok_visa"}
    seller = post(v1.accounts.create, onboarded_individual()).id
    another = post(v1.accounts.create, onboarded_individual(email="ada@example.com")).id
    post(
        partial(v1.accounts.external_accounts.create, seller),
        {"external_account": bank(account_number="000111111116")},
    )
    post(
        v1.charges.create,
        {**card, "amount": 1000, "application_fee_amount": 123},
        stripe_account=seller,
    )
    intent = {"amount": 1000, "currency": "usd", "payment_method": "pm_card_visa"}
    to_seller = {"application_fee_amount": 123, "transfer_data": {"destination": seller}}
    post(v1.payment_intents.create, {**intent, **to_seller, "confirm": True})
    separate = post(v1.charges.create, {**card, "amount": 10_000}).id
    order = {"amount": 7000, "currency": "usd", "source_transaction": separate}
    post(v1.transfers.create, {**order, "destination": seller})
    post(v1.charges.create, {**card, "amount": 5000, "source": "tok_bypassPending"})
    post(v1.transfers.create, {"amount": 2000, "currency": "usd", "destination": another})
    post(_tolerant(v1.charges.create), {**card, "amount": 900, "source": "tok_visa_chargeDeclined"})
    held = post(
        v1.payment_intents.create,
        {**intent, **to_seller, "confirm": True, "capture_method": "manual"},
    ).id
    post(partial(v1.payment_intents.capture, held), {"amount_to_capture": 700})
    post(partial(v1.charges.update, separate), {"description": "Order 95"})
    assert next(steps, None) is None, "WRITES is the number of writes"


def _tolerant(method: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        try:
            return method(*arguments)
        except stripe.CardError as refusal:
            return refusal

    return call


def reading(client: stripe.StripeClient) -> dict[str, Any]:
    """What the story left: everything that is the same however it was told.

    Accounts stand under their e-mail address, the platform's own under its name. (Two that were
    made within one second by two processes may be listed in either order.) Ids and moments are
    left out; every event, row and balance is in.
    """
    sellers = client.v1.accounts.list({"limit": 100}).auto_paging_iter()
    found = {f"{each.email}": _of_account(client, {"stripe_account": each.id}) for each in sellers}
    return found | {"platform": _of_account(client, {})}


def _of_account(client: stripe.StripeClient, options: dict[str, str]) -> dict[str, Any]:
    v1, all_ = client.v1, {"limit": 100}
    balance = v1.balance.retrieve({}, options)
    rows = v1.balance_transactions.list(all_, options)
    return {
        "rows": Counter((each.type, each.amount, each.fee, each.net) for each in rows),
        "charges": Counter(
            (each.id[:3], each.amount, each.amount_captured, each.status, each.description)
            for each in v1.charges.list(all_, options)
        ),
        "intents": Counter(
            (each.amount, each.status) for each in v1.payment_intents.list(all_, options)
        ),
        "transfers": Counter(each.amount for each in v1.transfers.list(all_, options)),
        "fees": Counter(each.amount for each in v1.application_fees.list(all_, options)),
        "events": Counter(each.type for each in v1.events.list(all_, options)),
        "available": {each.currency: each.amount for each in balance.available},
        "pending": {each.currency: each.amount for each in balance.pending},
    }
