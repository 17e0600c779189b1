"""API keys: made once, shown once, known by their hash."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Literal

from counterfoil.kit.db import insert_rows
from counterfoil.kit.ids import new_id, secret_token

KEY_SHAPE: Final = re.compile(r"^(pk|sk|rk)_(test|live)_[A-Za-z0-9]{24,}$")
Kind = Literal["secret", "publishable"]
_PREFIX: Final[dict[Kind, str]] = {"secret": "sk", "publishable": "pk"}


@dataclass(frozen=True, slots=True)
class NewKey:
    """The only moment at which the text of a key is known."""

    text: str
    livemode: bool
    kind: Kind


def create_key(*, platform_id: str, livemode: bool, kind: Kind, now: int) -> NewKey:
    """A new key of a platform; `now` is the wall clock, UTC seconds."""
    mode = "live" if livemode else "test"
    text = f"{_PREFIX[kind]}_{mode}_{secret_token(48)}"
    columns = ("id", "platform_id", "livemode", "kind", "sha256", "last4", "created")
    row = (new_id("mk", now), platform_id, livemode, kind, key_hash(text), text[-4:], now)
    insert_rows("platforms_apikey", columns, [row])
    return NewKey(text, livemode, kind)


def key_hash(text: str) -> str:
    """SHA-256 in hex: keys carry 285 random bits, so a slow hash would protect nothing."""
    return hashlib.sha256(text.encode()).hexdigest()
