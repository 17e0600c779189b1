"""Encryption at rest and keyed fingerprints, both from the secret key (`cryptography`)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet
from django.conf import settings


def seal(text: str) -> str:
    """Encrypt a sensitive value for a text column."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The value again. Raises `cryptography.fernet.InvalidToken` under another key."""
    return _fernet().decrypt(sealed.encode()).decode()


def keyed_hash(purpose: str, text: str) -> str:
    """HMAC-SHA256 in hex: equal texts are recognised, and none can be guessed from it."""
    key = f"{purpose}:{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


@cache
def _fernet() -> Fernet:
    key = hashlib.sha256(f"at-rest:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
