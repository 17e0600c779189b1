"""`counterfoil payouts`: live mode's manual rail, between the books and the bank."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import fetch_all
from counterfoil.kit.money import Money
from counterfoil.kit.refused import Refused
from counterfoil.payouts.operations.by_hand import (
    BankBatch,
    begin_batch,
    confirm_payouts,
    finish_batch,
    payouts_of_batch,
    report_failure,
)
from counterfoil.rails.manual import bank_file, write_atomically


class Command(BaseCommand):
    help = (
        "Live payouts: payouts export writes what is due as a CSV file for the bank; payouts"
        " confirm PAYOUT… (or --batch B) and payouts fail PAYOUT --code no_account record what"
        " the bank did."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["export", "confirm", "fail"])
        parser.add_argument("payout", nargs="*", metavar="PAYOUT")
        parser.add_argument("--platform", metavar="ID", help="export this platform's alone")
        parser.add_argument("--batch", metavar="B", help="confirm all that is left of a batch")
        parser.add_argument(
            "--folder", metavar="DIR", help="where the file goes, default <data dir>/payouts"
        )
        parser.add_argument(
            "--code", default="could_not_process", help="why it failed, default could_not_process"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            if options["verb"] == "export":
                self._export(options["platform"], options["folder"])
            elif options["verb"] == "confirm":
                self._confirm(options["payout"], options["batch"])
            else:
                self._fail(options["payout"], options["code"])
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _export(self, platform: str | None, folder: str | None) -> None:
        written = 0
        for platform_id in _platforms(platform):
            batch = begin_batch(platform_id=platform_id, now=wall_now())
            if batch is not None:
                self._write(batch, folder)
                written += 1
        if not written:
            self.stdout.write("No live payout is due.")

    def _write(self, batch: BankBatch, folder: str | None) -> None:
        path = Path(folder or settings.DATA_DIR / "payouts") / f"{batch.id}.csv"
        write_atomically(path, bank_file(batch.orders()))
        sent = finish_batch(batch_id=batch.id, now=wall_now())
        if batch.begun:
            self.stdout.write("An earlier export was not finished: this is its batch.")
        self.stdout.write(f"{path}: {sent} payouts, {_totals(batch)}")
        self.stdout.write(
            f"It holds account numbers: delete it once the bank has it. Then: counterfoil payouts"
            f" confirm --batch {batch.id}"
        )

    def _confirm(self, payouts: list[str], batch: str | None) -> None:
        if bool(payouts) == (batch is not None):
            raise CommandError("Which payouts? Give their ids, or --batch.")
        ids = payouts if batch is None else payouts_of_batch(batch)
        if not ids:
            raise CommandError(f"Nothing of the batch {batch} is on its way.")
        for row in confirm_payouts(payout_ids=ids, now=wall_now()):
            self.stdout.write(f"{row.id} {row.status} {Money(row.amount, row.currency)}")

    def _fail(self, payouts: list[str], code: str) -> None:
        if len(payouts) != 1:
            raise CommandError("Which payout did the bank send back? Give one id.")
        row = report_failure(payout_id=payouts[0], code=code, now=wall_now())
        self.stdout.write(f"{row.id} {row.status} {Money(row.amount, row.currency)}")


def _platforms(given: str | None) -> list[str]:
    """Each has a file of its own."""
    found = [row[0] for row in fetch_all("SELECT id FROM platforms_platform ORDER BY id")]
    if given is None:
        return found
    if given not in found:
        raise CommandError(f"No such platform: {given}")
    return [given]


def _totals(batch: BankBatch) -> str:
    sums: dict[str, int] = {}
    for row in batch.payouts:
        sums[row.currency] = sums.get(row.currency, 0) + row.amount
    return ", ".join(str(Money(amount, currency)) for currency, amount in sorted(sums.items()))
