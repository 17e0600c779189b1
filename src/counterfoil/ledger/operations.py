"""Writing the books: entries with their postings and transactions, whole or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from counterfoil.kit.clock import DAY, local_day, utc_day_start
from counterfoil.kit.db import (
    fetch_all,
    insert_rows,
    placeholders,
    queue_rows,
    unit_of_work,
)
from counterfoil.kit.ids import new_id
from counterfoil.ledger.canonical import entry_digest
from counterfoil.ledger.drafts import EntryDraft, FeeDetail, TransactionDraft
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.policy import is_claimable, is_earning

SPREAD: Final = 16  # rows over which an owner that everyone posts to is spread

# Of these an owner sees every posting; what is in transit or held for others shows as the row
# on `payments` alone.
SEEN_IN_FULL: Final = frozenset({Purpose.PAYMENTS, Purpose.PREFUNDING, Purpose.RISK_RESERVED})


def post_entries(
    entries: Sequence[EntryDraft],
    *,
    platform_id: str,
    livemode: bool,
    at: int,
    zones: Mapping[str, str],
) -> bool:
    """Write business events to the books, once. `at` is the platform's clock, UTC seconds.

    `zones` gives the IANA time zone of each owner that sees a transaction: earnings are kept
    by the owner's own day.

    False when all of them were there already (the same keys with the same contents); their
    transactions then keep their first ids. All rows go in multi-row statements, one per
    table, because round trips are what a payment costs.
    """
    with unit_of_work():
        written = [_Written(entry, platform_id, livemode, at) for entry in entries]
        columns = ("id", "platform_id", "livemode", "key", "kind", "digest", "effective_at")
        rows = [entry.row for entry in written]
        new = insert_rows("ledger_entry", columns, rows, conflict="ON CONFLICT DO NOTHING")
        if new != len(written):
            assert new == 0, "an operation's entries are written together or not at all"
            _assert_same_contents(written, platform_id, livemode)
            return False
        _insert_postings(written, livemode)
        _insert_transactions(written, platform_id, livemode)
        _queue_for_payouts(written, platform_id, livemode, at)
        _add_to_balances(written, platform_id, livemode)
        _add_to_volumes(written, platform_id, livemode, at, zones)
        _add_to_moves(written, platform_id, livemode, at)
        queue_rows(
            "ledger_unsealed",
            ("entry_id", "platform_id", "livemode"),
            [(entry.id, platform_id, livemode) for entry in written],
        )
        return True


class _Written:
    """An entry with its id, its digest and its rows, ready for the multi-row inserts."""

    __slots__ = ("draft", "id", "postings", "row", "transactions")

    def __init__(self, draft: EntryDraft, platform_id: str, livemode: bool, at: int) -> None:
        _assert_balanced(draft)
        self.draft = draft
        self.id = new_id("je", at)
        self.postings = [
            (
                position,
                line.owner,
                line.currency,
                line.purpose.value,
                line.side,
                line.amount,
                line.available_on,
            )
            for position, line in enumerate(draft.lines)
        ]
        self.transactions = sorted(_transaction_row(one, at) for one in draft.transactions)
        digest = entry_digest(
            entry_id=self.id,
            platform_id=platform_id,
            livemode=livemode,
            key=draft.key,
            kind=draft.kind,
            effective_at=at,
            postings=self.postings,
            transactions=self.transactions,
        )
        self.row = (self.id, platform_id, livemode, draft.key, draft.kind, digest, at)


def _transaction_row(draft: TransactionDraft, at: int) -> tuple[Any, ...]:
    """In the order of canonical.TRANSACTION_FIELDS."""
    return (
        draft.id,
        draft.owner,
        at,
        draft.type,
        draft.reporting_category,
        draft.balance_type.value,
        draft.amount,
        draft.fee,
        draft.net,
        draft.currency,
        draft.available_on,
        draft.description,
        draft.source_id,
        draft.exchange_rate,
        _fee_details(draft.fees),
    )


def _fee_details(fees: Sequence[FeeDetail]) -> str:
    return msgspec.json.encode(fees).decode() if fees else "[]"


def _assert_balanced(draft: EntryDraft) -> None:
    assert len(draft.lines) >= 2, f"{draft.key}: an entry has two sides"
    sums: dict[str, int] = defaultdict(int)
    seen: dict[tuple[str, str, str], int] = defaultdict(int)
    for line in draft.lines:
        assert line.amount > 0, f"{draft.key}: a posting is positive"
        signed = line.amount if line.side == "credit" else -line.amount
        sums[line.currency] += signed
        seen[line.owner, line.currency, line.purpose] += signed
    assert not any(sums.values()), f"{draft.key}: not balanced: {dict(sums)}"
    for transaction in draft.transactions:
        seen[transaction.owner, transaction.currency, transaction.balance_type] -= transaction.net
        assert all(part.currency == transaction.currency for part in transaction.fees), (
            f"{draft.key}: a fee is in the currency of its transaction"
        )
    shown = {(one.owner, one.currency, one.balance_type) for one in draft.transactions}
    for account, rest in seen.items():
        if account in shown or account[2] in SEEN_IN_FULL:
            assert rest == 0, f"{draft.key}: what {account[0]} sees is not what is posted"


def _assert_same_contents(written: Sequence[_Written], platform_id: str, livemode: bool) -> None:
    keys = [entry.draft.key for entry in written]
    rows = fetch_all(
        "SELECT key, kind FROM ledger_entry"  # noqa: S608 - placeholders
        " WHERE platform_id = %s AND livemode = %s"
        f" AND key IN ({placeholders(keys)})",
        [platform_id, livemode, *keys],
    )
    earlier = dict(rows)
    for entry in written:
        assert earlier.get(entry.draft.key) == entry.draft.kind, (
            f"{entry.draft.key} was posted as another kind of entry"
        )
        _assert_same_postings(entry, platform_id, livemode)
        _assert_same_transactions(entry, platform_id, livemode)


def _assert_same_postings(entry: _Written, platform_id: str, livemode: bool) -> None:
    rows = fetch_all(
        "SELECT p.owner, p.currency, p.purpose, p.side, p.amount FROM ledger_posting p"
        " JOIN ledger_entry e ON e.id = p.entry_id"
        " WHERE e.platform_id = %s AND e.livemode = %s AND e.key = %s ORDER BY p.position",
        [platform_id, livemode, entry.draft.key],
    )
    ours = [
        (line.owner, line.currency, line.purpose.value, line.side, line.amount)
        for line in entry.draft.lines
    ]
    assert rows == ours, f"{entry.draft.key} was posted with other lines"


def _assert_same_transactions(entry: _Written, platform_id: str, livemode: bool) -> None:
    # Not their ids, which a repetition makes anew, nor their moments.
    rows = fetch_all(
        "SELECT t.owner, t.currency, t.type, t.balance_type, t.amount, t.fee"
        " FROM ledger_balancetransaction t JOIN ledger_entry e ON e.id = t.entry_id"
        " WHERE e.platform_id = %s AND e.livemode = %s AND e.key = %s",
        [platform_id, livemode, entry.draft.key],
    )
    ours = [
        (one.owner, one.currency, one.type, one.balance_type.value, one.amount, one.fee)
        for one in entry.draft.transactions
    ]
    assert sorted(rows) == sorted(ours), f"{entry.draft.key} was posted with other transactions"


def _insert_postings(written: Sequence[_Written], livemode: bool) -> None:
    columns = (
        "entry_id",
        "livemode",
        "position",
        "owner",
        "currency",
        "purpose",
        "side",
        "amount",
        "available_on",
    )
    rows = [(entry.id, livemode, *posting) for entry in written for posting in entry.postings]
    queue_rows("ledger_posting", columns, rows)


def _insert_transactions(written: Sequence[_Written], platform_id: str, livemode: bool) -> None:
    columns = (
        "entry_id",
        "platform_id",
        "livemode",
        "id",
        "owner",
        "created",
        "type",
        "reporting_category",
        "balance_type",
        "amount",
        "fee",
        "net",
        "currency",
        "available_on",
        "description",
        "source_id",
        "exchange_rate",
        "fee_details",
    )
    rows = [
        (entry.id, platform_id, livemode, *row) for entry in written for row in entry.transactions
    ]
    queue_rows("ledger_balancetransaction", columns, rows)


def _queue_for_payouts(
    written: Sequence[_Written], platform_id: str, livemode: bool, at: int
) -> None:
    # Not the platform's own: nothing ever pays those out, and they are most of all rows.
    columns = ("txn_id", "owner", "livemode", "currency", "available_on", "created", "rest")
    rows = [
        (one.id, one.owner, livemode, one.currency, one.available_on, at, one.net)
        for entry in written
        for one in entry.draft.transactions
        if one.owner != platform_id and is_claimable(one.type, one.balance_type.value, one.net)
    ]
    queue_rows("ledger_unclaimed", columns, rows)


def _spread(entry_id: str) -> int:
    """Which of a busy owner's rows an entry goes to: by the last letter, which is random."""
    return ord(entry_id[-1]) % SPREAD


def _add_to_balances(written: Sequence[_Written], platform_id: str, livemode: bool) -> None:
    sums: dict[tuple[str, bool, str, str, int, int], int] = defaultdict(int)
    for entry in written:
        spread = _spread(entry.id)
        for line in entry.draft.lines:
            row = spread if line.owner == platform_id else 0
            day = utc_day_start(line.available_on)
            key = (line.owner, livemode, line.currency, line.purpose.value, day, row)
            sums[key] += line.amount if line.side == "credit" else -line.amount
    # In key order, so that two operations wait for each other but never deadlock.
    queue_rows(
        "ledger_balance",
        ("owner", "livemode", "currency", "purpose", "available_on", "spread", "amount"),
        [(*key, amount) for key, amount in sorted(sums.items())],
        conflict=(
            "ON CONFLICT (owner, livemode, currency, purpose, available_on, spread)"
            " DO UPDATE SET amount = ledger_balance.amount + excluded.amount"
        ),
    )


def _add_to_volumes(
    written: Sequence[_Written],
    platform_id: str,
    livemode: bool,
    at: int,
    zones: Mapping[str, str],
) -> None:
    sums: dict[tuple[str, bool, str, int, int], list[int]] = {}
    for entry in written:
        for draft in entry.draft.transactions:
            if not is_earning(draft.reporting_category, draft.balance_type):
                continue
            spread = _spread(entry.id) if draft.owner == platform_id else 0
            day = local_day(at, zones[draft.owner])
            total = sums.setdefault((draft.owner, livemode, draft.currency, day, spread), [0] * 4)
            for place, value in enumerate((draft.amount, draft.fee, draft.net, 1)):
                total[place] += value
    queue_rows(
        "ledger_dailyvolume",
        ("owner", "livemode", "currency", "day", "spread", "gross", "fee", "net", "count"),
        [(*key, *total) for key, total in sorted(sums.items())],
        conflict=(
            "ON CONFLICT (owner, livemode, currency, day, spread) DO UPDATE SET"
            " gross = ledger_dailyvolume.gross + excluded.gross,"
            " fee = ledger_dailyvolume.fee + excluded.fee,"
            " net = ledger_dailyvolume.net + excluded.net,"
            " count = ledger_dailyvolume.count + excluded.count"
        ),
    )


def _add_to_moves(written: Sequence[_Written], platform_id: str, livemode: bool, at: int) -> None:
    sums: dict[tuple[str, bool, str, int, str], list[int]] = {}
    for entry in written:
        for draft in entry.draft.transactions:
            if draft.owner == platform_id or draft.balance_type != "payments":
                continue
            key = (draft.owner, livemode, draft.currency, at // DAY, draft.reporting_category)
            total = sums.setdefault(key, [0] * 4)
            for place, value in enumerate((draft.amount, draft.fee, draft.net, 1)):
                total[place] += value
    queue_rows(
        "ledger_dailymove",
        ("owner", "livemode", "currency", "day", "category", "gross", "fee", "net", "count"),
        [(*key, *total) for key, total in sorted(sums.items())],
        conflict=(
            "ON CONFLICT (owner, livemode, currency, day, category) DO UPDATE SET"
            " gross = ledger_dailymove.gross + excluded.gross,"
            " fee = ledger_dailymove.fee + excluded.fee,"
            " net = ledger_dailymove.net + excluded.net,"
            " count = ledger_dailymove.count + excluded.count"
        ),
    )
