"""Rows that decisions queue behind. Whoever needs two takes them in (owner, subject) order."""

from __future__ import annotations

from counterfoil.kit.db import fetch_all, insert_rows, lock_row_suffix


def lock_funds(*, owner: str, livemode: bool, currency: str) -> None:
    """Hold decisions about an owner's funds in a currency, until the transaction ends.

    Only operations that may refuse for lack of funds call this, and they hold one such row.
    """
    _hold(owner, livemode, currency)


def lock_chain(*, platform_id: str, livemode: bool) -> None:
    """Hold the sealing of one chain of blocks, until the transaction ends."""
    _hold(platform_id, livemode, "chain")


def _hold(owner: str, livemode: bool, subject: str) -> None:
    row = (owner, livemode, subject)
    insert_rows(
        "ledger_lock", ("owner", "livemode", "subject"), [row], conflict="ON CONFLICT DO NOTHING"
    )
    fetch_all(
        "SELECT 1 FROM ledger_lock"  # noqa: S608 - a fixed suffix
        " WHERE owner = %s AND livemode = %s AND subject = %s" + lock_row_suffix(),
        row,
    )
