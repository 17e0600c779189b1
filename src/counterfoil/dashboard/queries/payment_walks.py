"""Which index answers what a seller looks for among payments, in the order of the list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from counterfoil.dashboard.payment_states import State
from counterfoil.dashboard.queries.payment_conditions import (
    ANOTHER_DISPUTE,
    OPEN_DISPUTE,
    STATES,
    PaymentFilter,
    amounts,
    both,
    checks_of,
    method_check,
    state_check,
    words_check,
    words_of_intent,
)
from counterfoil.kit.db import fetch_all, fetch_one
from counterfoil.payments.listing import folded

CHARGES: Final = "payments_charge c"


@dataclass(frozen=True, slots=True)
class Walk:
    """A stretch of one index, in the list's order. `checks` are looked at row by row."""

    table: str  # with its alias c
    where: str
    values: list[object]
    checks: str = ""
    check_values: tuple[object, ...] = ()
    place: tuple[str, str] = ("c.created", "c.id")  # the columns of the index that is walked
    only_if_few: bool = False  # left out where there are more than a stretch


def walks_of(account_id: str, livemode: bool, wanted: PaymentFilter) -> list[Walk]:
    base: list[object] = [account_id, livemode]
    own = " c.seller_id = %s AND c.livemode = %s"
    checks, check_values = checks_of(wanted)
    searched = _searched(account_id, livemode, wanted)
    if searched is not None:
        checks, check_values = both(checks, check_values, *state_check(wanted.states))
        checks, check_values = both(checks, check_values, *method_check(wanted.methods))
        walks = [
            Walk(CHARGES, own + more, [*base, *values], checks, check_values)
            for more, values in searched
        ]
        untried = _all_untried(account_id, livemode, wanted)
        if wanted.words:
            # Found by an index: thousands of intents that nobody tried to pay, which have none,
            # must neither delay it nor cut it short.
            untried = [replace(walk, only_if_few=True) for walk in untried]
        return walks + untried
    words, word_values = words_check(wanted)
    checks, check_values = both(checks, check_values, words, word_values)
    if wanted.states:
        checks, check_values = both(checks, check_values, *method_check(wanted.methods))
        return _by_state(own, base, account_id, livemode, wanted, checks, check_values)
    if wanted.methods:
        return [
            Walk(
                CHARGES,
                f"{own} AND c.method = %s",
                [*base, method],
                checks,
                check_values,
            )
            for method in wanted.methods
        ]
    walks = [Walk(CHARGES, own, base, checks, check_values)]
    return walks + _all_untried(account_id, livemode, wanted)


def _searched(
    account_id: str, livemode: bool, wanted: PaymentFilter
) -> list[tuple[str, list[object]]] | None:
    """Ranges of what was typed exactly: an e-mail address, an order, a name, an amount. None
    when it is none of them; then its words are looked for."""
    text = folded(wanted.words)
    if not text and wanted.amount is None:
        return None
    if not text:
        return [(" AND c.amount = %s", [wanted.amount])]
    ranges: list[tuple[str, list[object]]] = [
        (f" AND c.{column} = %s", [value])
        for column, value in (
            ("payer_email", text),
            ("order_ref", text.lstrip("#")),
            ("payer_name", text),
        )
    ]
    if wanted.exactly is not None:
        ranges.append((" AND c.amount = %s", [wanted.exactly]))
    ranges += [
        (" AND c.customer_id = %s", [customer])
        for customer in _customers(wanted.words.strip(), account_id, livemode)
    ]
    hits = [pair for pair in ranges if _any(account_id, livemode, *pair)]
    return hits or None


def _any(account_id: str, livemode: bool, condition: str, values: list[object]) -> bool:
    return bool(
        fetch_one(
            "SELECT 1 FROM payments_charge c"
            f" WHERE c.seller_id = %s AND c.livemode = %s{condition} LIMIT 1",
            [account_id, livemode, *values],
        )
    )


def _customers(email: str, account_id: str, livemode: bool) -> list[str]:
    """Customers with this address that the seller's payments may be of: the account's own, and
    the platform's."""
    rows = fetch_all(
        "SELECT id FROM payments_customer WHERE livemode = %s AND email = %s AND account_id IN"
        " (%s, (SELECT platform_id FROM accounts_account WHERE id = %s)) LIMIT 20",
        [livemode, email, account_id, account_id],
    )
    return [ident for (ident,) in rows]


def _by_state(
    own: str,
    values: list[object],
    account_id: str,
    livemode: bool,
    wanted: PaymentFilter,
    checks: str,
    check_values: tuple[object, ...],
) -> list[Walk]:
    walks = []
    for state in wanted.states:
        if state == "disputed":
            walks.append(_disputed(account_id, livemode, checks, check_values))
        elif state == "early_fraud_warning":
            walks.append(_warned(account_id, livemode, checks, check_values))
        elif state in STATES:
            index, check = STATES[state]
            more, more_values = both(checks, check_values, check, ())
            walks.append(Walk(CHARGES, own + index, values, more, more_values))
    return walks + _all_untried(account_id, livemode, wanted)


_FROM_ABOVE: Final = ("d.charge_created", "d.charge_id")


def _disputed(
    account_id: str,
    livemode: bool,
    checks: str,
    check_values: tuple[object, ...],
) -> Walk:
    """Along the open disputes; of several about one payment the first stands for all."""
    first = f"c.status = 'succeeded' AND NOT {ANOTHER_DISPUTE}"
    checks, check_values = both(first, (), checks, check_values)
    return Walk(
        "disputes_dispute d CROSS JOIN payments_charge c",
        " d.seller_id = %s AND d.livemode = %s AND d.closed_at IS NULL AND c.id = d.charge_id",
        [account_id, livemode],
        checks,
        check_values,
        _FROM_ABOVE,
    )


def _warned(
    account_id: str,
    livemode: bool,
    checks: str,
    check_values: tuple[object, ...],
) -> Walk:
    """Along the fraud warnings that one can act on."""
    undone = f"c.amount_refunded = 0 AND NOT {OPEN_DISPUTE}"
    checks, check_values = both(undone, (), checks, check_values)
    return Walk(
        "disputes_earlyfraudwarning d CROSS JOIN payments_charge c",
        " d.seller_id = %s AND d.livemode = %s AND d.actionable AND c.id = d.charge_id",
        [account_id, livemode],
        checks,
        check_values,
        _FROM_ABOVE,
    )


def _all_untried(account_id: str, livemode: bool, wanted: PaymentFilter) -> list[Walk]:
    """Intents in the states that are asked for; without a card they are of no method."""
    if wanted.methods:
        return []
    if not wanted.states:
        return _untried(account_id, livemode, wanted)
    return [
        walk
        for state in wanted.states
        if state in ("incomplete", "canceled")
        for walk in _untried(account_id, livemode, wanted, state)
    ]


def _untried(
    account_id: str, livemode: bool, wanted: PaymentFilter, state: State | None = None
) -> list[Walk]:
    """Intents without any attempt: the account's own, and the platform's on its behalf."""
    checks, check_values = amounts(wanted)
    if state is not None:
        sign = "=" if state == "canceled" else "<>"
        checks, check_values = both(checks, check_values, f"c.status {sign} 'canceled'", ())
    if wanted.amount is not None:
        checks, check_values = both(checks, check_values, "c.amount = %s", (wanted.amount,))
    if wanted.words:
        checks, check_values = both(checks, check_values, *words_of_intent(wanted))
    return [
        Walk(
            "payments_paymentintent c",
            f" c.{owner} = %s AND c.livemode = %s AND c.latest_charge_id IS NULL{more}",
            [account_id, livemode],
            checks,
            check_values,
        )
        for owner, more in (
            ("account_id", ""),
            ("on_behalf_of", " AND c.transfer_destination = c.on_behalf_of"),
        )
    ]
