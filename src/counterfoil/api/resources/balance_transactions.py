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
from counterfoil.api.resources.payouts import load_payouts
from counterfoil.api.resources.refunds import load_refunds
from counterfoil.api.resources.topups import load_topups
from counterfoil.api.resources.transfers import load_reversals, load_transfers
from counterfoil.disputes.wire import DisputeWire
from counterfoil.kit.pages import Page, PageRequest
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.ledger.queries import (
    TransactionFilter,
    TransactionRow,
    list_transactions,
    transactions_by_id,
)
from counterfoil.ledger.wire import BalanceTransactionWire, balance_transaction_wire
from counterfoil.payments.rows import find
from counterfoil.payments.wire import ApplicationFeeWire, ChargeWire, TransferWire
from counterfoil.payments.wire.refund import FeeRefundWire, RefundWire, TransferReversalWire
from counterfoil.payments.wire.topup import TopupWire
from counterfoil.payouts.queries import position_in, transactions_of
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import PayoutWire
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
    "tu": load_topups,
    "po": load_payouts,
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
    TopupWire,
    PayoutWire,
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
    payout: str | None = None
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
    found = (
        list_transactions(call.scope, wanted, page)
        if params.payout is None
        else _of_payout(call, params.payout, wanted, page)
    )
    return list_object(
        found,
        lambda row: balance_transaction_wire(row, now=call.now),
        url=url,
    )


def _of_payout(
    call: Call, payout_id: str, wanted: TransactionFilter, page: PageRequest
) -> Page[TransactionRow]:
    """What an automatic payout settled, with its own row (reference money-movement §6.2)."""
    payout = find(PayoutRow, payout_id, call.scope)
    if payout is None:
        raise ResourceMissing("payout", payout_id, param="payout")
    if not payout.automatic:
        raise InvalidRequest(
            "Balance transaction history can only be filtered on automatic transfers, not manual."
            f" What {payout_id} settles is under /v1/payouts/{payout_id}/lines.",
            param="payout",
        )
    if not payout.reconciled:
        raise InvalidRequest(
            f"Payout {payout_id} is not reconciled yet. Wait for the event"
            " payout.reconciliation_completed: it comes when the payout is handed to the bank.",
            param="payout",
            code="payout_reconciliation_not_ready",
        )
    cursor = None
    if page.cursor is not None:
        cursor = position_in(payout, page.cursor.id)
        if cursor is None:
            param = "starting_after" if page.direction == "older" else "ending_before"
            raise ResourceMissing("balance transaction", page.cursor.id, param=param)
    return transactions_of(payout, wanted, page, cursor=cursor)


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
