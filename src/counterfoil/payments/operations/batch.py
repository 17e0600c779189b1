"""Everything one operation writes, sent in as few statements as the engine lets.

Round trips are what a payment costs (design §6), so an operation first decides, collecting
rows, entries and events here, and writes once, inside the caller's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import msgspec

from counterfoil.accounts.queries import PaymentAccount, kept_terms
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit.db import gathered
from counterfoil.kit.scope import Scope
from counterfoil.ledger.drafts import EntryDraft
from counterfoil.payments import rows
from counterfoil.payments.operations.posting import post_money

PLATFORM_ZONE = "Etc/UTC"


@dataclass(slots=True)
class Batch:
    """`at` is the platform's clock, UTC seconds."""

    platform_id: str
    livemode: bool
    at: int
    new: dict[type[rows.Row], list[rows.Row]] = field(default_factory=lambda: defaultdict(list))
    changed: list[rows.Row] = field(default_factory=list)
    entries: list[EntryDraft] = field(default_factory=list)
    events: list[EventDraft] = field(default_factory=list)
    zones: dict[str, str] = field(default_factory=dict)
    reserve_kept_until: int | None = None  # see `posting.post_money`

    def add(self, row: rows.Row) -> None:
        self.new[type(row)].append(row)

    def change(self, row: rows.Row) -> None:
        """Write a row back, unless it is new in this batch and written anyway."""
        if not any(row is known for known in (*self.new[type(row)], *self.changed)):
            self.changed.append(row)

    def sees(self, account: PaymentAccount | None) -> None:
        """An account that a transaction belongs to: its calendar keeps its earnings."""
        if account is not None:
            self.zones[account.id] = account.timezone

    def keeps(self, account_id: str) -> None:
        """As `sees`, by id and of a closed account too: what it did before still comes back."""
        self.zones[account_id], _payer = kept_terms(account_id)

    def event(
        self,
        kind: str,
        scope: Scope,
        wire: msgspec.Struct,
        ident: str,
        previous: dict[str, object] | None = None,
    ) -> None:
        self.events.append(EventDraft(kind, scope, wire, ident, self.at, previous))

    def write(self) -> None:
        with gathered():
            self._write()

    def _write(self) -> None:
        for new in self.new.values():
            rows.insert(*new)
        for row in self.changed:
            rows.save(row)
        if self.entries:
            zones = {self.platform_id: PLATFORM_ZONE, **self.zones}
            post_money(
                self.entries,
                platform_id=self.platform_id,
                livemode=self.livemode,
                at=self.at,
                zones=zones,
                reserve_kept_until=self.reserve_kept_until,
            )
        record_events(self.events)
