"""Random histories: a model of a few lines of Python always agrees with the books."""

from __future__ import annotations

from collections import defaultdict

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.kit.scope import Scope
from counterfoil.ledger.drafts import EntryDraft, Line
from counterfoil.ledger.models import Purpose
from counterfoil.ledger.queries import available_balance, balances
from counterfoil.ledger.sealing import fold_balances, seal_all
from tests.support.books import DAY, NOW, OTHER, PLATFORM, SELLER, broken, post, seen

OWNERS = (PLATFORM, SELLER, OTHER)
SEEN = (Purpose.PAYMENTS, Purpose.PREFUNDING)
UNSEEN = (Purpose.IN_TRANSIT, Purpose.CARD_NETWORK, Purpose.LOSSES)

accounts = st.tuples(st.sampled_from(OWNERS), st.sampled_from(SEEN + UNSEEN))
moves = st.tuples(
    accounts,
    accounts,
    st.integers(1, 10**12),
    st.sampled_from(["usd", "eur", "jpy"]),
    st.integers(-1, 6),  # days from now at which the money is available
)


class Books(RuleBasedStateMachine):
    entries = Bundle("entries")

    def __init__(self) -> None:
        super().__init__()
        self.world = transaction.atomic()
        self.world.__enter__()
        self.now = NOW
        self.posted = 0
        self.sealed = 0
        # (live mode, owner, currency, purpose) → day → minor units
        self.model: dict[tuple, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    @rule(target=entries, parts=st.lists(moves, min_size=1, max_size=4), livemode=st.booleans())
    def post_entry(self, parts: list, livemode: bool) -> tuple[EntryDraft, bool]:
        self.posted += 1
        draft = self._draft(f"entry:{self.posted}", parts)
        assert post(draft, at=self.now, livemode=livemode)
        for line in draft.lines:
            account = (livemode, line.owner, line.currency, line.purpose.value)
            day = line.available_on - line.available_on % DAY
            self.model[account][day] += line.amount if line.side == "credit" else -line.amount
        return draft, livemode

    @rule(earlier=entries)
    def post_it_again(self, earlier: tuple[EntryDraft, bool]) -> None:
        draft, livemode = earlier
        assert not post(draft, at=self.now, livemode=livemode)

    @rule(earlier=entries, parts=st.lists(moves, min_size=5, max_size=5))
    def post_other_contents_under_its_key(self, earlier: tuple, parts: list) -> None:
        # More lines than any entry above has, so never the same ones.
        draft, livemode = earlier
        with pytest.raises(AssertionError), transaction.atomic():
            post(self._draft(draft.key, parts), at=self.now, livemode=livemode)

    @rule(part=moves, off_by=st.integers(1, 5))
    def post_what_does_not_balance(self, part: tuple, off_by: int) -> None:
        debit, credit = self._lines(part)
        credit = Line(*_fields(credit, amount=credit.amount + off_by))
        with pytest.raises(AssertionError, match="not balanced"), transaction.atomic():
            post(EntryDraft("entry:wrong", "random", [debit, credit]), at=self.now)

    @rule()
    def seal(self) -> None:
        assert seal_all(self.now) == self.posted - self.sealed
        self.sealed = self.posted
        assert seal_all(self.now) == 0

    @rule()
    def fold(self) -> None:
        fold_balances(self.now)
        assert fold_balances(self.now) == 0

    @rule(seconds=st.one_of(st.integers(1, 4000), st.integers(DAY, 5 * DAY)))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @invariant()
    def balances_agree(self) -> None:
        for livemode in (False, True):
            for owner in OWNERS:
                read = {
                    (livemode, owner, row.currency, row.purpose): (row.available, row.pending)
                    for row in balances(Scope(PLATFORM, owner, livemode), now=self.now)
                }
                assert read == {
                    account: self._split(days)
                    for account, days in self.model.items()
                    if account[:2] == (livemode, owner)
                }

    @invariant()
    def what_is_available_is_what_may_be_decided_by(self) -> None:
        days = self.model.get((False, SELLER, "usd", "payments"), {})
        available = available_balance(owner=SELLER, livemode=False, currency="usd", now=self.now)
        assert available == self._split(days)[0]

    @invariant()
    def what_owners_see_adds_up_to_what_they_have(self) -> None:
        rows = fetch_all(
            "SELECT livemode, owner, currency, balance_type, SUM(net)"
            " FROM ledger_balancetransaction GROUP BY livemode, owner, currency, balance_type"
        )
        seen_by = {(bool(mode), *account): int(net) for mode, *account, net in rows}
        for account, days in self.model.items():
            if account[3] in SEEN:
                assert seen_by.get(account, 0) == sum(days.values())

    def teardown(self) -> None:
        try:
            (count,) = fetch_one("SELECT COUNT(*) FROM ledger_entry")
            assert count == self.posted
            assert broken(now=self.now) == set()
        finally:
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    def _split(self, days: dict[int, int]) -> tuple[int, int]:
        available = sum(amount for day, amount in days.items() if day <= self.now)
        return available, sum(days.values()) - available

    def _lines(self, part: tuple) -> list[Line]:
        debited, credited, amount, currency, days = part
        on = self.now + days * DAY
        return [
            Line(*debited, "debit", amount, currency, on),
            Line(*credited, "credit", amount, currency, on),
        ]

    def _draft(self, key: str, parts: list) -> EntryDraft:
        """An entry of moves, with one row for each balance that its owner sees."""
        lines = [line for part in parts for line in self._lines(part)]
        nets: dict[tuple, int] = defaultdict(int)
        for line in lines:
            if line.purpose in SEEN:
                signed = line.amount if line.side == "credit" else -line.amount
                nets[line.owner, line.currency, line.purpose, line.available_on] += signed
        rows = [
            seen(owner, "adjustment", net, currency=currency, balance_type=purpose, available_on=on)
            for (owner, currency, purpose, on), net in nets.items()
        ]
        return EntryDraft(key, "random", lines, rows)


def _fields(line: Line, **changed: int) -> list:
    names = ("owner", "purpose", "side", "amount", "currency", "available_on")
    return [changed.get(name, getattr(line, name)) for name in names]


@pytest.mark.django_db
def test_random_books_agree_with_the_model():
    run_state_machine_as_test(
        Books, settings=settings(max_examples=40, stateful_step_count=25, deadline=None)
    )
