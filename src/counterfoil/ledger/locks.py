"""Rows that decisions queue behind. Whoever needs two takes them in (owner, subject) order."""

from __future__ import annotations

from collections.abc import Iterable

from counterfoil.kit.db import fetch_all, insert_rows, lock_row_suffix, placeholders


def lock_funds(*, owner: str, livemode: bool, currency: str) -> None:
    """Hold decisions about an owner's funds in a currency, until the transaction ends.

    Only operations that may refuse for lack of funds call this. One that needs several takes
    them in (owner, currency) order.
    """
    _hold(owner, livemode, currency)


def lock_many_funds(funds: Iterable[tuple[str, str]], *, livemode: bool) -> None:
    """Hold decisions about the funds of many (owner, currency) at once, taken in that order."""
    wanted = sorted(set(funds))
    if not wanted:
        return
    rows = [(owner, livemode, currency) for owner, currency in wanted]
    insert_rows(
        "ledger_lock", ("owner", "livemode", "subject"), rows, conflict="ON CONFLICT DO NOTHING"
    )
    owners = sorted({owner for owner, _ in wanted})
    currencies = sorted({currency for _, currency in wanted})
    fetch_all(
        "SELECT 1 FROM ledger_lock"  # noqa: S608 - placeholders and a fixed suffix
        f" WHERE owner IN ({placeholders(owners)}) AND livemode = %s"
        f" AND subject IN ({placeholders(currencies)})"
        " ORDER BY owner, subject" + lock_row_suffix(),
        [*owners, livemode, *currencies],
    )


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
