"""Stripe-prefixed ids that sort in the order in which things happened."""

from __future__ import annotations

import random
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

# In ASCII order, so that text order is number order (columns use the C collation).
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_TIME_DIGITS: Final = 6  # base 62 seconds: enough until the year 3769
_RANDOM_DIGITS: Final = 18  # 107 bits
_RANDOM_SPACE: Final = 62**_RANDOM_DIGITS
_STEP: Final = 2**40  # how far apart two ids of one second may lie: unguessable and in order
_SECONDS_REMEMBERED: Final = 64

_lock = threading.Lock()
_last: OrderedDict[int, int] = OrderedDict()
_below: Callable[[int], int] = secrets.randbelow


def new_id(prefix: str, now: int) -> str:
    """`prefix_` and 24 letters: the second `now` (UTC), then an unguessable number.

    Within one process the ids of one second ascend, so the rows that one operation writes
    keep their order in a list.
    """
    return f"{prefix}_{_base62(now, _TIME_DIGITS)}{_base62(_next(now), _RANDOM_DIGITS)}"


def secret_token(letters: int = 32) -> str:
    """An unguessable text of letters and digits, for keys and links."""
    return "".join(ALPHABET[_below(len(ALPHABET))] for _ in range(letters))


@contextmanager
def predictable(chance: random.Random) -> Iterator[None]:
    """Inside, ids and secrets follow from `chance`: for throwaway worlds that must repeat.

    For the whole process, so never in one that serves anybody.
    """
    global _below
    before = _below
    with _lock:
        _last.clear()
    _below = chance.randrange
    try:
        yield
    finally:
        _below = before
        with _lock:
            _last.clear()


def _next(second: int) -> int:
    with _lock:
        last = _last.pop(second, None)
        if last is None:
            # Headroom above, so that counting up inside one second never runs over.
            number = _below(_RANDOM_SPACE - _RANDOM_SPACE // 62)
        else:
            number = last + 1 + _below(_STEP)
        _last[second] = number
        while len(_last) > _SECONDS_REMEMBERED:
            _last.popitem(last=False)
        return number


# Two digits at a time: a payment makes a dozen ids.
_PAIRS: Final = tuple(high + low for high in ALPHABET for low in ALPHABET)


def _base62(number: int, digits: int) -> str:
    """Exactly `digits` digits, an even number of them."""
    pairs = []
    for _ in range(digits // 2):
        number, pair = divmod(number, 3844)
        pairs.append(_PAIRS[pair])
    pairs.reverse()
    return "".join(pairs)
