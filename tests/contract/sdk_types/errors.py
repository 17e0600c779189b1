"""The error envelope, `{"error": {…}}` (reference api.md 1.10).

The SDK's `ErrorObject` types `type` and `code` as plain text; its `PaymentIntent.LastPaymentError`
has the same two fields with their values, which are taken from there.
"""

from collections.abc import Mapping
from typing import Any

import stripe

from tests.contract.sdk_types.check import problems
from tests.contract.sdk_types.schema import Hash, fields_of

_ENUMERATED = fields_of(stripe.PaymentIntent.LastPaymentError)


def validate_error(body: object) -> list[str]:
    """What does not fit an error answer's decoded JSON, one sentence each; empty when all fits.

    An error has a type and a message that says something. Whatever else it has is of the SDK's
    type, never null; a code is one that the SDK knows.
    """
    error = body.get("error") if isinstance(body, Mapping) else None
    if not isinstance(body, dict) or not isinstance(error, dict):
        return ['$: must be {"error": {…}}']
    found = [f"$.{name}: is unknown to the SDK" for name in body if name != "error"]
    found += problems(error, Hash(stripe.ErrorObject), "$.error")
    found += _enumerated_problems(error)
    if isinstance(error.get("message"), str) and not error["message"].strip():
        found.append("$.error.message: says nothing")
    return found


def _enumerated_problems(error: dict[str, Any]) -> list[str]:
    return [
        sentence
        for name in ("type", "code")
        if isinstance(error.get(name), str)
        for sentence in problems(error[name], _ENUMERATED[name].shape, f"$.error.{name}")
    ]
