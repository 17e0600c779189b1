"""/v1/topups and the refunds-and-disputes balance (reference api.md §5.4)."""

from __future__ import annotations

from typing import Literal

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import (
    CreatedRange,
    DatedListParams,
    created_filters,
    list_object,
    page_request,
)
from counterfoil.api.resources.balance import retrieve as balance_of
from counterfoil.api.resources.rows import created_of, fetched, load
from counterfoil.kit.refused import InvalidRequest
from counterfoil.kit.wire import ListObject
from counterfoil.ledger.wire import BalanceWire
from counterfoil.payments.operations.prefunding import withdraw_prefunding
from counterfoil.payments.operations.topups import (
    cancel_topup,
    create_topup,
    fail_topup,
    settle_topup,
    update_topup,
)
from counterfoil.payments.params import Params
from counterfoil.payments.rows import Condition, list_page
from counterfoil.payments.topup_params import CreateTopup, UpdateTopup, WithdrawPrefunding
from counterfoil.payments.topup_rows import TopupRow
from counterfoil.payments.wire.topup import (
    TopupInstructionsWire,
    TopupWire,
    topup_instructions_wire,
    topup_wire,
)

load_topups = loader("topup", TopupWire)(load(TopupRow, topup_wire))


class ListTopups(DatedListParams, kw_only=True):
    amount: int | CreatedRange | None = None
    status: Literal["canceled", "failed", "pending", "succeeded"] | None = None


class FailTopup(Params):
    code: Literal[
        "no_account",
        "account_closed",
        "insufficient_funds",
        "debit_not_authorized",
        "invalid_currency",
    ] = "insufficient_funds"


@endpoint("POST", "topups", params=CreateTopup)
def create(call: Call, params: CreateTopup) -> TopupWire:
    return topup_wire(
        create_topup(platform=call.caller, scope=call.scope, params=params, now=call.now)
    )


@endpoint("GET", "topups/<id>")
def retrieve(call: Call, ident: str) -> TopupWire:
    return topup_wire(fetched(TopupRow, ident, call.scope, "topup"))


@endpoint("POST", "topups/<id>", params=UpdateTopup)
def update(call: Call, ident: str, params: UpdateTopup) -> TopupWire:
    return topup_wire(update_topup(scope=call.scope, topup_id=ident, params=params, now=call.now))


@endpoint("POST", "topups/<id>/cancel")
def cancel(call: Call, ident: str) -> TopupWire:
    return topup_wire(cancel_topup(scope=call.scope, topup_id=ident, now=call.now))


@endpoint("GET", "topups", params=ListTopups)
def listed(call: Call, params: ListTopups) -> ListObject[TopupWire]:
    page = page_request(params, noun="topup", created_of=created_of(TopupRow, call.scope))
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    filters += [("amount", sign, bound) for sign, bound in created_filters(params.amount)]
    if params.status is not None:
        filters.append(("status", "=", params.status))
    return list_object(list_page(TopupRow, call.scope, filters, page), topup_wire, url="/v1/topups")


@endpoint("POST", "test_helpers/topups/<id>/fail", params=FailTopup)
def fail(call: Call, ident: str, params: FailTopup) -> TopupWire:
    """The bank says no: a pending top-up fails, one that succeeded is reversed."""
    _test_mode_only(call)
    return topup_wire(fail_topup(topup_id=ident, scope=call.scope, code=params.code, now=call.now))


@endpoint("POST", "test_helpers/topups/<id>/succeed")
def succeed(call: Call, ident: str) -> TopupWire:
    """The bank's money comes now, without waiting for the clock."""
    _test_mode_only(call)
    return topup_wire(settle_topup(topup_id=ident, scope=call.scope, now=call.now))


@endpoint("GET", "counterfoil/topups/<id>/instructions")
def instructions(call: Call, ident: str) -> TopupInstructionsWire:
    """How to send the money of a live top-up."""
    row = fetched(TopupRow, ident, call.scope, "topup")
    if row.reference is None:
        raise InvalidRequest(
            f"Top-up {ident} is taken from a test bank account by itself: there is nothing to send."
        )
    details = call.caller.settings.topup_bank_details.get(row.currency)
    if details is None:
        raise InvalidRequest(
            f"The platform has not said which bank account takes {row.currency.upper()}: set"
            " topup_bank_details in its settings."
        )
    return topup_instructions_wire(row, bank_details=details)


@endpoint("POST", "counterfoil/prefunding/withdrawals", params=WithdrawPrefunding)
def withdraw(call: Call, params: WithdrawPrefunding) -> BalanceWire:
    """Money out of the refunds-and-disputes balance; answers with the balance afterwards."""
    withdraw_prefunding(scope=call.scope, params=params, now=call.now)
    return balance_of(call)


def _test_mode_only(call: Call) -> None:
    if call.scope.livemode:
        raise InvalidRequest("Test helpers work with test keys only.")
