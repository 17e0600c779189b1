"""What banks and sellers do about disputes, in the words of the tests.

    charge = world.charge(5000, on=account)
    dispute = dispute_of(world, charge)                 # the bank takes the money back
    dispute = answer(world, dispute, "winning_evidence")
    assert dispute["status"] == "won"

Every dispute comes as a client receives it, and fits the SDK's typed class.
"""

from __future__ import annotations

from typing import Any

import msgspec

from counterfoil.config.management.commands.check import every_invariant
from counterfoil.disputes.operations.answering import close_dispute, update_dispute
from counterfoil.disputes.operations.deciding import force_outcome
from counterfoil.disputes.operations.opening import open_dispute
from counterfoil.disputes.params import CreateDispute, UpdateDispute
from counterfoil.disputes.queries import dispute_by_id, shown_disputes
from counterfoil.disputes.rows import DisputeRow
from counterfoil.disputes.wire import DisputeWire
from counterfoil.kit.db import fetch_all
from counterfoil.kit.invariants import examine, snapshot
from counterfoil.kit.scope import Scope
from counterfoil.outbox.running import run_due
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.refund_params import CreateRefund
from counterfoil.payments.rows import ChargeRow, RefundRow
from counterfoil.platforms.settings import DisputeFees, PlatformSettings
from tests.support.builders import NOW, World, one_request, shown

Dispute = dict[str, Any]


def world_with_fees(received: int, countered: int, currency: str = "usd") -> World:
    fees = {currency: DisputeFees(received, countered)}
    return World(settings=PlatformSettings(dispute_fees=fees))


# ---- The bank ----


@one_request
def dispute_of(world: World, charge: ChargeRow, *, now: int | None = None, **more: Any) -> Dispute:
    """The cardholder's bank disputes a charge; `more` as the API spells it."""
    opened = open_dispute(
        scope=charge.scope,
        params=msgspec.convert({"charge": charge.id} | more, CreateDispute),
        settings=world.caller.settings,
        now=moment(world, now),
    )
    return seen(opened, now=moment(world, now))


@one_request
def decided(world: World, dispute: Dispute, outcome: Any, *, now: int | None = None) -> Dispute:
    """The bank decides: win, lose, escalate or close."""
    wire = force_outcome(
        scope=row_of(dispute).scope,
        dispute_id=dispute["id"],
        outcome=outcome,
        settings=world.caller.settings,
        now=moment(world, now),
    )
    return seen(wire, now=moment(world, now))


def cards_do_their_thing(now: int = NOW) -> int:
    """A worker's round: what the issuers of test cards have in store."""
    return run_due(now)


# ---- The seller ----


@one_request
def answer(
    world: World, dispute: Dispute, text: str | None = None, *, now: int | None = None, **more: Any
) -> Dispute:
    """`text` is the additional information; `more` as the API spells it."""
    sent = more if text is None else {"evidence": {"uncategorized_text": text}} | more
    wire = update_dispute(
        scope=row_of(dispute).scope,
        dispute_id=dispute["id"],
        params=msgspec.convert(sent, UpdateDispute),
        settings=world.caller.settings,
        now=moment(world, now),
    )
    return seen(wire, now=moment(world, now))


@one_request
def accepted(world: World, dispute: Dispute, *, now: int | None = None) -> Dispute:
    wire = close_dispute(
        scope=row_of(dispute).scope, dispute_id=dispute["id"], now=moment(world, now)
    )
    return seen(wire, now=moment(world, now))


@one_request
def refund(world: World, charge: ChargeRow, *, now: int | None = None, **more: Any) -> RefundRow:
    return create_refund(
        scope=charge.scope,
        params=msgspec.convert({"charge": charge.id} | more, CreateRefund),
        now=moment(world, now),
    )


# ---- Looking ----


def seen(wire: DisputeWire, *, now: int) -> Dispute:
    """What an operation answers is what is written."""
    dispute = shown(wire)
    assert dispute == again(dispute, now=now)
    return dispute


def again(dispute: Dispute, *, now: int = NOW) -> Dispute:
    row = row_of(dispute)
    (wire,) = shown_disputes([row], platform_id=row.platform_id, livemode=row.livemode, now=now)
    return shown(wire)


def row_of(dispute: Dispute) -> DisputeRow:
    ((platform_id, account_id),) = fetch_all(
        "SELECT platform_id, account_id FROM disputes_dispute WHERE id = %s", [dispute["id"]]
    )
    return dispute_by_id(dispute["id"], Scope(platform_id, account_id, False))


def disputes_of(world: World, charge: ChargeRow) -> list[Dispute]:
    """The disputes of a charge, in the order in which they were opened."""
    ids = fetch_all(
        "SELECT id FROM disputes_dispute WHERE charge_id = %s ORDER BY created, id", [charge.id]
    )
    return [again({"id": ident}) for (ident,) in ids]


def told_of(world: World, account_id: str | None = None) -> list[str]:
    """What was told about disputes: `created needs_response`, in order."""
    return [
        f"{kind.removeprefix('charge.dispute.')} {shown_then['status']}"
        for kind, shown_then in world.told(account_id)
        if kind.startswith("charge.dispute.")
    ]


def current(world: World, charge: ChargeRow) -> ChargeRow:
    return world.find(ChargeRow, charge.id)


def moment(world: World, now: int | None) -> int:
    return world.now if now is None else now


def broken(now: int = NOW) -> set[str]:
    """The invariants of every package that do not hold."""
    with snapshot(now) as view:
        return {
            violation.invariant
            for invariant in every_invariant()
            for violation in examine(invariant, view).violations
        }
