"""Balance and BalanceTransaction as the API shows them (reference api.md §3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.kit.wire import Expandable
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.queries import BalanceRow, TransactionRow


class FeeDetailWire(msgspec.Struct):
    amount: int
    application: str | None
    currency: str
    description: str | None
    type: str


class BalanceTransactionWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"source": "source"}

    id: str
    amount: int
    available_on: int
    balance_type: str
    created: int
    currency: str
    description: str | None
    exchange_rate: float | None
    fee: int
    fee_details: list[FeeDetailWire]
    net: int
    reporting_category: str
    source: Expandable | None
    status: str
    type: str
    object: str = "balance_transaction"


_PREFUNDING_ON_THE_WIRE = {Purpose.PREFUNDING.value: "refund_and_dispute_prefunding"}
_fees = msgspec.json.Decoder(list[FeeDetailWire])


def balance_transaction_wire(row: TransactionRow, *, now: int) -> BalanceTransactionWire:
    """`now` (platform clock, UTC seconds) decides between pending and available."""
    return BalanceTransactionWire(
        id=row.id,
        amount=row.amount,
        available_on=row.available_on,
        balance_type=_PREFUNDING_ON_THE_WIRE.get(row.balance_type, row.balance_type),
        created=row.created,
        currency=row.currency,
        description=row.description,
        # A ratio for reading, never for reckoning: amounts are whole before they get here.
        exchange_rate=None if row.exchange_rate is None else float(row.exchange_rate),
        fee=row.fee,
        fee_details=_fees.decode(row.fee_details),
        net=row.net,
        reporting_category=row.reporting_category,
        source=row.source_id,
        status="available" if row.available_on <= now else "pending",
        type=row.type,
    )


class SourceTypes(msgspec.Struct):
    card: int


class BalanceAmount(msgspec.Struct):
    amount: int
    currency: str
    source_types: SourceTypes | UnsetType = UNSET


class SideBalance(msgspec.Struct):
    available: list[BalanceAmount]
    pending: list[BalanceAmount]


class NetAvailable(msgspec.Struct):
    """What would arrive of an instant payout of all there is, once its fee is paid."""

    amount: int
    destination: str
    source_types: SourceTypes


class InstantAvailable(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"net_available": "net_available"}

    amount: int
    currency: str
    source_types: SourceTypes
    net_available: list[NetAvailable] | UnsetType = UNSET

    @property
    def id(self) -> str:
        """What the loader of `net_available` knows this entry by; not on the wire."""
        return f"{self.currency}:{self.amount}"


class BalanceWire(msgspec.Struct):
    available: list[BalanceAmount]
    livemode: bool
    pending: list[BalanceAmount]
    connect_reserved: list[BalanceAmount] | UnsetType = UNSET
    instant_available: list[InstantAvailable] | UnsetType = UNSET
    refund_and_dispute_prefunding: SideBalance | UnsetType = UNSET
    object: str = "balance"


def balance_wire(
    rows: Sequence[BalanceRow], *, default_currency: str, livemode: bool, is_platform: bool
) -> BalanceWire:
    """Every currency with a balance, the default one first and always there (clients read [0])."""
    by_purpose: dict[str, dict[str, BalanceRow]] = defaultdict(dict)
    for row in rows:
        by_purpose[row.purpose][row.currency] = row
    payments = by_purpose[Purpose.PAYMENTS.value]
    payments.setdefault(default_currency, BalanceRow(default_currency, "payments", 0, 0))
    ordered = sorted(
        payments.values(), key=lambda row: (row.currency != default_currency, row.currency)
    )
    wire = BalanceWire(
        available=[_with_sources(row.currency, row.available) for row in ordered],
        livemode=livemode,
        pending=[_with_sources(row.currency, row.pending) for row in ordered],
    )
    if is_platform:
        reserved = by_purpose[Purpose.CONNECT_RESERVED.value]
        wire.connect_reserved = [
            BalanceAmount(
                reserved[row.currency].available if row.currency in reserved else 0, row.currency
            )
            for row in ordered
        ]
    if prefunding := by_purpose[Purpose.PREFUNDING.value]:
        wire.refund_and_dispute_prefunding = SideBalance(
            available=[_with_sources(row.currency, row.available) for row in prefunding.values()],
            pending=[_with_sources(row.currency, row.pending) for row in prefunding.values()],
        )
    return wire


def _with_sources(currency: str, amount: int) -> BalanceAmount:
    # All the money that comes in comes from cards.
    return BalanceAmount(amount, currency, SourceTypes(card=amount))
