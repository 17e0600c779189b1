"""`counterfoil demo`: a lively, believable platform, made once and completed when it is not."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any, Final

from django.core.management.base import BaseCommand

from counterfoil.config.demo.making import Made, make_demo
from counterfoil.config.demo.seller import Seller
from counterfoil.config.migrated import migrate_if_blank
from counterfoil.kit.clock import wall_now
from counterfoil.platforms.models import Platform

ACCOUNTS: Final = 8
PAYMENTS: Final = 1200


class Command(BaseCommand):
    help = (
        "Make a believable platform: sellers with months of payments, in test mode. A second run"
        " adds what is missing and changes nothing else."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--accounts",
            type=_whole_number(1),
            default=ACCOUNTS,
            metavar="N",
            help=f"how many sellers there are to be, default {ACCOUNTS}",
        )
        parser.add_argument(
            "--payments",
            type=_whole_number(0),
            default=PAYMENTS,
            metavar="M",
            help="payments over all sellers, default"
            f" {PAYMENTS}; a seller has its part from the run that made it",
        )
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing when there is any platform"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        migrate_if_blank()
        if options["if_empty"] and Platform.objects.exists():
            return
        made = make_demo(
            accounts=options["accounts"],
            payments=options["payments"],
            now=wall_now(),
            when_done=self._say,
        )
        self._sum_up(made)

    def _say(self, seller: Seller, payments: int) -> None:
        what = f"{payments:,} payments" if payments else "no payment"
        self.stdout.write(f"  {seller.name}: {what}")
        self.stdout.flush()

    def _sum_up(self, made: Made) -> None:
        name = made.keys.name
        if made.sellers:
            self.stdout.write(
                f"{name}: {made.sellers} sellers and {made.payments:,} payments added."
            )
        else:
            self.stdout.write(f"{name} has all of that: nothing to add.")
        self.stdout.write(f"  Platform     {name} ({made.keys.platform_id})")
        self.stdout.write(f"  Test key     {made.keys.secret_key_test}")
        self.stdout.write("  Sellers      counterfoil serve, then open /dev/sellers")
        self.stdout.write("  Console      counterfoil serve, then open /dev/console")


def _whole_number(least: int) -> Any:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise ArgumentTypeError(f"must be a whole number, {least} or more")
        return int(text)

    return read
