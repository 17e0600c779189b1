"""/v1/transfers and their reversals (reference api.md §5.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import (
    DatedListParams,
    ListParams,
    created_filters,
    list_object,
    page_request,
)
from counterfoil.api.resources.rows import created_of, fetched, load
from counterfoil.kit.pages import Page
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.payments.operations.reversals import create_reversal, update_reversal
from counterfoil.payments.operations.transfers import create_transfer, update_transfer
from counterfoil.payments.params import CreateTransfer, UpdateTransfer
from counterfoil.payments.refund_params import CreateReversal, UpdateReversal
from counterfoil.payments.rows import (
    Condition,
    TransferReversalRow,
    TransferRow,
    find_many,
    list_page,
    newest_below,
)
from counterfoil.payments.wire import TransferWire, transfer_wire
from counterfoil.payments.wire.money import NESTED
from counterfoil.payments.wire.refund import TransferReversalWire, transfer_reversal_wire
from counterfoil.platforms.queries import Caller


def wires(rows: Sequence[TransferRow]) -> list[TransferWire]:
    """Transfers with the newest of their reversals, read in one query and only if there are."""
    reversed_ones = [row.id for row in rows if row.amount_reversed]
    below = newest_below(TransferReversalRow, "transfer_id", reversed_ones, limit=NESTED + 1)
    return [transfer_wire(row, below.get(row.id, [])) for row in rows]


@loader("transfer", TransferWire)
def load_transfers(ids: Sequence[str], caller: Caller) -> Mapping[str, TransferWire]:
    found = find_many(TransferRow, ids, platform_id=caller.platform_id, livemode=caller.livemode)
    return {wire.id: wire for wire in wires(list(found.values()))}


class ListTransfers(DatedListParams, kw_only=True):
    destination: str | None = None
    transfer_group: str | None = None


@endpoint("POST", "transfers", params=CreateTransfer)
def create(call: Call, params: CreateTransfer) -> TransferWire:
    return transfer_wire(create_transfer(scope=call.scope, params=params, now=call.now))


@endpoint("GET", "transfers/<id>")
def retrieve(call: Call, ident: str) -> TransferWire:
    return wires([fetched(TransferRow, ident, call.scope, "transfer")])[0]


@endpoint("POST", "transfers/<id>", params=UpdateTransfer)
def update(call: Call, ident: str, params: UpdateTransfer) -> TransferWire:
    row = update_transfer(scope=call.scope, transfer_id=ident, params=params, now=call.now)
    return wires([row])[0]


@endpoint("GET", "transfers", params=ListTransfers)
def listed(call: Call, params: ListTransfers) -> ListObject[TransferWire]:
    page = page_request(params, noun="transfer", created_of=created_of(TransferRow, call.scope))
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    if params.destination is not None:
        filters.append(("destination", "=", params.destination))
    if params.transfer_group is not None:
        filters.append(("transfer_group", "=", params.transfer_group))
    found = list_page(TransferRow, call.scope, filters, page)
    shown = Page(wires(found.rows), found.has_more)
    return list_object(shown, lambda wire: wire, url="/v1/transfers")


load_reversals = loader("transfer_reversal", TransferReversalWire)(
    load(TransferReversalRow, transfer_reversal_wire)
)


@endpoint("POST", "transfers/<id>/reversals", params=CreateReversal)
def reverse(call: Call, ident: str, params: CreateReversal) -> TransferReversalWire:
    return transfer_reversal_wire(
        create_reversal(scope=call.scope, transfer_id=ident, params=params, now=call.now)
    )


@endpoint("GET", "transfers/<id>/reversals/<id>")
def retrieve_reversal(call: Call, transfer_id: str, ident: str) -> TransferReversalWire:
    row = fetched(TransferReversalRow, ident, call.scope, "transfer reversal")
    if row.transfer_id != transfer_id:
        raise ResourceMissing("transfer reversal", ident, param="id")
    return transfer_reversal_wire(row)


@endpoint("POST", "transfers/<id>/reversals/<id>", params=UpdateReversal)
def change_reversal(
    call: Call, transfer_id: str, ident: str, params: UpdateReversal
) -> TransferReversalWire:
    return transfer_reversal_wire(
        update_reversal(
            scope=call.scope,
            transfer_id=transfer_id,
            reversal_id=ident,
            params=params,
            now=call.now,
        )
    )


@endpoint("GET", "transfers/<id>/reversals", params=ListParams)
def list_reversals(call: Call, ident: str, params: ListParams) -> ListObject[TransferReversalWire]:
    fetched(TransferRow, ident, call.scope, "transfer")
    page = page_request(
        params, noun="transfer reversal", created_of=created_of(TransferReversalRow, call.scope)
    )
    found = list_page(TransferReversalRow, call.scope, [("transfer_id", "=", ident)], page)
    return list_object(found, transfer_reversal_wire, url=f"/v1/transfers/{ident}/reversals")
