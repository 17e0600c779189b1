"""One capability of an account, as `capability.updated` shows it."""

from __future__ import annotations

from typing import ClassVar

import msgspec

from counterfoil.accounts.profile import Capability
from counterfoil.accounts.shapes import Requirements
from counterfoil.kit.wire import Expandable


class CapabilityWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"account": "acct"}

    id: str
    account: Expandable
    requested: bool
    requested_at: int | None
    requirements: Requirements
    future_requirements: Requirements
    status: str
    object: str = "capability"


def capability_wire(
    account_id: str,
    name: str,
    capability: Capability | None,
    due: Requirements,
    future: Requirements,
) -> CapabilityWire:
    """`capability` is None while it is not requested; `due` and `future` are the account's
    requirements."""
    if capability is None:
        return CapabilityWire(
            name, account_id, False, None, Requirements(), Requirements(), "unrequested"
        )
    return CapabilityWire(
        id=name,
        account=account_id,
        requested=True,
        requested_at=capability.requested_at,
        requirements=msgspec.structs.replace(
            due, disabled_reason=_disabled_reason(capability.status, due)
        ),
        future_requirements=future,
        status=capability.status,
    )


def _disabled_reason(status: str, due: Requirements) -> str | None:
    if status == "active":
        return None
    if due.currently_due:
        return "requirements.fields_needed"
    if due.disabled_reason == "other":
        return "paused.inactivity"
    return (
        "pending.review"
        if status == "pending" or due.disabled_reason == "under_review"
        else "other"
    )
