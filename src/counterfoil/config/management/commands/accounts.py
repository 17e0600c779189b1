"""`counterfoil accounts`: live sellers, whose papers an operator looks at."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counterfoil.accounts.operations.verify import verify_account
from counterfoil.audit.acting import Acting, acting
from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import Refused


class Command(BaseCommand):
    help = (
        "Live accounts: accounts list (those that wait for you) | verify ACCOUNT, once you have"
        " seen that its holder is who they say they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["list", "verify"])
        parser.add_argument("account", nargs="?", metavar="ACCOUNT")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["verb"] == "list":
            self._list()
            return
        account_id = options["account"]
        if account_id is None:
            raise CommandError("Which account? Give its id; `accounts list` shows who waits.")
        now = wall_now()
        who = acting.set(Acting("operator", at=now))
        try:
            account = verify_account(
                platform_id=_live_platform(account_id), account_id=account_id, now=now
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        finally:
            acting.reset(who)
        flags = (
            f"charges {_word(account.charges_enabled)}, payouts {_word(account.payouts_enabled)}"
        )
        self.stdout.write(f"{account_id} verified: {flags}")

    def _list(self) -> None:
        rows = fetch_all(
            "SELECT id, country, display_name, email FROM accounts_account"
            " WHERE livemode = %s AND deleted_at IS NULL AND details_submitted = %s"
            " AND (card_payments = 'pending' OR transfers = 'pending') ORDER BY created, id",
            [True, True],
        )
        for account_id, country, name, email in rows:
            self.stdout.write(f"{account_id} {country} {name or '-'} {email or '-'}")
        if not rows:
            self.stdout.write("No live account is waiting.")


def _live_platform(account_id: str) -> str:
    rows = fetch_all(
        "SELECT platform_id, livemode FROM accounts_account WHERE id = %s AND deleted_at IS NULL",
        [account_id],
    )
    if not rows:
        raise CommandError(f"No such account: {account_id}")
    platform_id, livemode = rows[0]
    if not livemode:
        raise CommandError(f"{account_id} is a test account: its values decide by themselves.")
    return str(platform_id)


def _word(enabled: bool) -> str:
    return "enabled" if enabled else "not enabled"
