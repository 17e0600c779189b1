"""`counterfoil topups`: live mode's money coming in, as an operator sees it at the bank."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import fetch_all
from counterfoil.kit.money import Money
from counterfoil.kit.refused import Refused
from counterfoil.kit.scope import Scope
from counterfoil.payments.operations.topups import fail_topup, settle_topup


class Command(BaseCommand):
    help = (
        "Live top-ups: topups list | confirm TOPUP | fail TOPUP, once the bank's statement shows"
        " the transfer or its return. TOPUP is a tu_… id or the reference on the transfer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["list", "confirm", "fail"])
        parser.add_argument("topup", nargs="?", metavar="TOPUP")
        parser.add_argument(
            "--code", default="could_not_process", help="why it failed, default could_not_process"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["verb"] == "list":
            self._list()
            return
        topup_id, scope = _live_topup(options["topup"])
        now = wall_now()
        try:
            if options["verb"] == "confirm":
                row = settle_topup(topup_id=topup_id, scope=scope, now=now)
            else:
                row = fail_topup(topup_id=topup_id, scope=scope, code=options["code"], now=now)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{row.id} {row.status} {Money(row.amount, row.currency)}")

    def _list(self) -> None:
        rows = fetch_all(
            "SELECT id, reference, account_id, amount, currency FROM payments_topup"
            " WHERE livemode = %s AND status = 'pending' ORDER BY created, id",
            [True],
        )
        for topup_id, reference, account_id, amount, currency in rows:
            self.stdout.write(f"{topup_id} {reference} {account_id} {Money(amount, currency)}")
        if not rows:
            self.stdout.write("No live top-up is waiting.")


def _live_topup(given: str | None) -> tuple[str, Scope]:
    if given is None:
        raise CommandError("Which top-up? Give its id or its reference; `topups list` shows them.")
    column = "id" if given.startswith("tu_") else "reference"
    rows = fetch_all(
        f"SELECT id, platform_id, account_id, livemode FROM payments_topup WHERE {column} = %s",  # noqa: S608 - one of our two columns
        [given],
    )
    if len(rows) != 1:
        raise CommandError(f"No such top-up: {given}")
    topup_id, platform_id, account_id, livemode = rows[0]
    if not livemode:
        raise CommandError(
            f"{given} is a test top-up: the simulated bank answers it when test mode's clock"
            " gets there (counterfoil clock advance 7d)."
        )
    return topup_id, Scope(platform_id, account_id, livemode=True)
