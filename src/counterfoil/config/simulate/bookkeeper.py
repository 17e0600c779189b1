"""What must hold after each step, for the accounts it touched, at the price of a few queries.

The bookkeeper keeps books of its own: it reads each new entry's postings once, adds them up in
memory, and compares what the database keeps beside them. `counterfoil check` reads everything,
now and then; this reads little, always.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from counterfoil.kit.clock import DAY
from counterfoil.kit.db import fetch_all, placeholders
from counterfoil.kit.invariants import Violation

_SEEN: Final = ("payments", "prefunding", "risk_reserved")  # by a row for each posting
_OLD: Final = 60  # days in a balance of ours: then those that are past become one

Owner = tuple[str, bool]  # id, live mode
Account = tuple[str, bool, str, str]  # owner, live mode, currency, purpose


@dataclass(frozen=True, slots=True)
class _Entry:
    id: str
    platform_id: str
    livemode: bool
    kind: str
    effective_at: int


class Bookkeeper:
    def __init__(self) -> None:
        self.days: dict[Account, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        self.known: set[str] = set()  # entries that wait for their seal and were looked at
        self.entries = 0

    def look(self, nows: Mapping[tuple[str, bool], int]) -> list[Violation]:
        """What the entries since the last look break. `nows`: the clock by platform and mode."""
        new = self._new_entries()
        if not new:
            return []
        self.entries += len(new)
        ids = [entry.id for entry in new]
        found = list(self._post(new))
        transactions = fetch_all(
            "SELECT entry_id, id, owner, currency, balance_type, net, fee, fee_details, source_id"  # noqa: S608 - placeholders
            f" FROM ledger_balancetransaction WHERE entry_id IN ({placeholders(ids)})",
            ids,
        )
        found += self._seen_is_posted(transactions)
        found += _fees(transactions)
        touched = self._touched
        for (platform, livemode), owners in _grouped(touched).items():
            now = nows[platform, livemode]
            found += self._stored(owners, livemode, today=now - now % DAY)
            sellers = [owner for owner in owners if owner != platform]
            if sellers:
                found += self._unclaimed(sellers, livemode)
                found += self._in_transit(sellers, livemode)
        payouts = sorted({row[8] for row in transactions if (row[8] or "").startswith("po_")})
        if payouts:
            found += _lines(payouts)
        return found

    def sealed(self) -> None:
        """Nothing waits for its seal any more."""
        self.known.clear()

    def balance(self, owner: str, livemode: bool, purpose: str, now: int) -> dict[str, list[int]]:
        """By currency: what is available and what will be."""
        found = {}
        for (name, mode, currency, kind), days in self.days.items():
            if (name, mode, kind) == (owner, livemode, purpose):
                available = sum(amount for day, amount in days.items() if day <= now)
                found[currency] = [available, sum(days.values()) - available]
        return found

    def _new_entries(self) -> list[_Entry]:
        rows = fetch_all(
            "SELECT e.id, e.platform_id, e.livemode, e.kind, e.effective_at"
            " FROM ledger_unsealed u JOIN ledger_entry e ON e.id = u.entry_id ORDER BY e.id"
        )
        new = [
            _Entry(ident, platform, bool(livemode), kind, at)
            for ident, platform, livemode, kind, at in rows
            if ident not in self.known
        ]
        self.known.update(entry.id for entry in new)
        return new

    def _post(self, entries: Sequence[_Entry]) -> Iterator[Violation]:
        """Add them up, in their order; each balances, and no payout takes what is not there."""
        ids = [entry.id for entry in entries]
        lines: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for row in fetch_all(
            "SELECT entry_id, owner, currency, purpose, side, amount, available_on"  # noqa: S608 - placeholders
            f" FROM ledger_posting WHERE entry_id IN ({placeholders(ids)})",
            ids,
        ):
            lines[row[0]].append(row[1:])
        self.posted: dict[tuple[str, str, str, str], int] = defaultdict(int)
        self._touched: set[tuple[str, bool, str]] = set()
        for entry in entries:
            sums: dict[str, int] = defaultdict(int)
            paid: set[Account] = set()
            for owner, currency, purpose, side, amount, available_on in lines[entry.id]:
                signed = amount if side == "credit" else -amount
                sums[currency] += signed
                account = (owner, entry.livemode, currency, purpose)
                self.days[account][available_on - available_on % DAY] += signed
                self.posted[entry.id, owner, currency, purpose] += signed
                self._touched.add((entry.platform_id, entry.livemode, owner))
                of_seller = owner != entry.platform_id  # the platform may owe the provider's fee
                if entry.kind == "payout" and purpose == "payments" and of_seller and signed < 0:
                    paid.add(account)
            for currency, rest in sums.items():
                if rest:
                    detail = f"Its postings in {currency} sum to {rest}."
                    yield Violation("entry_balanced", entry.id, detail)
            for account in paid:
                left = sum(
                    amount
                    for day, amount in self.days[account].items()
                    if day <= entry.effective_at
                )
                if left < 0:
                    detail = f"A payout leaves {left} of what was available: {entry.id}."
                    yield Violation("payout_within_available", "/".join(map(str, account)), detail)

    def _seen_is_posted(self, transactions: Iterable[tuple[Any, ...]]) -> Iterator[Violation]:
        seen: dict[tuple[str, str, str, str], int] = defaultdict(int)
        for entry_id, _, owner, currency, purpose, net, *_ in transactions:
            seen[entry_id, owner, currency, purpose] += net
        for key in seen.keys() | {key for key in self.posted if key[3] in _SEEN}:
            if seen[key] != self.posted[key]:
                entry_id, owner, currency, purpose = key
                yield Violation(
                    "transactions_match_postings",
                    entry_id,
                    f"{owner} sees {seen[key]} {currency} on {purpose}, but {self.posted[key]}"
                    " was posted.",
                )

    def _stored(self, owners: Sequence[str], livemode: bool, *, today: int) -> Iterator[Violation]:
        """The stored balances of some owners, day by day from today on, are ours."""
        stored: dict[Account, dict[int, int]] = defaultdict(dict)
        for owner, currency, purpose, day, amount in fetch_all(
            "SELECT owner, currency, purpose,"  # noqa: S608 - placeholders
            " CASE WHEN available_on < %s THEN 0 ELSE available_on END AS day, SUM(amount)"
            f" FROM ledger_balance WHERE owner IN ({placeholders(owners)}) AND livemode = %s"
            " GROUP BY 1, 2, 3, 4",
            [today, *owners, livemode],
        ):
            stored[owner, livemode, currency, purpose][int(day)] = int(amount)
        for account in stored.keys() | self._accounts_of(owners, livemode):
            ours = self._by_day(account, today)
            theirs = {day: amount for day, amount in stored[account].items() if amount}
            if ours != theirs:
                yield Violation(
                    "balance_is_sum_of_postings",
                    "/".join(map(str, account)),
                    f"It is stored as {theirs}, but its postings sum to {ours}.",
                )

    def _accounts_of(self, owners: Sequence[str], livemode: bool) -> set[Account]:
        return {account for account in self.days if account[0] in owners and account[1] == livemode}

    def _by_day(self, account: Account, today: int) -> dict[int, int]:
        days = self.days[account]
        past = sum(amount for day, amount in days.items() if day < today)
        if len(days) > _OLD:
            coming = {day: amount for day, amount in days.items() if day >= today}
            days.clear()
            days.update({0: past} | coming)
        ours = {0: past} | {day: amount for day, amount in days.items() if day >= today}
        return {day: amount for day, amount in ours.items() if amount}

    def _unclaimed(self, sellers: Sequence[str], livemode: bool) -> Iterator[Violation]:
        """What waits for a payout is what the seller has, pending included."""
        rows = fetch_all(
            "SELECT owner, currency, SUM(rest) FROM ledger_unclaimed"  # noqa: S608 - placeholders
            f" WHERE owner IN ({placeholders(sellers)}) AND livemode = %s GROUP BY owner, currency",
            [*sellers, livemode],
        )
        yield from self._agree(
            "unclaimed_and_claimed_are_all", "payments", sellers, livemode, rows,
            "waits to be paid out",
        )  # fmt: skip

    def _in_transit(self, sellers: Sequence[str], livemode: bool) -> Iterator[Violation]:
        rows = fetch_all(
            "SELECT account_id, currency, SUM(amount) FROM payouts_payout"  # noqa: S608 - placeholders
            f" WHERE account_id IN ({placeholders(sellers)}) AND livemode = %s"
            " AND status IN ('pending', 'in_transit') GROUP BY account_id, currency",
            [*sellers, livemode],
        )
        yield from self._agree(
            "in_transit_is_in_flight", "in_transit", sellers, livemode, rows, "is in flight"
        )

    def _agree(
        self,
        invariant: str,
        purpose: str,
        owners: Sequence[str],
        livemode: bool,
        rows: Iterable[tuple[Any, ...]],
        what: str,
    ) -> Iterator[Violation]:
        kept = {(owner, currency): int(amount) for owner, currency, amount in rows}
        ours = {
            (owner, currency): sum(self.days[owner, mode, currency, kind].values())
            for owner, mode, currency, kind in self._accounts_of(owners, livemode)
            if kind == purpose
        }
        for key in kept.keys() | ours.keys():
            if kept.get(key, 0) != ours.get(key, 0):
                yield Violation(
                    invariant,
                    "/".join(key),
                    f"{kept.get(key, 0)} {what}, but the books have {ours.get(key, 0)}.",
                )


def _grouped(touched: Iterable[tuple[str, bool, str]]) -> dict[tuple[str, bool], list[str]]:
    found: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for platform, livemode, owner in sorted(touched):
        found[platform, livemode].append(owner)
    return found


def _fees(transactions: Iterable[tuple[Any, ...]]) -> Iterator[Violation]:
    for _, ident, _, currency, _, _, fee, details, _ in transactions:
        if not fee and details == "[]":
            continue
        parts = msgspec.json.decode(details)
        total = sum(part["amount"] for part in parts)
        if total != fee or any(part["currency"] != currency for part in parts):
            detail = f"Its fee is {fee} {currency}, but its parts are {details}."
            yield Violation("transaction_fee", ident, detail)


def _lines(payouts: Sequence[str]) -> Iterator[Violation]:
    """Payouts are the sum of their lines, and no row is settled beyond what it is."""
    some = placeholders(payouts)
    for ident, amount, count, total, lines in fetch_all(
        "SELECT p.id, p.amount, p.line_count, SUM(l.amount), COUNT(l.payout_id)"  # noqa: S608 - placeholders
        " FROM payouts_payout p LEFT JOIN payouts_line l ON l.payout_id = p.id"
        f" WHERE p.id IN ({some}) GROUP BY p.id, p.amount, p.line_count",
        payouts,
    ):
        if (amount, count) != (int(total or 0), lines):
            yield Violation(
                "payout_is_sum_of_lines",
                ident,
                f"It is {amount} in {count} lines, but has {lines} that sum to {total}.",
            )
    for ident, net, claimed in fetch_all(
        "SELECT t.id, t.net, SUM(l.amount) FROM payouts_line l"  # noqa: S608 - placeholders
        " JOIN ledger_balancetransaction t ON t.id = l.txn_id"
        f" WHERE t.type <> 'payout' AND t.id IN"
        f" (SELECT txn_id FROM payouts_line WHERE payout_id IN ({some})) GROUP BY t.id, t.net",
        payouts,
    ):
        if not min(net, 0) <= claimed <= max(net, 0):
            detail = f"Its net is {net}, and payouts settle {int(claimed)} of it."
            yield Violation("claims_within_row", ident, detail)
