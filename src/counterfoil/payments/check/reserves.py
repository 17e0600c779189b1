"""The platform's reserve is what its accounts owe (reference money-movement §8).

Balances are read from the books themselves; positions and shortfalls are only compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.kit.invariants import Broken, Invariant, Snapshot

# What each connected account has on `payments`, all days together.
_BALANCES = """
SELECT a.platform_id, b.owner AS account_id, b.livemode, b.currency, a.losses_payments,
       SUM(b.amount) AS balance
FROM ledger_balance b
JOIN accounts_account a ON a.id = b.owner AND a.livemode = b.livemode
WHERE b.purpose = 'payments'
GROUP BY a.platform_id, b.owner, b.livemode, b.currency, a.losses_payments
"""

_POSITIONS = f"""
SELECT account_id, currency, SUM(position), SUM(balance)
FROM (
    SELECT account_id, livemode, currency, 0 AS position, balance FROM ({_BALANCES}) b
    UNION ALL
    SELECT p.account_id, p.livemode, p.currency, p.balance, 0 FROM payments_position p
    JOIN accounts_account a ON a.id = p.account_id
) s
GROUP BY account_id, livemode, currency HAVING SUM(position) <> SUM(balance)
"""  # noqa: S608 - a constant of this module


def positions(snapshot: Snapshot) -> Iterator[Broken]:
    for account, currency, position, balance in snapshot.rows(_POSITIONS):
        yield account, f"Its position is {position} {currency}, but its books say {balance}."


_SHORTFALLS = f"""
SELECT b.account_id, b.currency, b.balance, b.losses_payments, s.since, s.reserved
FROM ({_BALANCES}) b
LEFT JOIN payments_shortfall s
  ON s.account_id = b.account_id AND s.livemode = b.livemode AND s.currency = b.currency
WHERE (b.balance < 0) <> (s.since IS NOT NULL)
   OR COALESCE(s.reserved, 0) <> CASE
        WHEN b.balance < 0 AND b.losses_payments = 'application' THEN -b.balance ELSE 0 END
"""  # noqa: S608 - a constant of this module


def shortfalls(snapshot: Snapshot) -> Iterator[Broken]:
    for account, currency, balance, bearer, since, reserved in snapshot.rows(_SHORTFALLS):
        yield (
            account,
            f"It has {balance} {currency} and {bearer} bears its losses; below zero since {since},"
            f" {reserved} reserved: these do not fit.",
        )


_RESERVES = f"""
SELECT platform_id, livemode, currency, SUM(held), SUM(owed), SUM(kept)
FROM (
    SELECT platform_id, livemode, currency, 0 AS held,
           CASE WHEN balance < 0 AND losses_payments = 'application' THEN -balance ELSE 0 END
               AS owed,
           0 AS kept
    FROM ({_BALANCES}) b
    UNION ALL
    SELECT platform_id, livemode, currency, 0, 0, kept FROM payments_shortfall
    UNION ALL
    SELECT b.owner, b.livemode, b.currency, b.amount, 0, 0 FROM ledger_balance b
    WHERE b.purpose = 'connect_reserved'
) s
GROUP BY platform_id, livemode, currency HAVING SUM(held) <> SUM(owed) + SUM(kept)
"""  # noqa: S608 - a constant of this module


def reserves(snapshot: Snapshot) -> Iterator[Broken]:
    for platform, livemode, currency, held, owed, kept in snapshot.rows(_RESERVES):
        mode = "live" if livemode else "test"
        yield (
            platform,
            f"In {mode} mode it holds {held} {currency} in reserve; its accounts owe {owed}, and"
            f" {kept} is kept after bank debits.",
        )


INVARIANTS: Final = [
    Invariant(
        "position_is_balance",
        "Every connected account's position is what its books hold on payments.",
        positions,
    ),
    Invariant(
        "shortfall_is_known",
        "Every account below zero is known to be, with what is reserved for it; no other is.",
        shortfalls,
    ),
    Invariant(
        "reserve_is_what_accounts_owe",
        "A platform's reserve is what the accounts whose losses it bears owe, and what it keeps"
        " after bank debits.",
        reserves,
    ),
]
