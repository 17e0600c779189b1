"""Rows of the payments tables as slotted dataclasses, read and written with plain SQL.

A row holds what its table holds; JSON columns stay text until the wire needs them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, TypeVar

from counterfoil.kit.db import execute, fetch_all, placeholders, queue_rows
from counterfoil.kit.money import Money
from counterfoil.kit.pages import Page, PageRequest, cut, keyset
from counterfoil.kit.scope import Scope


@dataclass(slots=True, kw_only=True)
class Row:
    """What every money object carries."""

    TABLE: ClassVar[str]

    id: str
    platform_id: str
    livemode: bool
    account_id: str
    created: int

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)  # SQLite answers 0 and 1

    @property
    def scope(self) -> Scope:
        return Scope(self.platform_id, self.account_id, self.livemode)


@dataclass(slots=True, kw_only=True)
class PaymentMethodRow(Row):
    TABLE: ClassVar[str] = "payments_paymentmethod"

    scenario: str
    card: str
    billing_details: str = "{}"
    metadata: str = "{}"
    customer_id: str | None = None
    detached: bool = False

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)
        self.detached = bool(self.detached)


@dataclass(slots=True, kw_only=True)
class PaymentIntentRow(Row):
    TABLE: ClassVar[str] = "payments_paymentintent"

    amount: int
    currency: str
    status: str
    capture_method: str
    confirmation_method: str
    client_secret: str
    amount_capturable: int = 0
    amount_received: int = 0
    application_fee_amount: int | None = None
    on_behalf_of: str | None = None
    transfer_destination: str | None = None
    transfer_amount: int | None = None
    transfer_group: str | None = None
    payment_method_id: str | None = None
    customer_id: str | None = None
    latest_charge_id: str | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None
    description: str | None = None
    metadata: str = "{}"
    details: str = "{}"


@dataclass(slots=True, kw_only=True)
class ChargeRow(Row):
    TABLE: ClassVar[str] = "payments_charge"

    amount: int
    currency: str
    status: str
    captured: bool
    amount_captured: int = 0
    amount_refunded: int = 0
    disputed: bool = False
    available_on: int | None = None
    payment_intent_id: str | None = None
    payment_method_id: str | None = None
    customer_id: str | None = None
    balance_transaction_id: str | None = None
    application_fee_id: str | None = None
    application_fee_amount: int | None = None
    on_behalf_of: str | None = None
    transfer_id: str | None = None
    transfer_destination: str | None = None
    transfer_amount: int | None = None
    transfer_group: str | None = None
    source_transfer_id: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    settled_amount: int | None = None
    settled_currency: str | None = None
    exchange_rate: str | None = None
    description: str | None = None
    metadata: str = "{}"
    details: str = "{}"
    seller_id: str | None = None
    method: str | None = None
    payer_name: str | None = None
    payer_email: str | None = None
    order_ref: str | None = None

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)
        self.captured = bool(self.captured)
        self.disputed = bool(self.disputed)

    @property
    def settled(self) -> Money:
        """What its balance transaction shows: in the owner's currency, before fees."""
        if self.settled_amount is None or self.settled_currency is None:
            return Money(self.amount_captured, self.currency)
        return Money(self.settled_amount, self.settled_currency)


@dataclass(slots=True, kw_only=True)
class TransferRow(Row):
    TABLE: ClassVar[str] = "payments_transfer"

    amount: int
    currency: str
    destination: str
    destination_payment_id: str
    balance_transaction_id: str
    amount_reversed: int = 0
    source_transaction: str | None = None
    source_type: str = "card"
    transfer_group: str | None = None
    description: str | None = None
    metadata: str = "{}"


@dataclass(slots=True, kw_only=True)
class ApplicationFeeRow(Row):
    TABLE: ClassVar[str] = "payments_applicationfee"

    amount: int
    currency: str
    connected_account_id: str
    balance_transaction_id: str
    charge_id: str | None = None
    payout_id: str | None = None
    amount_refunded: int = 0
    originating_transaction: str | None = None
    settled_amount: int | None = None
    settled_currency: str | None = None
    exchange_rate: str | None = None
    account_amount: int | None = None
    account_currency: str | None = None
    description: str | None = None
    metadata: str = "{}"

    @property
    def earned(self) -> Money:
        """What the platform has of it, in the platform's currency."""
        if self.settled_amount is None or self.settled_currency is None:
            return Money(self.amount, self.currency)
        return Money(self.settled_amount, self.settled_currency)

    @property
    def given(self) -> Money:
        """What the account gave, in the currency of its row."""
        if self.account_amount is None or self.account_currency is None:
            return Money(self.amount, self.currency)
        return Money(self.account_amount, self.account_currency)


@dataclass(slots=True, kw_only=True)
class RefundRow(Row):
    TABLE: ClassVar[str] = "payments_refund"

    amount: int
    currency: str
    charge_id: str
    status: str
    payment_intent_id: str | None = None
    pending_reason: str | None = None
    reason: str | None = None
    failure_reason: str | None = None
    decided_by: str | None = None
    reverses_transfer: bool = False
    refunds_fee: bool = False
    purpose: str | None = None
    balance_transaction_id: str | None = None
    failure_transaction_id: str | None = None
    transfer_reversal_id: str | None = None
    source_transfer_reversal_id: str | None = None
    next_at: int | None = None
    settled_amount: int | None = None
    settled_currency: str | None = None
    description: str | None = None
    metadata: str = "{}"

    def __post_init__(self) -> None:
        self.livemode = bool(self.livemode)
        self.reverses_transfer = bool(self.reverses_transfer)
        self.refunds_fee = bool(self.refunds_fee)

    @property
    def funds_currency(self) -> str:
        """The currency of the balance that pays for it."""
        return self.settled_currency or self.currency

    @property
    def settled(self) -> Money:
        """What it takes from its account, before any fee returned with it."""
        if self.settled_amount is None or self.settled_currency is None:
            return Money(self.amount, self.currency)
        return Money(self.settled_amount, self.settled_currency)


@dataclass(slots=True, kw_only=True)
class TransferReversalRow(Row):
    TABLE: ClassVar[str] = "payments_transferreversal"

    amount: int
    currency: str
    transfer_id: str
    balance_transaction_id: str
    destination_payment_refund_id: str
    source_refund_id: str | None = None
    description: str | None = None
    metadata: str = "{}"


@dataclass(slots=True, kw_only=True)
class FeeRefundRow(Row):
    TABLE: ClassVar[str] = "payments_feerefund"

    amount: int
    currency: str
    fee_id: str
    balance_transaction_id: str
    description: str | None = None
    metadata: str = "{}"


AnyRow = TypeVar("AnyRow", bound=Row)
Condition = tuple[str, str, object]  # column, sign, value

_SIGNS = frozenset({"=", ">", ">=", "<", "<="})


_names: dict[type[Row], tuple[str, ...]] = {}


def names_of(kind: type[Row]) -> tuple[str, ...]:
    """The columns of a row's table that the row holds; packages above add rows of their own."""
    names = _names.get(kind)
    if names is None:
        names = _names[kind] = tuple(field.name for field in fields(kind))
    return names


def insert(*rows: Row) -> None:
    """Write new rows of one table in one statement."""
    if rows:
        names = names_of(type(rows[0]))
        values = [[getattr(row, name) for name in names] for row in rows]
        queue_rows(rows[0].TABLE, names, values)


def save(row: Row) -> None:
    """Write a changed row back, whole."""
    names = names_of(type(row))
    sets = ", ".join(f"{name} = %s" for name in names)
    values = [getattr(row, name) for name in names]
    execute(f"UPDATE {row.TABLE} SET {sets} WHERE id = %s", [*values, row.id])


def find(kind: type[AnyRow], ident: str, scope: Scope, *, suffix: str = "") -> AnyRow | None:
    """An object of one account, or None. `suffix` may lock it (`kit.db.lock_row_suffix`)."""
    names = names_of(kind)
    rows = fetch_all(
        f"SELECT {', '.join(names)} FROM {kind.TABLE}"
        f" WHERE id = %s AND account_id = %s AND livemode = %s{suffix}",
        [ident, scope.account_id, scope.livemode],
    )
    return kind(**dict(zip(names, rows[0], strict=True))) if rows else None


def find_many(
    kind: type[AnyRow], ids: Sequence[str], *, platform_id: str, livemode: bool
) -> dict[str, AnyRow]:
    """Objects of any account of a platform in one mode, by id; unknown ids are left out."""
    if not ids:
        return {}
    names = names_of(kind)
    rows = fetch_all(
        f"SELECT {', '.join(names)} FROM {kind.TABLE}"
        f" WHERE id IN ({placeholders(ids)}) AND platform_id = %s AND livemode = %s",
        [*ids, platform_id, livemode],
    )
    found = (kind(**dict(zip(names, row, strict=True))) for row in rows)
    return {row.id: row for row in found}


def list_page(
    kind: type[AnyRow], scope: Scope, conditions: Sequence[Condition], page: PageRequest
) -> Page[AnyRow]:
    """Objects of one account, newest first, narrowed by columns of their table."""
    names = names_of(kind)
    where, params = ["account_id = %s AND livemode = %s"], [scope.account_id, scope.livemode]
    for column, sign, value in conditions:
        assert column in names, column
        assert sign in _SIGNS, sign
        where.append(f"{column} {sign} %s")
        params.append(value)
    beyond, more, tail = keyset(page)
    rows = fetch_all(
        f"SELECT {', '.join(names)} FROM {kind.TABLE} WHERE {' AND '.join(where)}{beyond} {tail}",
        [*params, *more],
    )
    return cut([kind(**dict(zip(names, row, strict=True))) for row in rows], page)


def newest_below(
    kind: type[AnyRow], column: str, parents: Sequence[str], *, limit: int, prefix: str = ""
) -> dict[str, list[AnyRow]]:
    """The newest rows below each parent: `limit` of each at most, in one query.

    `prefix`: only those whose ids begin with it.
    """
    if not parents:
        return {}
    names = names_of(kind)
    assert column in names, column
    among, bounds = (" AND id >= %s AND id < %s", [prefix, prefix + "~"]) if prefix else ("", [])
    rows = fetch_all(
        f"SELECT {', '.join(names)} FROM (SELECT {', '.join(names)}, ROW_NUMBER() OVER"
        f" (PARTITION BY {column} ORDER BY created DESC, id DESC) AS place FROM {kind.TABLE}"
        f" WHERE {column} IN ({placeholders(parents)}){among}) ranked WHERE place <= %s"
        " ORDER BY created DESC, id DESC",
        [*parents, *bounds, limit],
    )
    found: dict[str, list[AnyRow]] = {}
    for row in rows:
        item = kind(**dict(zip(names, row, strict=True)))
        found.setdefault(getattr(item, column), []).append(item)
    return found
