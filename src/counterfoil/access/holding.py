"""Forms that wait, sealed, for one use: until somebody has shown who they are (`stepup.py`), or is
back after their session ended (`left_forms.py`)."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest

from counterfoil.access.links import token_hash
from counterfoil.kit.crypt import seal
from counterfoil.kit.db import insert_rows
from counterfoil.kit.ids import secret_token

_COLUMNS = ("sha256", "session_id", "path", "back", "why", "body", "created", "ends_at")


def sealed_form(request: HttpRequest) -> str:
    """The texts of a form, encrypted."""
    pairs = [
        (key, value)
        for key, values in request.POST.lists()
        for value in values
        if key != "csrfmiddlewaretoken"  # every time it is sent, it is checked anew
    ]
    return seal(msgspec.json.encode(pairs).decode())


def hold(
    request: HttpRequest,
    *,
    session_id: str,
    why: str,
    back: str,
    body: str | None,
    now_wall: int,
    ends_at: int,
) -> str:
    """Keep a form for one use by a session until `ends_at`; the token that names it."""
    token = secret_token(32)
    path = request.get_full_path()
    row = (token_hash(token), session_id, path, back, why, body, now_wall, ends_at)
    insert_rows("access_heldform", _COLUMNS, [row])
    return token
