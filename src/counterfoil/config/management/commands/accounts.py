"""`counterfoil accounts`: what an operator does for sellers."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from counterfoil.access.session_list import end_sessions
from counterfoil.access.ways_back import sign_everybody_out, take_second_step
from counterfoil.accounts.operations.verify import verify_account
from counterfoil.audit.acting import Acting, acting
from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.refused import Refused
from counterfoil.kit.scope import Scope


class Command(BaseCommand):
    help = (
        "Sellers: accounts list (live ones that wait for you) | verify ACCOUNT, once you have seen"
        " that its holder is who they say they are | let-in ACCOUNT --checked HOW, for somebody who"
        " lost their device and their recovery codes: takes the second step away | sign-out ACCOUNT"
        " | sign-out --everybody."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["list", *_VERBS])
        parser.add_argument("account", nargs="?", metavar="ACCOUNT")
        parser.add_argument("--checked", metavar="HOW", help="how you made sure who asks")
        parser.add_argument("--everybody", action="store_true", help="of every account")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["verb"] == "list":
            self._list()
            return
        now = wall_now()
        who = acting.set(Acting("operator", at=now))
        try:
            self.stdout.write(_VERBS[options["verb"]](options, now))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        finally:
            acting.reset(who)

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


def _verify(options: dict[str, Any], now: int) -> str:
    scope = _scope(options["account"])
    if not scope.livemode:
        raise CommandError(
            f"{scope.account_id} is a test account: its values decide by themselves."
        )
    account = verify_account(platform_id=scope.platform_id, account_id=scope.account_id, now=now)
    flags = f"charges {_word(account.charges_enabled)}, payouts {_word(account.payouts_enabled)}"
    return f"{scope.account_id} verified: {flags}"


def _let_in(options: dict[str, Any], now: int) -> str:
    checked = " ".join((options["checked"] or "").split())
    if not checked:
        raise CommandError(
            "How did you make sure who asks? Say so with --checked: the seller reads it in their"
            " log. Look again at what you saw when the account was verified."
        )
    scope = _scope(options["account"])
    steps = take_second_step(scope, checked=checked, now_wall=now)
    things = "1 second step" if steps == 1 else f"{steps} second steps"
    return f"{scope.account_id}: {things} removed. A code that is sent lets its holder in again."


def _sign_out(options: dict[str, Any], _now: int) -> str:
    if options["everybody"]:
        if options["account"]:
            raise CommandError("Either one account or --everybody.")
        ended = sign_everybody_out()
    else:
        ended = end_sessions(_scope(options["account"]))
    return f"{ended} browser signed out." if ended == 1 else f"{ended} browsers signed out."


_VERBS: Final[dict[str, Callable[[dict[str, Any], int], str]]] = {
    "verify": _verify,
    "let-in": _let_in,
    "sign-out": _sign_out,
}


def _scope(account_id: str | None) -> Scope:
    if account_id is None:
        raise CommandError("Which account? Give its id; `accounts list` shows who waits.")
    row = fetch_one(
        "SELECT platform_id, livemode FROM accounts_account WHERE id = %s AND deleted_at IS NULL",
        [account_id],
    )
    if row is None:
        raise CommandError(f"No such account: {account_id}")
    return Scope(row[0], account_id, bool(row[1]))


def _word(enabled: bool) -> str:
    return "enabled" if enabled else "not enabled"
