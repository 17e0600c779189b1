"""/v1/disputes, and what test mode's bank can be told to do (reference api.md §4.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import DatedListParams, created_filters, page_request
from counterfoil.api.resources.rows import created_of
from counterfoil.disputes.operations.answering import close_dispute, update_dispute
from counterfoil.disputes.operations.deciding import Outcome, force_outcome
from counterfoil.disputes.operations.opening import open_dispute
from counterfoil.disputes.params import CreateDispute, UpdateDispute
from counterfoil.disputes.queries import dispute_by_id, shown_disputes
from counterfoil.disputes.rows import DisputeRow
from counterfoil.disputes.wire import DisputeWire
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.wire import ListObject
from counterfoil.payments.rows import Condition, find_many, list_page
from counterfoil.platforms.queries import Caller


@loader("dispute", DisputeWire)
def load_disputes(ids: Sequence[str], caller: Caller) -> Mapping[str, DisputeWire]:
    platform_id, livemode = caller.platform_id, caller.livemode
    found = find_many(DisputeRow, ids, platform_id=platform_id, livemode=livemode)
    shown = shown_disputes(
        list(found.values()), platform_id=platform_id, livemode=livemode, now=caller.now()
    )
    return {wire.id: wire for wire in shown}


class ListDisputes(DatedListParams, kw_only=True):
    charge: str | None = None
    payment_intent: str | None = None


@endpoint("GET", "disputes/<id>")
def retrieve(call: Call, ident: str) -> DisputeWire:
    return _shown(call, [dispute_by_id(ident, call.scope)])[0]


@endpoint("POST", "disputes/<id>", params=UpdateDispute)
def update(call: Call, ident: str, params: UpdateDispute) -> DisputeWire:
    return update_dispute(
        scope=call.scope,
        dispute_id=ident,
        params=params,
        settings=call.caller.settings,
        now=call.now,
    )


@endpoint("POST", "disputes/<id>/close")
def close(call: Call, ident: str) -> DisputeWire:
    return close_dispute(scope=call.scope, dispute_id=ident, now=call.now)


@endpoint("GET", "disputes", params=ListDisputes)
def listed(call: Call, params: ListDisputes) -> ListObject[DisputeWire]:
    page = page_request(params, noun="dispute", created_of=created_of(DisputeRow, call.scope))
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    if params.charge is not None:
        filters.append(("charge_id", "=", params.charge))
    if params.payment_intent is not None:
        filters.append(("payment_intent_id", "=", params.payment_intent))
    found = list_page(DisputeRow, call.scope, filters, page)
    return ListObject(data=_shown(call, found.rows), has_more=found.has_more, url="/v1/disputes")


# ---- Ours: what the cardholder's bank does ----


@endpoint("POST", "test_helpers/disputes", params=CreateDispute)
def create(call: Call, params: CreateDispute) -> DisputeWire:
    """The bank opens a dispute, or asks first (`type=inquiry`)."""
    _in_test_mode(call)
    return open_dispute(
        scope=call.scope, params=params, settings=call.caller.settings, now=call.now
    )


@endpoint("POST", "test_helpers/disputes/<id>/win")
def win(call: Call, ident: str) -> DisputeWire:
    return _force(call, ident, "win")


@endpoint("POST", "test_helpers/disputes/<id>/lose")
def lose(call: Call, ident: str) -> DisputeWire:
    return _force(call, ident, "lose")


@endpoint("POST", "test_helpers/disputes/<id>/escalate")
def escalate(call: Call, ident: str) -> DisputeWire:
    """An inquiry becomes a chargeback."""
    return _force(call, ident, "escalate")


@endpoint("POST", "test_helpers/disputes/<id>/close")
def close_inquiry(call: Call, ident: str) -> DisputeWire:
    """An inquiry ends and its money stays."""
    return _force(call, ident, "close")


def _force(call: Call, ident: str, outcome: Outcome) -> DisputeWire:
    _in_test_mode(call)
    return force_outcome(
        scope=call.scope,
        dispute_id=ident,
        outcome=outcome,
        settings=call.caller.settings,
        now=call.now,
    )


def _in_test_mode(call: Call) -> None:
    if call.scope.livemode:
        raise InvalidRequest("Test helpers work in test mode: use a test key.")


def _shown(call: Call, rows: Sequence[DisputeRow]) -> list[DisputeWire]:
    scope = call.scope
    return shown_disputes(
        rows, platform_id=scope.platform_id, livemode=scope.livemode, now=call.now
    )
