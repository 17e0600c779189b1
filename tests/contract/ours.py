"""The few objects that are ours, which the SDK has no types for: their fields, written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Kind = type | tuple[type, ...]
LINE: Final[dict[str, Kind]] = {
    "id": str,
    "object": str,
    "amount": int,
    "balance_transaction": (str, dict),
    "currency": str,
    "net": int,
    "payout": str,
    "position": int,
    "type": str,
    "why": dict,
}
LINES: Final[dict[str, Kind]] = {
    "object": str,
    "content_hash": str,
    "data": list,
    "has_more": bool,
    "total_amount": int,
    "total_count": int,
    "url": str,
}
FEATURES: Final = (
    "view_payments",
    "issue_refunds",
    "manage_disputes",
    "capture_payments",
    "manual_payouts",
    "edit_payout_schedule",
    "instant_payouts",
    "top_up_prefunding",
    "close_account",
    "collect_eventually_due",
)
OR_NULL: Final = (str, type(None))
OBJECTS: Final[dict[str, dict[str, Kind]]] = {
    "clock": {"object": str, "now": int, "livemode": bool, "done": int},
    "topup_instructions": {
        "object": str,
        "topup": str,
        "amount": int,
        "currency": str,
        "reference": str,
        "bank_details": str,
    },
    "information_request": {
        "id": str,
        "object": str,
        "account": str,
        "kind": str,
        "title": str,
        "text": str,
        "choices": list,
        "requirement": str,
        "requirements": list,
        "starts_at": int,
        "current_deadline": int,
        "created": int,
    },
    "counterfoil.webhook_secret": {
        "object": str,
        "webhook_endpoint": str,
        "livemode": bool,
        "secret": str,
        "old_secret_expires_at": int,
    },
    "counterfoil.webhook_replay": {
        "object": str,
        "webhook_endpoint": str,
        "livemode": bool,
        "count": int,
    },
    "counterfoil.webhook_delivery": {
        "id": str,
        "object": str,
        "account": OR_NULL,
        "created": int,
        "event": str,
        "event_type": str,
        "finished_at": (int, type(None)),
        "livemode": bool,
        "next_attempt_at": (int, type(None)),
        "response_error": OR_NULL,
        "response_status": (int, type(None)),
        "status": str,
        "webhook_endpoint": str,
        "attempts": list,
        "request_body": str,
    },
    "counterfoil.settings": {
        "object": str,
        "livemode": bool,
        "features": dict,
        "tariffs": dict,
        "dispute_fees": dict,
        "instant_payouts": dict,
        "exchange": dict,
        "settlement_currencies": list,
        "topup_bank_details": dict,
        "large_refunds": dict,
        "replaced_contact_hold_days": int,
        "second_factor": str,
        "support": dict,
    },
    "counterfoil.account_settings": {
        "object": str,
        "account": str,
        "livemode": bool,
        "features": dict,
        "own_features": dict,
    },
}


# Shown of a single object, not in a list of them.
ALONE: Final = {"counterfoil.webhook_delivery": {"attempts", "request_body"}}


def is_ours(body: Mapping[str, Any]) -> bool:
    return body.get("object") in OBJECTS or "content_hash" in body or _is_our_list(body)


def _is_our_list(body: Mapping[str, Any]) -> bool:
    items = body.get("data")
    return body.get("object") == "list" and bool(items) and items[0].get("object") in OBJECTS


def assert_ours(body: Mapping[str, Any]) -> None:
    """Raise AssertionError for a field too many, too few or of another type."""
    if "content_hash" in body:
        _check(body, LINES)
        for line in body["data"]:
            _check(line, LINE)
            assert set(line["why"]) == {"decided_by", "operation", "rule", "sentences"}
        return
    if _is_our_list(body):
        _check(body, dict.fromkeys(("object", "url"), str) | {"data": list, "has_more": bool})
        for one in body["data"]:
            alone = ALONE.get(one["object"], set())
            kinds = OBJECTS[one["object"]]
            _check(one, {name: kind for name, kind in kinds.items() if name not in alone})
        return
    _check(body, OBJECTS[body["object"]])
    if "features" in body:
        _check(body["features"], dict.fromkeys(FEATURES, bool))


def _check(value: Mapping[str, Any], fields: Mapping[str, Kind]) -> None:
    assert set(value) == set(fields), set(value) ^ set(fields)
    for name, kind in fields.items():
        kinds = kind if isinstance(kind, tuple) else (kind,)
        assert type(value[name]) in kinds, f"{name}: {value[name]!r}"
