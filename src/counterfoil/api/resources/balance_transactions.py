"""/v1/balance_transactions (reference api.md §3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import DatedListParams, created_filters, list_object, page_request
from counterfoil.api.resources.application_fees import load_fee_refunds, load_fees
from counterfoil.api.resources.charges import load_charges
from counterfoil.api.resources.disputes import load_disputes
from counterfoil.api.resources.refunds import load_refunds
from counterfoil.api.resources.transfers import load_reversals, load_transfers
from counterfoil.disputes.wire import DisputeWire
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.ledger.queries import (
    TransactionFilter,
    TransactionRow,
    list_transactions,
    transactions_by_id,
)
from counterfoil.ledger.wire import BalanceTransactionWire, balance_transaction_wire
from counterfoil.payments.wire import ApplicationFeeWire, ChargeWire, TransferWire
from counterfoil.payments.wire.refund import FeeRefundWire, RefundWire, TransferReversalWire
from counterfoil.platforms.queries import Caller


@loader("balance_transaction", BalanceTransactionWire)
def load_transactions(ids: Sequence[str], caller: Caller) -> Mapping[str, BalanceTransactionWire]:
    found = transactions_by_id(ids, platform_id=caller.platform_id, livemode=caller.livemode)
    now = caller.now()
    return {ident: balance_transaction_wire(row, now=now) for ident, row in found.items()}


_SOURCES = {
    "ch": load_charges,
    "py": load_charges,
    "tr": load_transfers,
    "trr": load_reversals,
    "fee": load_fees,
    "fr": load_fee_refunds,
    "re": load_refunds,
    "pyr": load_refunds,
    "dp": load_disputes,
}


@loader(
    "source",
    ChargeWire,
    TransferWire,
    TransferReversalWire,
    ApplicationFeeWire,
    FeeRefundWire,
    RefundWire,
    DisputeWire,
)
def load_sources(ids: Sequence[str], caller: Caller) -> Mapping[str, Any]:
    by_prefix: dict[str, list[str]] = {}
    for ident in ids:
        by_prefix.setdefault(ident.partition("_")[0], []).append(ident)
    found: dict[str, Any] = {}
    for prefix, some in by_prefix.items():
        if prefix in _SOURCES:
            found.update(_SOURCES[prefix](some, caller))
    return found


class ListTransactions(DatedListParams, kw_only=True):
    currency: str | None = None
    source: str | None = None
    type: str | None = None


@endpoint("GET", "balance_transactions/<id>")
def retrieve(call: Call, ident: str) -> BalanceTransactionWire:
    row = _own(call, ident)
    if row is None:
        raise ResourceMissing("balance transaction", ident, param="id")
    return balance_transaction_wire(row, now=call.now)


@endpoint("GET", "balance_transactions", params=ListTransactions)
def listed(call: Call, params: ListTransactions) -> ListObject[BalanceTransactionWire]:
    return _list(call, params, "/v1/balance_transactions")


@endpoint("GET", "balance/history", params=ListTransactions)
def history(call: Call, params: ListTransactions) -> ListObject[BalanceTransactionWire]:
    """The older path of the same list."""
    return _list(call, params, "/v1/balance/history")


def _list(call: Call, params: ListTransactions, url: str) -> ListObject[BalanceTransactionWire]:
    page = page_request(params, noun="balance transaction", created_of=_created_of(call))
    wanted = TransactionFilter(
        type=params.type,
        currency=params.currency.lower() if params.currency else None,
        source_id=params.source,
        created=created_filters(params.created),
    )
    return list_object(
        list_transactions(call.scope, wanted, page),
        lambda row: balance_transaction_wire(row, now=call.now),
        url=url,
    )


def _own(call: Call, ident: str) -> TransactionRow | None:
    scope = call.scope
    row = transactions_by_id([ident], platform_id=scope.platform_id, livemode=scope.livemode).get(
        ident
    )
    return row if row is not None and row.owner == scope.account_id else None


def _created_of(call: Call) -> Any:
    def look_up(ident: str) -> int | None:
        row = _own(call, ident)
        return None if row is None else row.created

    return look_up
