"""Looking at a world of `builders.py`: what is in the books, what was told, what was written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec

from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.scope import Scope
from counterfoil.ledger.queries import (
    TransactionFilter,
    TransactionRow,
    balances,
    list_transactions,
)
from counterfoil.payments.rows import (
    AnyRow,
    ApplicationFeeRow,
    ChargeRow,
    TransferRow,
    find_many,
)
from tests.contract.sdk_types import assert_valid


@dataclass(frozen=True, slots=True)
class Balance:
    """Minor units of one currency and one purpose."""

    pending: int = 0
    available: int = 0


class Looking:
    """The reading half of `builders.World`."""

    id: str
    now: int

    @property
    def scope(self) -> Scope:
        raise NotImplementedError

    def transactions(self, account_id: str) -> list[TransactionRow]:
        """An account's balance transactions, in the order in which they were made."""
        scope = self.scope.of(account_id)
        page = list_transactions(scope, TransactionFilter(), PageRequest(limit=100))
        assert not page.has_more
        return list(reversed(page.rows))

    def rows(self, **accounts: str) -> list[str]:
        """Balance transactions as lines of a `table`: who type amount fee net source.

        Accounts by the name the table gives them, in their order.
        """
        return [
            f"{name} {row.type} {row.amount} {row.fee} {row.net} {_prefix(row.source_id)}"
            for name, account_id in accounts.items()
            for row in self.transactions(account_id)
        ]

    def find(self, kind: type[AnyRow], ident: str | None) -> AnyRow:
        """An object as the database has it, whichever account it belongs to."""
        assert ident is not None
        return find_many(kind, [ident], platform_id=self.id, livemode=False)[ident]

    def transfer_of(self, charge: ChargeRow) -> TransferRow:
        """The transfer that a destination charge made."""
        return self.find(TransferRow, charge.transfer_id)

    def payment_of(self, transfer: TransferRow) -> ChargeRow:
        """What a transfer made on its account."""
        return self.find(ChargeRow, transfer.destination_payment_id)

    def fee_of(self, charge: ChargeRow) -> ApplicationFeeRow:
        return self.find(ApplicationFeeRow, charge.application_fee_id)

    def balance(
        self,
        account_id: str | None = None,
        currency: str = "usd",
        *,
        purpose: str = "payments",
        now: int | None = None,
    ) -> Balance:
        """What an account (or the platform) has at a moment."""
        moment = self.now if now is None else now
        for row in balances(self.scope.of(account_id or self.id), now=moment):
            if (row.currency, row.purpose) == (currency, purpose):
                return Balance(row.pending, row.available)
        return Balance()

    def events(self, account_id: str | None = None) -> list[str]:
        """The types of what happened to an account's objects, in order; of payments only."""
        return [kind for kind, _ in self.told(account_id)]

    def told(self, account_id: str | None = None) -> list[tuple[str, dict[str, Any]]]:
        """The events of an account's payments, each with the object it shows."""
        rows = fetch_all(
            "SELECT type, object FROM events_event WHERE platform_id = %s AND account_id = %s"
            " ORDER BY created, id",
            [self.id, account_id or self.id],
        )
        return [
            (kind, json.loads(shown))
            for kind, shown in rows
            if kind.partition(".")[0] not in ("account", "capability", "person")
        ]


def table(text: str) -> list[str]:
    """The lines of a table, however it is indented and aligned. `--` begins a remark."""
    lines = (" ".join(line.partition("--")[0].split()) for line in text.splitlines())
    return [line for line in lines if line]


def shown(wire: msgspec.Struct) -> dict[str, Any]:
    """The object as a client receives it; it fits the SDK's typed classes."""
    found: dict[str, Any] = json.loads(msgspec.json.encode(wire))
    assert_valid(found)
    return found


def written() -> dict[str, int]:
    """How many rows each table of money and of events holds."""
    tables = (
        "payments_paymentmethod",
        "payments_paymentintent",
        "payments_charge",
        "payments_transfer",
        "payments_applicationfee",
        "payments_topup",
        "payouts_payout",
        "payouts_line",
        "ledger_unclaimed",
        "ledger_entry",
        "ledger_posting",
        "ledger_balancetransaction",
        "events_event",
    )
    return {name: int(fetch_all(f"SELECT COUNT(*) FROM {name}")[0][0]) for name in tables}


@contextmanager
def nothing_written() -> Iterator[None]:
    """What happens inside leaves no row behind."""
    before = written()
    yield
    assert written() == before


def _prefix(ident: str | None) -> str:
    return f"{ident.partition('_')[0]}_" if ident else "-"
