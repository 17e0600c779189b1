"""What an account's books say for themselves, line by line, as its owner reads them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from counterfoil.events.operations import RequestOrigin, origin
from counterfoil.explain.reading import reasons, subject_of
from counterfoil.explain.why import Reader, Why
from counterfoil.wording import dates
from counterfoil.wording.languages import written_for
from tests.support.builders import World


def whys(world: World, owner: str) -> list[tuple[str, Why]]:
    """(type, reason) of each balance transaction, oldest first, for a reader in Britain."""
    rows = world.transactions(owner)
    with written_for("en", "GB", "Etc/UTC"):
        today = dates.local(world.now).date()
        reader = Reader("Bazaar", today, is_platform=owner == world.id)
        found = reasons([subject_of(row) for row in rows], reader)
    return [(row.type, found[row.id]) for row in rows]


def read(world: World, owner: str, *, last: int | None = None) -> list[str]:
    """The sentences of each transaction as one text, of the last few when asked for."""
    texts = [" ".join(why.sentences) for _, why in whys(world, owner)]
    return texts if last is None else texts[-last:]


def ruled(world: World, owner: str) -> list[str]:
    """`operation rule decided_by` of each transaction."""
    return [f"{why.operation} {why.rule} {why.decided_by}" for _, why in whys(world, owner)]


@contextmanager
def asked_by(actor: str) -> Iterator[None]:
    """What happens inside is asked for by the seller on its pages, or the platform by its key."""
    token = origin.set(RequestOrigin(actor=actor))
    try:
        yield
    finally:
        origin.reset(token)
