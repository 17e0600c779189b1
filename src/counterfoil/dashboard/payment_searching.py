"""What the payments page is asked for, read from its address and kept in it (`searching.py`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from counterfoil.dashboard.cards import brand_word
from counterfoil.dashboard.payment_states import FILTERS, State, state_word
from counterfoil.dashboard.queries.payment_conditions import PaymentFilter
from counterfoil.dashboard.searching import (
    Asked,
    Search,
    amount_in,
    read_amounts,
    read_days,
    read_query,
    read_typed,
    start_of,
)
from counterfoil.wording.languages import gettext as _


@dataclass(slots=True)
class PaymentSearch(Search):
    states: tuple[State, ...] = ()
    methods: tuple[str, ...] = ()

    def chosen(self) -> list[tuple[str, str]]:
        states: list[tuple[str, str]] = [("status", state) for state in self.states]
        return [*states, *(("method", method) for method in self.methods)]

    def states_in_words(self) -> str:
        return ", ".join(state_word(state) for state in self.states)

    def methods_in_words(self) -> str:
        return ", ".join(brand_word(method) for method in self.methods)


def read_payment_search(
    asked: Asked, *, methods: list[str], default_currency: str
) -> PaymentSearch:
    """Read the address. What is unknown in it is left out; what is mistyped is told."""
    search = PaymentSearch(
        states=tuple(state for state in FILTERS if state in asked.getlist("status")),
        methods=tuple(method for method in methods if method in asked.getlist("method")),
        query=read_query(asked),
        typed=read_typed(asked),
    )
    read_days(search)
    read_amounts(search, default_currency)
    return search


def payment_filter_of(
    search: PaymentSearch, *, default_currency: str, platform: str
) -> PaymentFilter:
    """The same for the database. Days are those of the account's own calendar."""
    least, most = search.at_least, search.at_most
    same = least if least is not None and least == most else None
    return PaymentFilter(
        states=search.states,
        methods=search.methods,
        since=start_of(search.since),
        until=start_of(search.until + timedelta(days=1)) if search.until else None,
        amount=same,
        at_least=None if same is not None else least,
        at_most=None if same is not None else most,
        words=search.query,
        exactly=amount_in(search.query, default_currency) if search.query else None,
        unnamed=_("Payment from %(platform)s") % {"platform": platform},
    )
