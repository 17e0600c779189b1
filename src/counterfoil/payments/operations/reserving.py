"""How the platform's reserve follows its accounts' balances, without a race.

A position is one row per (account, currency) with its whole balance, pending and available.
Every operation adds its change to it in one statement that also answers with the result. Two
operations on one account therefore wait for each other, and the second sees what the first
left; so the change of the reserve that each computes is exact, whatever runs at once. For an
account that stays at zero or above that statement is all there is to pay.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from counterfoil.accounts.queries import bearers_of_losses
from counterfoil.kit.db import execute, fetch_all, insert_rows, lock_row_suffix, placeholders
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft
from counterfoil.ledger.models import Purpose
from counterfoil.payments import rows
from counterfoil.payments.shortfall_books import reserve_entry
from counterfoil.payments.shortfall_policy import DEBITED_COUNTRIES, follow, next_debit, next_moment
from counterfoil.payments.shortfall_rows import ShortfallRow

Key = tuple[str, str]  # account, currency
_COLUMNS: Final = ("account_id", "livemode", "currency", "balance")
_ADD: Final = (
    "ON CONFLICT (account_id, livemode, currency)"
    " DO UPDATE SET balance = payments_position.balance + excluded.balance"
)
_FEW: Final = 50  # rows that go, and come back, in one statement


def reserves_for(
    entries: Sequence[EntryDraft],
    *,
    platform_id: str,
    livemode: bool,
    at: int,
    kept_until: int | None = None,
) -> list[EntryDraft]:
    """Add the entries to the positions; the entries by which the reserve follows them."""
    changes, first_keys = _changes(entries, platform_id)
    if not changes:
        return []
    balances = _add(changes, livemode)
    below = {
        key: balance
        for key, balance in balances.items()
        if balance < 0 or balance - changes[key] < 0
    }
    if not below:
        return []
    known = _shortfalls(below, livemode)
    bearers = bearers_of_losses(sorted({account for account, _ in below}))
    reserves = []
    for key in sorted(below):
        bearer, country = bearers.get(key[0], ("stripe", "US"))
        before = known.get(key) or _new(key, platform_id, livemode, at)
        after, growth = follow(
            before,
            balance=below[key],
            liable=bearer == "application",
            kept_until=kept_until,
            now=at,
        )
        if after.since is not None and before.since is None:
            _plan_debit(after, country, at)
        _store(after, is_new=key not in known)
        if growth:
            reserves.append(
                reserve_entry(
                    key=f"reserve:{first_keys[key]}:{key[0]}:{key[1]}",
                    transaction_id=new_id("txn", at),
                    platform_id=platform_id,
                    account_id=key[0],
                    growth=growth,
                    currency=key[1],
                    at=at,
                )
            )
    return reserves


def hold_position(*, account_id: str, livemode: bool, currency: str) -> int:
    """An account's whole balance in a currency, unchanging until the transaction ends."""
    found = fetch_all(
        "SELECT balance FROM payments_position"  # noqa: S608 - a fixed suffix
        " WHERE account_id = %s AND livemode = %s AND currency = %s" + lock_row_suffix(),
        [account_id, livemode, currency],
    )
    return int(found[0][0]) if found else 0


def below_zero(accounts: Sequence[str], livemode: bool) -> dict[Key, int]:
    """What those of the accounts have that owe more than they have, pending money included."""
    if not accounts:
        return {}
    return {
        (account, currency): int(balance)
        for account, currency, balance in _balances(accounts, livemode)
        if balance < 0
    }


def _changes(
    entries: Iterable[EntryDraft], platform_id: str
) -> tuple[Mapping[Key, int], Mapping[Key, str]]:
    """What each account gains or loses, and the key of the first entry that touches it."""
    sums: dict[Key, int] = defaultdict(int)
    first_keys: dict[Key, str] = {}
    for entry in entries:
        for line in entry.lines:
            if line.purpose is Purpose.PAYMENTS and line.owner != platform_id:
                key = (line.owner, line.currency)
                sums[key] += line.amount if line.side == "credit" else -line.amount
                first_keys.setdefault(key, entry.key)
    return {key: change for key, change in sums.items() if change}, first_keys


def _add(changes: Mapping[Key, int], livemode: bool) -> Mapping[Key, int]:
    """Add to the positions, held from now on; what each of them is then."""
    # In key order, so that two operations wait for each other but never deadlock.
    values = [
        (account, livemode, currency, changes[account, currency])
        for account, currency in sorted(changes)
    ]
    if len(values) <= _FEW:
        one = f"({', '.join(['%s'] * len(_COLUMNS))})"
        found = fetch_all(
            f"INSERT INTO payments_position ({', '.join(_COLUMNS)})"  # noqa: S608 - placeholders
            f" VALUES {', '.join([one] * len(values))} {_ADD}"
            " RETURNING account_id, currency, balance",
            [value for row in values for value in row],
        )
    else:
        insert_rows("payments_position", _COLUMNS, values, conflict=_ADD)
        accounts = sorted({account for account, _ in changes})
        found = [
            row
            for start in range(0, len(accounts), 1000)
            for row in _balances(accounts[start : start + 1000], livemode)
        ]
    return {
        (account, currency): int(balance)
        for account, currency, balance in found
        if (account, currency) in changes
    }


def _balances(accounts: Sequence[str], livemode: bool) -> list[tuple[Any, ...]]:
    return fetch_all(
        "SELECT account_id, currency, balance FROM payments_position"  # noqa: S608 - placeholders
        f" WHERE account_id IN ({placeholders(accounts)}) AND livemode = %s",
        [*accounts, livemode],
    )


def _shortfalls(below: Iterable[Key], livemode: bool) -> dict[Key, ShortfallRow]:
    names = rows.names_of(ShortfallRow)
    accounts = sorted({account for account, _ in below})
    found = fetch_all(
        f"SELECT {', '.join(names)} FROM payments_shortfall"  # noqa: S608 - columns of ours
        f" WHERE account_id IN ({placeholders(accounts)}) AND livemode = %s",
        [*accounts, livemode],
    )
    made = [ShortfallRow(**dict(zip(names, row, strict=True))) for row in found]
    return {(row.account_id, row.currency): row for row in made}


def _new(key: Key, platform_id: str, livemode: bool, at: int) -> ShortfallRow:
    return ShortfallRow(
        id=new_id("short", at),
        platform_id=platform_id,
        livemode=livemode,
        account_id=key[0],
        created=at,
        currency=key[1],
    )


def _plan_debit(row: ShortfallRow, country: str, at: int) -> None:
    # Live banks are not debited: there is no rail for it.
    if not row.livemode and country in DEBITED_COUNTRIES:
        row.debit_at = next_debit(at, country)
        row.next_at = next_moment(row)


def _store(row: ShortfallRow, *, is_new: bool) -> None:
    if row.since is None and row.kept == 0:
        if not is_new:
            execute("DELETE FROM payments_shortfall WHERE id = %s", [row.id])
    elif is_new:
        rows.insert(row)
    else:
        rows.save(row)
