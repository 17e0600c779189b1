"""/v1/payouts (reference api.md §5.3), and the lines of each, which are ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.queries import payment_accounts
from counterfoil.accounts.wire import DeletedWire, deleted_wire, external_account_wire
from counterfoil.accounts.wire.external import BankAccountWire, CardWire
from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.expand import loader
from counterfoil.api.lists import (
    CreatedRange,
    DatedListParams,
    ListParams,
    created_filters,
    list_object,
    page_request,
)
from counterfoil.api.resources.rows import created_of, fetched, load
from counterfoil.explain.reading import reasons, subject_of
from counterfoil.explain.why import Reader, Why
from counterfoil.explain.wire import PayoutLines, payout_lines
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.wire import ListObject
from counterfoil.ledger.queries import transactions_by_id
from counterfoil.payments.params import Params
from counterfoil.payments.rows import Condition, list_page
from counterfoil.payouts.operations.create import create_payout
from counterfoil.payouts.operations.ending import cancel_payout
from counterfoil.payouts.operations.forcing import force_failed, force_paid
from counterfoil.payouts.operations.reverse import reverse_payout
from counterfoil.payouts.operations.update import update_payout
from counterfoil.payouts.params import CreatePayout, ReversePayout, UpdatePayout
from counterfoil.payouts.queries import lines_page
from counterfoil.payouts.rows import PayoutRow
from counterfoil.payouts.wire import PayoutWire, payout_wire
from counterfoil.platforms.queries import Caller
from counterfoil.wording import dates
from counterfoil.wording.languages import written_for

load_payouts = loader("payout", PayoutWire)(load(PayoutRow, payout_wire))


@loader("external_account", BankAccountWire, CardWire, DeletedWire)
def load_external_accounts(
    ids: Sequence[str], caller: Caller
) -> Mapping[str, BankAccountWire | CardWire | DeletedWire]:
    rows = ExternalAccount.objects.filter(
        id__in=ids, platform_id=caller.platform_id, livemode=caller.livemode
    )
    return {
        row.id: external_account_wire(row) if row.deleted_at is None else deleted_wire(row)
        for row in rows
    }


class ListPayouts(DatedListParams, kw_only=True):
    arrival_date: int | CreatedRange | None = None
    destination: str | None = None
    status: Literal["pending", "in_transit", "paid", "failed", "canceled"] | None = None


class FailPayout(Params):
    """Why the bank sends it back; `could_not_process` unless another code is given."""

    code: str = "could_not_process"


@endpoint("POST", "payouts", params=CreatePayout)
def create(call: Call, params: CreatePayout) -> PayoutWire:
    return payout_wire(
        create_payout(platform=call.caller, scope=call.scope, params=params, now=call.now)
    )


@endpoint("GET", "payouts/<id>")
def retrieve(call: Call, ident: str) -> PayoutWire:
    return payout_wire(fetched(PayoutRow, ident, call.scope, "payout"))


@endpoint("POST", "payouts/<id>", params=UpdatePayout)
def update(call: Call, ident: str, params: UpdatePayout) -> PayoutWire:
    return payout_wire(
        update_payout(scope=call.scope, payout_id=ident, params=params, now=call.now)
    )


@endpoint("POST", "payouts/<id>/cancel")
def cancel(call: Call, ident: str) -> PayoutWire:
    return payout_wire(cancel_payout(scope=call.scope, payout_id=ident, now=call.now))


@endpoint("POST", "payouts/<id>/reverse", params=ReversePayout)
def reverse(call: Call, ident: str, params: ReversePayout) -> PayoutWire:
    return payout_wire(
        reverse_payout(scope=call.scope, payout_id=ident, params=params, now=call.now)
    )


@endpoint("GET", "payouts", params=ListPayouts)
def listed(call: Call, params: ListPayouts) -> ListObject[PayoutWire]:
    page = page_request(params, noun="payout", created_of=created_of(PayoutRow, call.scope))
    filters: list[Condition] = [
        (column, sign, at)
        for column, bounds in (("created", params.created), ("arrival_date", params.arrival_date))
        for sign, at in created_filters(bounds)
    ]
    if params.destination is not None:
        filters.append(("destination_id", "=", params.destination))
    if params.status is not None:
        filters.append(("status", "=", params.status))
    return list_object(
        list_page(PayoutRow, call.scope, filters, page), payout_wire, url="/v1/payouts"
    )


@endpoint("GET", "payouts/<id>/lines", params=ListParams)
def lines(call: Call, ident: str, params: ListParams) -> PayoutLines:
    """Ours: what a payout of any kind settles, oldest first, to the cent."""
    payout = fetched(PayoutRow, ident, call.scope, "payout")
    if params.starting_after is not None and params.ending_before is not None:
        raise InvalidRequest(
            "Send either starting_after or ending_before, not both.",
            param="ending_before",
            code="parameters_exclusive",
        )
    page = lines_page(
        payout.id,
        limit=params.limit,
        after=_position(payout, params.starting_after, "starting_after"),
        before=_position(payout, params.ending_before, "ending_before"),
    )
    return payout_lines(payout, page, _reasons(call, [row.txn_id for row in page.rows]))


@endpoint("POST", "test_helpers/payouts/<id>/pay")
def pay(call: Call, ident: str) -> PayoutWire:
    """Ours: it arrives now, whatever the bank account's number says."""
    _check_test_mode(call)
    return payout_wire(force_paid(scope=call.scope, payout_id=ident, now=call.now))


@endpoint("POST", "test_helpers/payouts/<id>/fail", params=FailPayout)
def fail(call: Call, ident: str, params: FailPayout) -> PayoutWire:
    """Ours: the bank sends it back now; also one that had arrived, within five business days."""
    _check_test_mode(call)
    return payout_wire(
        force_failed(scope=call.scope, payout_id=ident, code=params.code, now=call.now)
    )


def _reasons(call: Call, ids: Sequence[str]) -> Mapping[str, Why]:
    """In English, as all of the API, with the days of the account's own calendar."""
    scope = call.scope
    found = transactions_by_id(ids, platform_id=scope.platform_id, livemode=scope.livemode)
    account = payment_accounts(scope.platform_id, scope.livemode, [scope.account_id]).get(
        scope.account_id
    )
    country, zone = (account.country, account.timezone) if account else (None, "Etc/UTC")
    with written_for("en", country, zone):
        reader = Reader(call.caller.platform_name, dates.local(call.now).date())
        return reasons([subject_of(row) for row in found.values()], reader)


def _check_test_mode(call: Call) -> None:
    if call.scope.livemode:
        raise InvalidRequest("Test helpers work with test keys only.")


def _position(payout: PayoutRow, line_id: str | None, param: str) -> int | None:
    """The position in a line's id, which is `{payout}-{position}`."""
    if line_id is None:
        return None
    of_payout, _, position = line_id.rpartition("-")
    if of_payout != payout.id or not (position.isascii() and position.isdigit()):
        raise ResourceMissing("payout line", line_id, param=param)
    if int(position) >= payout.line_count:
        raise ResourceMissing("payout line", line_id, param=param)
    return int(position)
