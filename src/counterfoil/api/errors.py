"""Refusals as HTTP: the one place that knows statuses and Stripe's envelope (reference §1.10)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import msgspec

from counterfoil.kit.refused import (
    Conflict,
    Declined,
    Forbidden,
    IdempotencyMismatch,
    Refused,
    ResourceMissing,
    TooLarge,
    Unauthenticated,
)

Headers = list[tuple[str, str]]


class Answer:
    """What goes back: a status, its bytes, and the headers this answer has beyond the usual.

    An endpoint whose answer is no JSON makes one itself, and says what it is in `media_type`.
    """

    __slots__ = ("body", "headers", "media_type", "status")

    def __init__(
        self,
        status: int,
        body: bytes,
        headers: Headers | None = None,
        media_type: str = "application/json",
    ) -> None:
        self.status = status
        self.body = body
        self.media_type = media_type
        self.headers: Headers = [] if headers is None else headers


class UnknownUrl(Refused):
    """No endpoint answers this method on this path."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(
            f"Unrecognized request URL ({method}: {path}). Check the path, its plural and the"
            " method; there is no slash at the end."
        )


class InvalidParameters(Refused):
    """The form itself cannot be read; found before anything ran, so never stored."""


class Busy(Refused):
    """The database gave up waiting for another request. Nothing was written."""

    code = "lock_timeout"

    def __init__(self) -> None:
        super().__init__(
            "Another request is changing the same objects right now. Nothing was done; send this"
            " request again."
        )


_STATUS: Final[dict[type[Refused], int]] = {
    Unauthenticated: 401,
    Declined: 402,
    Forbidden: 403,
    UnknownUrl: 404,
    Conflict: 409,
    TooLarge: 413,
    Busy: 429,
}
_TYPE: Final[dict[type[Refused], str]] = {
    Declined: "card_error",
    IdempotencyMismatch: "idempotency_error",
}
_HEADERS: Final[dict[type[Refused], Headers]] = {
    Unauthenticated: [("WWW-Authenticate", 'Basic realm="Counterfoil"')],
    Conflict: [("Stripe-Should-Retry", "true")],
    Busy: [("Stripe-Should-Retry", "true")],
}

_encode = msgspec.json.Encoder().encode


def refusal_answer(refusal: Refused, path_names: Collection[str] = ()) -> Answer:
    """The envelope of a refusal. `path_names` are the ids that the path of the endpoint holds."""
    kind = type(refusal)
    status = _STATUS.get(kind, 400)
    error: dict[str, Any] = {"type": _TYPE.get(kind, "invalid_request_error")}
    if refusal.code is not None:
        error["code"] = refusal.code
    error["message"] = refusal.message
    if refusal.param is not None:
        error["param"] = refusal.param
    if isinstance(refusal, ResourceMissing) and (
        refusal.param is None or refusal.param in path_names
    ):
        status = 404
        error.setdefault("param", "id")
    if isinstance(refusal, Declined):
        _add_decline(error, refusal)
    return Answer(status, _encode({"error": error}), list(_HEADERS.get(kind, ())))


def server_error(request_id: str) -> Answer:
    """Our own mistake: says how to find it in the log, and nothing about it."""
    message = (
        "Something went wrong on our side, and nothing was changed. It is in the log of this"
        f" installation under {request_id}."
    )
    return Answer(500, _encode({"error": {"type": "api_error", "message": message}}))


def _add_decline(error: dict[str, Any], refusal: Declined) -> None:
    if refusal.decline_code is not None:
        error["decline_code"] = refusal.decline_code
    if refusal.charge_id is not None:
        error["charge"] = refusal.charge_id
    if refusal.payment_intent is not None:
        error["payment_intent"] = refusal.payment_intent
