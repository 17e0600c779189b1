"""`counterfoil payouts`: live mode's manual rail, between the books and the bank."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import msgspec
import pytest
from django.core.management import CommandError, call_command

from counterfoil.accounts.operations import create_account
from counterfoil.accounts.params import CreateAccount
from counterfoil.config.management.commands import payouts as command
from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import execute, fetch_all
from counterfoil.kit.refused import InvalidRequest
from counterfoil.ledger.drafts import EntryDraft, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.payments.operations.posting import post_money
from counterfoil.payouts import due
from counterfoil.payouts.operations.reverse import reverse_payout
from counterfoil.payouts.params import ReversePayout
from counterfoil.payouts.rows import PayoutRow, lock_all
from tests.support.accounts import bank
from tests.support.books import violations
from tests.support.builders import World

pytestmark = pytest.mark.django_db
HOUR = 3600


@pytest.fixture
def world(db):
    """Live mode keeps real time: this world began two hours ago."""
    return World(now=wall_now() - 2 * HOUR)


@pytest.fixture
def folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    return tmp_path / "payouts"


@pytest.fixture
def seller(world):
    """A live seller with 9000 available, whom an operator has let in."""
    made = create_account(
        platform_id=world.id,
        livemode=True,
        params=msgspec.convert(
            {"type": "express", "country": "US", "external_account": bank()}, CreateAccount
        ),
        now=world.now,
    )
    execute(
        "UPDATE accounts_account SET payouts_enabled = %s, next_payout_at = NULL WHERE id = %s",
        [True, made.id],
    )
    transaction = TransactionDraft(
        id=f"txn_{made.id}",
        owner=made.id,
        type="adjustment",
        reporting_category="other_adjustment",
        amount=9000,
        currency="usd",
        available_on=world.now,
        source_id=None,
    )
    lines = move(
        debit=(world.id, Purpose.BANK),
        credit=(made.id, Purpose.PAYMENTS),
        amount=9000,
        currency="usd",
        on=world.now,
    )
    post_money(
        [EntryDraft(f"opening:{made.id}", "opening", lines, [transaction])],
        platform_id=world.id,
        livemode=True,
        at=world.now,
        zones={made.id: "Etc/UTC"},
    )
    return made.id


def pay(world, seller, amount, **more) -> PayoutRow:
    return world.payout(amount, on=seller, caller=world.live_on(seller), **more)


def now_of(payout: PayoutRow) -> PayoutRow:
    return lock_all([payout.id])[0]


def run(*arguments: str, capsys) -> str:
    call_command("payouts", *arguments)
    return capsys.readouterr().out


def orders(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(), newline="")))


def test_an_export_is_carried_to_the_bank_and_confirmed(world, seller, folder, capsys):
    first = pay(world, seller, 1500, statement_descriptor="RENT")
    second = pay(world, seller, 2500)

    said = run("export", capsys=capsys)

    (path,) = folder.iterdir()
    batch = path.stem
    assert "2 payouts, 40.00 USD" in said
    assert [
        (row["payout"], row["amount"], row["account_number"], row["statement_text"])
        for row in orders(path)
    ] == [
        (first.id, "15.00", "000123456789", "RENT"),
        (second.id, "25.00", "000123456789", second.id),
    ]
    assert orders(path)[0]["beneficiary_name"] == "Jenny Rosen"
    assert path.stat().st_mode & 0o777 == 0o600
    sent = now_of(first)
    assert (sent.status, sent.batch_id, sent.trace_value) == ("in_transit", batch, batch)

    assert "No live payout is due." in run("export", capsys=capsys)
    said = run("confirm", "--batch", batch, capsys=capsys)
    assert said.count(" paid ") == 2
    assert now_of(second).status == "paid"
    assert violations(with_payments=True) == []
    with pytest.raises(CommandError, match="Nothing of the batch"):
        call_command("payouts", "confirm", batch=batch)


def test_the_bank_may_send_one_back_even_after_it_was_paid(world, seller, folder, capsys):
    one, other = pay(world, seller, 1500), pay(world, seller, 2500)
    run("export", capsys=capsys)
    run("confirm", one.id, capsys=capsys)

    said = run("fail", one.id, "--code", "account_closed", capsys=capsys)
    run("fail", other.id, "--code", "no_account", capsys=capsys)

    assert f"{one.id} failed 15.00 USD" in said
    assert [now_of(row).failure_code for row in (one, other)] == ["account_closed", "no_account"]
    assert violations(with_payments=True) == []


def test_what_can_still_be_canceled_is_not_exported(world, seller, folder, capsys):
    payout = pay(world, seller, 1500, now=wall_now() - HOUR + 60)
    assert "No live payout is due." in run("export", capsys=capsys)
    world.cancel_payout(payout)
    assert now_of(payout).status == "canceled"


def test_what_was_exported_cannot_be_canceled(world, seller, folder, capsys):
    payout = pay(world, seller, 1500)
    run("export", capsys=capsys)
    with pytest.raises(InvalidRequest):
        world.cancel_payout(payout)


def test_an_export_that_crashed_is_finished_with_the_same_payouts(
    world, seller, folder, capsys, monkeypatch
):
    first = pay(world, seller, 1500)

    def crash(path, content):
        raise OSError("No space left on device")

    monkeypatch.setattr(command, "write_atomically", crash)
    with pytest.raises(OSError, match="No space"):
        call_command("payouts", "export")
    monkeypatch.undo()
    assert now_of(first).status == "pending"
    batch = now_of(first).batch_id
    with pytest.raises(InvalidRequest, match="is being handed to the bank"):
        world.cancel_payout(first)
    later = pay(world, seller, 2500)

    said = run("export", "--folder", str(folder), capsys=capsys)

    assert "An earlier export was not finished" in said
    assert [row["payout"] for row in orders(folder / f"{batch}.csv")] == [first.id]
    assert now_of(later).status == "pending"
    run("export", capsys=capsys)
    assert now_of(later).status == "in_transit"
    exported = [row["payout"] for path in folder.iterdir() for row in orders(path)]
    assert sorted(exported) == sorted([first.id, later.id])


def test_a_crash_after_the_file_was_written_writes_it_again_the_same(
    world, seller, folder, capsys, monkeypatch
):
    payout = pay(world, seller, 1500)

    def crash(**_batch):
        raise OSError("killed")

    monkeypatch.setattr(command, "finish_batch", crash)
    with pytest.raises(OSError, match="killed"):
        call_command("payouts", "export")
    monkeypatch.undo()
    (path,) = folder.iterdir()
    before = path.read_bytes()

    run("export", capsys=capsys)

    assert [one.read_bytes() for one in folder.iterdir()] == [before]
    assert now_of(payout).status == "in_transit"


def test_no_worker_touches_live_payouts(world, seller, folder):
    payout = pay(world, seller, 1500)

    assert due.next_due(world.id, True, wall_now() + 9 * 86_400) is None
    due.run_due(world.id, True, wall_now() + 9 * 86_400)

    assert now_of(payout).status == "pending"
    assert fetch_all("SELECT * FROM rails_simulatedorder") == []


def test_live_schedules_run_all_the_same(world, seller, folder, capsys):
    execute("UPDATE accounts_account SET next_payout_at = %s WHERE id = %s", [world.now, seller])
    profile = '"interval":"daily"'
    assert (
        profile in fetch_all("SELECT profile FROM accounts_account WHERE id = %s", [seller])[0][0]
    )
    moment = due.next_due(world.id, True, wall_now())
    assert moment == world.now

    due.run_due(world.id, True, moment)

    assert due.next_due(world.id, True, wall_now()) is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["confirm"], "Give their ids, or --batch"),
        (["confirm", "po_nobody"], "No such payout"),
        (["confirm", "--batch", "pob_nobody"], "Nothing of the batch"),
        (["fail"], "Give one id"),
        (["fail", "po_a", "po_b"], "Give one id"),
        (["fail", "po_nobody"], "No such payout"),
        (["fail", "po_nobody", "--code", "bad_luck"], "Unknown code"),
        (["export", "--platform", "acct_nobody"], "No such platform"),
    ],
)
def test_what_an_operator_gets_wrong_is_said(world, folder, arguments, says):
    with pytest.raises(CommandError, match=says):
        call_command("payouts", *arguments)


def test_a_payout_that_waits_is_not_confirmed(world, seller, folder):
    payout = pay(world, seller, 1500)
    with pytest.raises(CommandError, match="Not on their way"):
        call_command("payouts", "confirm", payout.id)


def test_test_payouts_are_the_simulated_banks(world, folder):
    ada = world.seller()
    world.give(ada, 500)
    payout = world.payout(100, on=ada)
    with pytest.raises(CommandError, match="simulated bank"):
        call_command("payouts", "confirm", payout.id)


def test_an_operator_is_no_instant_rail_and_collects_nothing(world, seller, folder, capsys):
    with pytest.raises(InvalidRequest) as refusal:
        pay(world, seller, 500, method="instant")
    assert refusal.value.code == "instant_payouts_config_disabled"
    payout = pay(world, seller, 1500)
    run("export", capsys=capsys)
    run("confirm", payout.id, capsys=capsys)
    with pytest.raises(InvalidRequest, match="operator"):
        reverse_payout(
            scope=payout.scope, payout_id=payout.id, params=ReversePayout(), now=wall_now()
        )
