"""A seller with a history, made by the project's own functions, many payments at a time."""

from __future__ import annotations

import msgspec
from django.db import connection

from bench.world import World
from counterfoil.access.links import create_login_link, login_link_url
from counterfoil.access.sessions import start_session
from counterfoil.accounts.operations import create_account
from counterfoil.accounts.params import CreateAccount
from counterfoil.kit.clock import DAY, wall_now
from counterfoil.kit.db import execute, fetch_one, unit_of_work
from counterfoil.ledger.sealing import fold_balances
from counterfoil.payments.operations.batch import Batch
from counterfoil.payments.operations.charging import Order, PaymentTexts, authorize, capture
from counterfoil.payments.operations.methods import presented_token
from counterfoil.payments.operations.parties import Parties, find_parties
from counterfoil.payments.wire import charge_wire
from counterfoil.platforms.operations import create_platform
from counterfoil.platforms.queries import Caller, caller_of
from tests.support.accounts import onboarded_individual

HISTORY = 365 * DAY
PAYEES = 50
MOMENTS = 500  # of the history, at each of which several payments happen
LATEST = 50  # payments that have a moment of their own, as on a page of a real seller
BETWEEN_LATEST = 3 * 3600


def seed(size: int) -> World:
    """`size` destination charges, each of which gives the seller one balance transaction."""
    now = wall_now()
    made = create_platform(name="Bazaar", now=now - HISTORY)
    seller_id, *payees = [_seller(made.platform.id, now - HISTORY) for _ in range(1 + PAYEES)]
    caller = caller_of(made.secret_test.text, account_id=None)
    assert caller is not None
    parties = find_parties(caller.scope, destination=seller_id, on_behalf_of=None)
    _history(caller, parties, size, now)
    fold_balances(now)
    _settle_down()
    session = start_session(
        account_id=seller_id,
        platform_id=caller.platform_id,
        livemode=False,
        redirect_url=None,
        ip=None,
        user_agent=None,
        now_wall=now,
    )
    token = create_login_link(
        account_id=seller_id,
        platform_id=caller.platform_id,
        livemode=False,
        redirect_url=None,
        now_wall=now + DAY,
    )
    return World(
        size=size,
        platform_id=caller.platform_id,
        seller_id=seller_id,
        payees=payees,
        secret_key=made.secret_test.text,
        session=session,
        login_link=login_link_url("", seller_id, token),
        charge_id=_nth("payments_charge", "account_id", caller.platform_id, size // 2),
        far_down=_nth("ledger_balancetransaction", "owner", seller_id, size * 9 // 10),
    )


def _seller(platform_id: str, now: int) -> str:
    params = msgspec.convert(onboarded_individual(), CreateAccount)
    return create_account(platform_id=platform_id, livemode=False, params=params, now=now).id


def _history(caller: Caller, parties: Parties, size: int, now: int) -> None:
    if connection.vendor == "sqlite":
        execute("PRAGMA synchronous=OFF")  # of this connection: seeding again is cheap
    latest = min(size, LATEST)
    first = now - HISTORY
    last = now - latest * BETWEEN_LATEST
    done = 0
    for moment in range(MOMENTS):
        upto = (size - latest) * (moment + 1) // MOMENTS
        if upto > done:
            at = first + (last - first) * moment // MOMENTS
            _pay(caller, parties, range(done, upto), at)
            done = upto
    for number in range(done, size):
        _pay(caller, parties, range(number, number + 1), now - (size - number) * BETWEEN_LATEST)


def _pay(caller: Caller, parties: Parties, numbers: range, at: int) -> None:
    """Some destination charges of one moment, in one transaction."""
    scope = caller.scope
    assert parties.destination is not None
    batch = Batch(scope.platform_id, scope.livemode, at)
    for number in numbers:
        card = presented_token("tok_visa", scope, now=at)
        order = Order(
            amount=1000 + number * 7919 % 90_000,
            currency="usd",
            application_fee=123,
            destination=parties.destination.id,
            description=f"Order {number}",
            metadata={"order": str(number)},
            off_session=True,
            source_is_card=True,
        )
        charge = authorize(batch, parties, caller, scope, order, card)
        texts = PaymentTexts(payment_description=f"Order {number}")
        capture(batch, caller, parties, charge, card.row, amount=charge.amount, texts=texts)
        batch.event("charge.succeeded", scope, charge_wire(charge), charge.id)
    with unit_of_work():
        batch.write()


def _nth(table: str, owner_column: str, owner: str, place: int) -> str:
    """The id of the row that `place` others are newer than; empty where there is none."""
    row = fetch_one(
        f"SELECT id FROM {table} WHERE {owner_column} = %s AND livemode = %s"
        f" ORDER BY created DESC, id DESC LIMIT 1 OFFSET {place:d}",
        [owner, False],
    )
    return row[0] if row else ""


def _settle_down() -> None:
    """What the engine would do by itself before long is done before anything is measured."""
    if connection.vendor == "postgresql":
        execute("VACUUM ANALYZE")
        execute("CHECKPOINT")
