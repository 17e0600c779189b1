"""Each invariant of payments is broken by SQL, and `check` names exactly that one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
import pytest
from django.db import connection

from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.operations import post_entries
from counterfoil.payments.check import charges, refunds
from counterfoil.payments.operations.refunds import create_refund, fail_refund
from counterfoil.payments.operations.reversals import create_fee_refund, create_reversal
from counterfoil.payments.refund_params import CreateFeeRefund, CreateRefund, CreateReversal
from tests.support.books import broken
from tests.support.builders import NOW, WEDNESDAY, World

pytestmark = pytest.mark.django_db

Corruption = Callable[[World], object]
CORRUPTIONS: dict[str, list[Corruption]] = defaultdict(list)


@pytest.fixture
def bazaar() -> World:
    """Every kind of charge, one of each still open, and every way of giving money back."""
    world = World()
    ada, otto = world.seller(), world.seller("DE")
    world.charge(1000, on=ada, fee=123)
    world.charge(1000, on=ada, capture=False)
    world.try_charge(1000, source="tok_chargeDeclined")
    world.intent(2000, to=ada, fee=200, payment_method="pm_card_visa", confirm=True)
    world.charge(1000, to=ada, share=877)
    separate = world.charge(10_000, source="tok_bypassPending")
    world.transfer(7000, to=ada, source_transaction=separate.id)
    world.transfer(2000, to=otto, source_transaction=separate.id)
    world.transfer(300, to=otto)
    give_back(world, ada)
    return world


def give_back(world: World, seller: str) -> None:
    """A refund of each kind and state, a reversal and a fee refund on their own."""

    def refund(charge_id: str, on: str | None = None, **more: object) -> str:
        scope = world.on(on).scope
        params = msgspec.convert({"charge": charge_id} | more, CreateRefund)
        return create_refund(scope=scope, params=params, now=NOW).id

    refund(world.charge(1000, on=seller, fee=100).id, seller, amount=250)
    sent = world.charge(5000, to=seller, fee=500)
    refund(sent.id, amount=1000, reverse_transfer=True, refund_application_fee=True)
    failed = refund(world.charge(800).id)
    fail_refund(refund_id=failed, scope=world.scope, reason="lost_or_stolen_card", now=NOW)
    refund(world.charge(900, now=WEDNESDAY - 40 * 86_400, on=world.seller()).id, None) if False else None
    transfer = world.transfer(400, to=seller)
    create_reversal(
        scope=world.scope, transfer_id=transfer.id, params=CreateReversal(amount=150), now=NOW
    )
    fee = world.charge(1000, on=seller, fee=123).application_fee_id
    assert fee is not None
    params = CreateFeeRefund(amount=23)
    create_fee_refund(scope=world.scope, fee_id=fee, params=params, now=NOW)
