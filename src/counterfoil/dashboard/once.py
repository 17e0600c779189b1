"""A form is acted on once, however often it is sent: a double click, a reload, a slow line.

The form carries a key made when it was shown (`form_key()`, field `form_key`). The key is written
in the transaction that acts, so either both are there or neither is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from msgspec import json

from counterfoil.access.guard import Seller
from counterfoil.files.policy import LARGEST
from counterfoil.kit.clock import DAY
from counterfoil.kit.crypt import keyed_hash
from counterfoil.kit.db import execute, fetch_one, unit_of_work
from counterfoil.kit.ids import secret_token
from counterfoil.kit.refused import InvalidRequest

FIELD: Final = "form_key"
_LETTERS: Final = 22
KEPT: Final = 2 * DAY


def form_key() -> str:
    """A key for a form that is about to be shown."""
    return secret_token(_LETTERS)


def key_of(request: HttpRequest) -> str:
    """The key that a form was sent with. Raises InvalidRequest where it is not one of ours."""
    key = request.POST.get(FIELD, "")
    if not (len(key) == _LETTERS and key.isascii() and key.isalnum()):
        raise InvalidRequest("The form is incomplete.", param=FIELD, code="form_incomplete")
    return key


def key_of_content(request: HttpRequest) -> str:
    """The same, together with what was sent: a form that is corrected after going back is acted on
    again, and one that is sent twice as it was is not. Raises InvalidRequest.

    For forms that set details; where money moves, a form counts once whatever stands in it.
    """
    pairs = [
        (name, values)
        for name, values in sorted(request.POST.lists())
        if name not in (FIELD, "csrfmiddlewaretoken")
    ]
    files = []
    for name, file in sorted(request.FILES.items()):
        assert not isinstance(file, list)
        file.seek(0)
        digest = hashlib.sha256(file.read(LARGEST + 1)).hexdigest()
        file.seek(0)
        files.append((name, file.name, digest))
    said = json.encode([key_of(request), pairs, files]).decode()
    return keyed_hash("form", said)[:_LETTERS]


def once(seller: Seller, key: str, act: Callable[[], str], *, now_wall: int) -> str:
    """`once_for` the account that a seller is signed in to."""
    return once_for(seller.account_id, key, act, now_wall=now_wall)


def once_for(account_id: str, key: str, act: Callable[[], str], *, now_wall: int) -> str:
    """Run `act`, which answers the address to go on to; for a key seen before, that address.

    One transaction: a refusal inside `act` undoes everything, and the form may be sent again.
    A second one at the same moment waits for the first.
    """
    with unit_of_work():
        fresh = execute(
            "INSERT INTO dashboard_submission (account_id, form_key, address, created)"
            " VALUES (%s, %s, '', %s) ON CONFLICT DO NOTHING",
            [account_id, key, now_wall],
        )
        if not fresh:
            row = fetch_one(
                "SELECT address FROM dashboard_submission WHERE account_id = %s AND form_key = %s",
                [account_id, key],
            )
            assert row is not None, "it was there a moment ago"
            return str(row[0])
        address = act()
        execute(
            "UPDATE dashboard_submission SET address = %s WHERE account_id = %s AND form_key = %s",
            [address, account_id, key],
        )
        return address


def forget_old(now_wall: int) -> int:
    """A duty of the worker: keys of forms that nobody has open any more. How many."""
    return execute("DELETE FROM dashboard_submission WHERE created <= %s", [now_wall - KEPT])
