"""`Stripe-Signature`, as the official SDKs verify it (reference api.md §7)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence


def signature_header(body: bytes, *, secrets: Sequence[str], at: int) -> str:
    """`t=…,v1=…`, with a `v1` for each secret. `at` is the wall clock, UTC seconds.

    The key is the whole `whsec_…` text, the message `{t}.{body}`; hex of HMAC-SHA256.
    """
    signed = f"{at}.".encode() + body
    made = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets]
    return ",".join([f"t={at}", *(f"v1={signature}" for signature in made)])
