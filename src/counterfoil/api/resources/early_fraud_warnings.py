"""/v1/radar/early_fraud_warnings: what issuers suspect (reference api.md §7)."""

from __future__ import annotations

from counterfoil.api.endpoint import Call, endpoint
from counterfoil.api.lists import DatedListParams, created_filters, list_object, page_request
from counterfoil.api.resources.rows import created_of, fetched
from counterfoil.disputes.rows import WarningRow
from counterfoil.disputes.wire import WarningWire, warning_wire
from counterfoil.kit.wire import ListObject
from counterfoil.payments.rows import Condition, list_page

URL = "/v1/radar/early_fraud_warnings"


class ListWarnings(DatedListParams, kw_only=True):
    charge: str | None = None
    payment_intent: str | None = None


@endpoint("GET", "radar/early_fraud_warnings/<id>")
def retrieve(call: Call, ident: str) -> WarningWire:
    return warning_wire(fetched(WarningRow, ident, call.scope, "early fraud warning"))


@endpoint("GET", "radar/early_fraud_warnings", params=ListWarnings)
def listed(call: Call, params: ListWarnings) -> ListObject[WarningWire]:
    page = page_request(
        params, noun="early fraud warning", created_of=created_of(WarningRow, call.scope)
    )
    filters: list[Condition] = [
        ("created", sign, at) for sign, at in created_filters(params.created)
    ]
    if params.charge is not None:
        filters.append(("charge_id", "=", params.charge))
    if params.payment_intent is not None:
        filters.append(("payment_intent_id", "=", params.payment_intent))
    return list_object(list_page(WarningRow, call.scope, filters, page), warning_wire, url=URL)
