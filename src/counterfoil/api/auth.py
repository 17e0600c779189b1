"""Who calls: the key, and the account it acts on (reference §1.3)."""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from counterfoil.api.errors import InvalidParameters
from counterfoil.kit.refused import Forbidden, Unauthenticated
from counterfoil.platforms.keys import KEY_SHAPE
from counterfoil.platforms.queries import Caller, caller_of

_HOW: Final = (
    "Send the secret key as 'Authorization: Bearer sk_test_…', or as the user name of HTTP Basic"
    " with an empty password."
)


def authenticate(environ: dict[str, Any], *, publishable: bool) -> Caller:
    """The caller of a request, one query.

    Raises Unauthenticated without a key we know, Forbidden for a publishable key where a secret
    one is needed (`secret_key_required`) and for an account that is not the caller's own or
    connected (`account_invalid`).
    """
    key = _presented_key(environ.get("HTTP_AUTHORIZATION", ""))
    account_id = _requested_account(environ)
    caller = caller_of(key, account_id=account_id) if KEY_SHAPE.match(key) else None
    if caller is None:
        raise Unauthenticated(f"Invalid API Key provided: {masked(key)}")
    if caller.kind != "secret" and not publishable:
        raise Forbidden(
            "This call needs a secret key, and a publishable one was sent. Make it from your"
            " server, with the key that begins with sk_.",
            code="secret_key_required",
        )
    if caller.account_id is None:
        raise Forbidden(
            f"The key {masked(key)} does not have access to account '{account_id}': there is no"
            " such account in this mode, or its access has been revoked.",
            code="account_invalid",
        )
    return caller


def masked(key: str) -> str:
    """A key as it may be shown: its kind, its mode and its last four letters."""
    if len(key) < 16:
        return "*" * len(key)
    shown = "_".join(key.split("_")[:2]) + "_" if KEY_SHAPE.match(key) else ""
    return f"{shown}****{key[-4:]}"


def _presented_key(header: str) -> str:
    scheme, _, rest = header.strip().partition(" ")
    rest = rest.strip()
    if not rest:
        raise Unauthenticated(f"You did not provide an API key. {_HOW}")
    if scheme.lower() == "bearer":
        return rest
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(rest, validate=True).decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            raise Unauthenticated(f"The Basic credentials cannot be decoded. {_HOW}") from None
        if key := decoded.partition(":")[0]:
            return key
        raise Unauthenticated(f"You did not provide an API key. {_HOW}")
    raise Unauthenticated(f"Unknown kind of Authorization. {_HOW}")


def _requested_account(environ: dict[str, Any]) -> str | None:
    """`Stripe-Account`, or the last part of its newer equivalent `Stripe-Context`."""
    account: str | None = environ.get("HTTP_STRIPE_ACCOUNT") or None
    context: str | None = environ.get("HTTP_STRIPE_CONTEXT") or None
    if context is None:
        return account
    meant = context.rpartition("/")[2]
    if account is not None and account != meant:
        raise InvalidParameters(
            "Stripe-Account and Stripe-Context name different accounts. Send one of them."
        )
    return meant
