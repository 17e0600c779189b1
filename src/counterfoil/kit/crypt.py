"""Encryption at rest under keys that can be changed, and keyed fingerprints (`cryptography`).

Sealed with the newest key of `COUNTERFOIL_ENCRYPTION_KEYS`, or with one made from the secret key
where none is set. All of them open it, the secret key's always, so that keys are changed while
everything runs: add one in front, `counterfoil reseal`, take the old one away.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from functools import lru_cache
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

# What `seal` makes, wherever it stands: version 128, a moment, and at least one block.
_SEALED: Final = re.compile(r"gAAAAA[A-Za-z0-9_-]{90,}={0,2}")


def seal(text: str) -> str:
    """Encrypt a sensitive value for a text column."""
    return _ring()[0].encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The value again. Raises `cryptography.fernet.InvalidToken` under other keys."""
    return MultiFernet(_ring()).decrypt(sealed.encode()).decode()


def under_newest_key(text: str) -> tuple[str, int]:
    """`text` with every sealed value in it sealed by the newest key, and how many none opens.

    Values that the newest key sealed stay as they are, letter by letter.
    """
    unreadable = 0

    def again(found: re.Match[str]) -> str:
        nonlocal unreadable
        token = found[0].encode()
        try:
            _ring()[0].decrypt(token)
        except InvalidToken:
            try:
                return MultiFernet(_ring()).rotate(token).decode()
            except InvalidToken:
                unreadable += 1
        return found[0]

    return _SEALED.sub(again, text), unreadable


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 in hex: equal texts are recognised, and none can be guessed from it.

    Its key is the secret key alone, so it stays the same while encryption keys change.
    """
    key = f"{purpose}:{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def _ring() -> tuple[Fernet, ...]:
    """The newest first; the one made from the secret key last."""
    return _fernets((*settings.ENCRYPTION_KEYS, settings.SECRET_KEY))


@lru_cache(maxsize=8)
def _fernets(keys: tuple[str, ...]) -> tuple[Fernet, ...]:
    digests = (hashlib.sha256(f"at-rest:{key}".encode()).digest() for key in keys)
    return tuple(Fernet(base64.urlsafe_b64encode(digest)) for digest in digests)
