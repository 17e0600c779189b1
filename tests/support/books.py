"""A small world of books, ways to corrupt it, and what `check` then says.

Moments: `NOW` is Monday 3 November 2025, 10:00 UTC; charges are available two days later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

from counterfoil.accounts import check as accounts_check
from counterfoil.config.management.commands.check import every_invariant
from counterfoil.kit.append_only import trigger_names
from counterfoil.kit.db import execute
from counterfoil.kit.ids import new_id
from counterfoil.kit.invariants import Violation, examine, snapshot
from counterfoil.ledger import check as ledger_check
from counterfoil.ledger import operations
from counterfoil.ledger.drafts import EntryDraft, FeeDetail, Line, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.operations import post_entries
from counterfoil.ledger.sealing import seal_all
from counterfoil.ledger.triggers import APPEND_ONLY, install_triggers

DAY = 86_400
NOW = 1_762_164_000
TODAY = NOW - NOW % DAY
LATER = TODAY + 2 * DAY  # when a charge of today becomes available

PLATFORM = "acct_platform"
SELLER = "acct_seller"
OTHER = "acct_other"
ZONES = {PLATFORM: "Etc/UTC", SELLER: "Etc/UTC", OTHER: "Etc/UTC"}


def seen(owner: str, kind: str, amount: int, **more: Any) -> TransactionDraft:
    """A balance transaction; `more` overrides what a charge would have."""
    fields = {
        "id": new_id("txn", NOW),
        "owner": owner,
        "type": kind,
        "reporting_category": "charge",
        "amount": amount,
        "currency": "usd",
        "available_on": LATER,
        "source_id": None,
    }
    return more.pop("draft", TransactionDraft)(**fields | more)


def processing_fee(amount: int) -> list[FeeDetail]:
    return [FeeDetail(amount, "usd", "stripe_fee", description="Processing fee")]


def charge(key: str, owner: str = SELLER, amount: int = 1000, **more: Any) -> EntryDraft:
    """A card charge less 59. `more`: currency, available_on, and fields of its transaction."""
    currency = more.get("currency", "usd")
    on = more.get("available_on", LATER)
    network = (PLATFORM, Purpose.CARD_NETWORK)
    net = amount - 59
    lines = [
        *move(
            debit=network, credit=(owner, Purpose.PAYMENTS), amount=net, currency=currency, on=on
        ),
        *move(
            debit=network,
            credit=(PLATFORM, Purpose.PROCESSING_FEES),
            amount=59,
            currency=currency,
            on=on,
        ),
    ]
    fees = [FeeDetail(59, currency, "stripe_fee", description="Processing fee")]
    return EntryDraft(
        f"charge:{key}", "charge", lines, [seen(owner, "charge", amount, **more, fees=fees)]
    )


def transfer(
    key: str, to: str = SELLER, amount: int = 700, *, arrives: int | None = None
) -> EntryDraft:
    """The platform passes money on. `arrives` differs from `amount` in a forgery only."""
    arriving = amount if arrives is None else arrives
    lines = [
        Line(PLATFORM, Purpose.PAYMENTS, "debit", amount, "usd", LATER),
        Line(to, Purpose.PAYMENTS, "credit", arriving, "usd", LATER),
    ]
    if arriving != amount:
        lines.append(Line(PLATFORM, Purpose.LOSSES, "credit", amount - arriving, "usd", LATER))
    transactions = [
        seen(PLATFORM, "transfer", -amount, reporting_category="transfer"),
        seen(to, "payment", arriving),
    ]
    return EntryDraft(f"transfer:{key}", "transfer", lines, transactions)


def payout(key: str, owner: str = SELLER, amount: int = 300, on: int = NOW) -> EntryDraft:
    """Money leaves a balance for the bank: a row on `payments`, none on `in_transit`."""
    lines = move(
        debit=(owner, Purpose.PAYMENTS),
        credit=(owner, Purpose.IN_TRANSIT),
        amount=amount,
        currency="usd",
        on=on,
    )
    row = seen(owner, "payout", -amount, reporting_category="payout", available_on=on)
    return EntryDraft(f"payout:{key}", "payout", lines, [row])


def conversion(key: str) -> EntryDraft:
    """100.00 usd leave the platform, 80.00 gbp arrive: two currencies, each balanced."""
    fx = (PLATFORM, Purpose.FX)
    lines = [
        *move(
            debit=(PLATFORM, Purpose.PAYMENTS), credit=fx, amount=10_000, currency="usd", on=LATER
        ),
        *move(debit=fx, credit=(OTHER, Purpose.PAYMENTS), amount=8_000, currency="gbp", on=LATER),
    ]
    transactions = [
        seen(PLATFORM, "transfer", -10_000, reporting_category="transfer"),
        seen(OTHER, "payment", 8_000, currency="gbp", exchange_rate="0.80"),
    ]
    return EntryDraft(f"transfer:{key}", "transfer", lines, transactions)


def behind_the_scenes(key: str, *, debit: int = 5, credit: int = 5) -> EntryDraft:
    """Between accounts that no owner sees a row for. Unequal sides make a forgery."""
    lines = [
        Line(PLATFORM, Purpose.CARD_NETWORK, "debit", debit, "usd", NOW),
        Line(PLATFORM, Purpose.LOSSES, "credit", credit, "usd", NOW),
    ]
    return EntryDraft(f"loss:{key}", "loss", lines)


def post(*entries: EntryDraft, at: int = NOW, livemode: bool = False, **zones: str) -> bool:
    """Post as one operation of PLATFORM; `zones` by owner, UTC where not given."""
    return post_entries(
        entries, platform_id=PLATFORM, livemode=livemode, at=at, zones=ZONES | zones
    )


def small_world() -> None:
    """Two blocks of test mode, one of live mode, and two entries that wait for their seal."""
    post(charge("1"), charge("2", PLATFORM, 5000), transfer("1"))
    seal_all(NOW)
    post(charge("3", OTHER), transfer("2", OTHER, 90))
    post(charge("4", currency="jpy", amount=12_345, available_on=LATER + DAY))
    seal_all(NOW + 60)
    post(charge("1", PLATFORM), livemode=True)
    seal_all(NOW + 120)
    post(payout("1"))
    post(conversion("3"))


# ---- Corrupting ----


@contextmanager
def unguarded() -> Iterator[None]:
    """The append-only triggers away for a moment, and back afterwards."""
    for table in APPEND_ONLY:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        for name in trigger_names(table):
            execute(f"DROP TRIGGER IF EXISTS {name}{on}")
    yield
    install_triggers()


def rewrite(sql: str, params: Sequence[object] = ()) -> int:
    """Change what cannot be changed; the number of rows, which is never 0."""
    with unguarded():
        touched = execute(sql, params)
    assert touched, f"nothing was corrupted: {sql}"
    return touched


def forge(*entries: EntryDraft) -> None:
    """Post entries that the books would refuse: everything else about them is in order."""
    with patch.object(operations, "_assert_balanced", lambda _draft: None):
        post(*entries)


# ---- Judging ----


def violations(*, now: int = NOW, with_payments: bool = False) -> list[Violation]:
    """What the invariants of the books find broken; with payments, those of every package."""
    of_the_books = [*ledger_check.checks(), *accounts_check.checks()]
    with snapshot(now) as moment:
        return [
            violation
            for invariant in (every_invariant() if with_payments else of_the_books)
            for violation in examine(invariant, moment).violations
        ]


def broken(*, now: int = NOW, with_payments: bool = False) -> set[str]:
    """The names of the invariants that do not hold."""
    return {one.invariant for one in violations(now=now, with_payments=with_payments)}
