"""The one way for money into the books: with it, the reserve that it calls for.

Whatever changes what a connected account has goes through `post_money`, in this package and
in those above. It keeps, in every transaction that commits: reserved on the platform = what
its accounts below zero owe (reference money-movement §8).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from counterfoil.kit.db import unit_of_work
from counterfoil.ledger.drafts import EntryDraft
from counterfoil.ledger.operations import post_entries
from counterfoil.payments.operations.reserving import reserves_for
from counterfoil.payments.operations.waiting import wake_waiting_refunds


def post_money(
    entries: Sequence[EntryDraft],
    *,
    platform_id: str,
    livemode: bool,
    at: int,
    zones: Mapping[str, str],
    reserve_kept_until: int | None = None,
) -> None:
    """Write new entries with the changes of reserves they bring, and wake who waits for money.

    Like `post_entries`, once per transaction. The entries are new: the caller holds the row of
    what they are about, and has seen that it was not done before. With `reserve_kept_until`
    (the money came by a bank debit) reserves are not released before that moment.
    """
    with unit_of_work():
        reserves = reserves_for(
            entries,
            platform_id=platform_id,
            livemode=livemode,
            at=at,
            kept_until=reserve_kept_until,
        )
        everything = [*entries, *reserves]
        posted = post_entries(
            everything, platform_id=platform_id, livemode=livemode, at=at, zones=zones
        )
        assert posted, f"{entries[0].key} was posted before"
        wake_waiting_refunds(everything, platform_id=platform_id, livemode=livemode, at=at)
