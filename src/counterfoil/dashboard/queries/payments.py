"""A seller's payments, newest first: all of them, or those that are looked for.

Two steps: which ones (each single filter or search walks one index in the order of the list),
and then what each of them shows. What no index answers in order looks back over a bounded stretch
of rows; where that ends short of a full page, the answer says how far it came, and the page
offers to search further back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from counterfoil.dashboard.payment_states import State, StateFacts, state_of
from counterfoil.kit.db import fetch_all, fetch_one, placeholders
from counterfoil.kit.pages import Cursor, Page, PageRequest, cut, keyset
from counterfoil.payments.details import ChargeDetails, read_charge_details
from counterfoil.payments.listing import folded

STRETCH: Final = 2000  # payments that one request looks at, at most


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """One line of the list: a charge, or an intent that nobody has tried to pay yet."""

    id: str
    created: int
    amount: int
    currency: str
    state: State
    description: str | None
    brand: str | None
    last4: str | None
    payer: str | None  # a name, or else an e-mail address
    from_transfer: bool  # money that the platform sent on


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentFilter:
    """What a seller looks for; nothing of it set means everything.

    Amounts are minor units. Moments are UTC seconds, the first included and the last not.
    `words` are what was typed into the search, `exactly` the amount that it may be as well.
    """

    states: tuple[State, ...] = ()
    methods: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    amount: int | None = None
    at_least: int | None = None
    at_most: int | None = None
    words: str = ""
    exactly: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A page, and where the search stopped when there may be more beyond its stretch."""

    page: Page[PaymentRow]
    searched_to: Cursor | None


_EVERYTHING: Final = PaymentFilter()


def payments(
    account_id: str,
    *,
    livemode: bool,
    page: PageRequest,
    wanted: PaymentFilter = _EVERYTHING,
) -> Found:
    """The payments of a seller that are wanted, newest first."""
    walks = _walks(account_id, livemode, wanted)
    found: set[tuple[int, str]] = set()
    ends = []
    for walk in walks:
        end = _end_of_stretch(walk, page) if walk.checks else None
        if end is not None:
            ends.append(end)
        found.update(_walk(walk, page, end))
    end = max(ends, key=_place, default=None)
    # Where one walk ended, rows of it are unseen: what others brought from beyond comes later.
    seen = [place for place in found if end is None or place >= _place(end)]
    seen.sort(reverse=True)
    kept = cut(seen, page)
    shown = payments_by_id([ident for _, ident in kept.rows], account_id, livemode=livemode)
    return Found(Page(shown, kept.has_more), None if kept.has_more else end)


def payments_by_id(ids: Sequence[str], account_id: str, *, livemode: bool) -> list[PaymentRow]:
    """Those of the seller among these charges and intents, newest first."""
    if not ids:
        return []
    rows = fetch_all(
        f"{_SHOWN} WHERE c.id IN ({placeholders(ids)}) AND c.seller_id = %s AND c.livemode = %s",
        [*ids, account_id, livemode],
    )
    shown = [_payment(row) for row in rows]
    if len(shown) < len(ids):
        intents = fetch_all(
            f"{_INTENTS} WHERE i.id IN ({placeholders(ids)}) AND i.livemode = %s"
            " AND (i.account_id = %s OR i.on_behalf_of = %s) AND i.latest_charge_id IS NULL",
            [*ids, livemode, account_id, account_id],
        )
        shown += [_intent(row) for row in intents]
    return sorted(shown, key=lambda row: (row.created, row.id), reverse=True)


def ids_behind(ident: str) -> list[str]:
    """The payments that an id of something else belongs to: an intent, a refund, a dispute, a
    balance transaction, a transfer. Whether the seller sees them is asked afterwards."""
    rows = fetch_all(
        "SELECT id FROM payments_charge WHERE payment_intent_id = %s"
        " UNION SELECT charge_id FROM payments_refund WHERE id = %s"
        " UNION SELECT charge_id FROM disputes_dispute WHERE id = %s"
        " UNION SELECT source_id FROM ledger_balancetransaction"
        " WHERE id = %s AND source_id IS NOT NULL"
        " UNION SELECT destination_payment_id FROM payments_transfer WHERE id = %s"
        " UNION SELECT source_transaction FROM payments_transfer t"
        " JOIN payments_charge p ON p.source_transfer_id = t.id"
        " WHERE p.id = %s AND source_transaction IS NOT NULL",
        [ident] * 6,
    )
    return [ident, *(row[0] for row in rows)]


def methods_of(account_id: str, *, livemode: bool) -> list[str]:
    """The card brands that a seller's customers ever paid with: one look at the index for each."""
    found: list[str] = []
    last = ""
    while row := fetch_one(
        "SELECT MIN(method) FROM payments_charge"
        " WHERE seller_id = %s AND livemode = %s AND method > %s",
        [account_id, livemode, last],
    ):
        if row[0] is None:
            break
        last = row[0]
        found.append(last)
    return found


# ---- Which ones ----


@dataclass(frozen=True, slots=True)
class _Walk:
    """A stretch of one index, in the list's order. `checks` are looked at row by row."""

    table: str  # with its alias c
    where: str
    values: list[object]
    checks: str = ""
    check_values: tuple[object, ...] = ()


_CHARGES: Final = "payments_charge c"
_OPEN_DISPUTE: Final = (
    "EXISTS (SELECT 1 FROM disputes_dispute d WHERE d.charge_id = c.id AND d.closed_at IS NULL)"
)
_PENDING_REFUND: Final = (
    "EXISTS (SELECT 1 FROM payments_refund r WHERE r.charge_id = c.id AND r.status = 'pending')"
)
_WARNED: Final = (
    "EXISTS (SELECT 1 FROM disputes_earlyfraudwarning w WHERE w.charge_id = c.id AND w.actionable)"
)
_CANCELED: Final = (
    "EXISTS (SELECT 1 FROM payments_paymentintent i"
    " WHERE i.id = c.payment_intent_id AND i.status = 'canceled')"
)
_BLOCKED: Final = 'c.details LIKE \'%%"type":"blocked"%%\''
# Tried again since: the list shows the later attempt.
_SUPERSEDED: Final = (
    " AND NOT EXISTS (SELECT 1 FROM payments_paymentintent i"
    " WHERE i.id = c.payment_intent_id AND i.latest_charge_id <> c.id)"
)
# The condition of an index that holds few payments, and what is still to be asked of each.
_STATES: Final[dict[State, tuple[str, str]]] = {
    "successful": (
        "",
        "c.status = 'succeeded' AND c.captured AND c.amount_refunded = 0"
        f" AND NOT {_OPEN_DISPUTE} AND NOT {_WARNED}",
    ),
    "uncaptured": (" AND c.status = 'succeeded' AND NOT c.captured", f"NOT {_CANCELED}"),
    "canceled": (" AND c.status = 'succeeded' AND NOT c.captured", _CANCELED),
    "failed": (" AND c.status = 'failed'", f"NOT {_BLOCKED}"),
    "blocked": (" AND c.status = 'failed'", _BLOCKED),
    "refunded": (
        " AND c.amount_refunded > 0",
        f"c.amount_refunded = c.amount_captured AND NOT {_PENDING_REFUND} AND NOT {_OPEN_DISPUTE}",
    ),
    "partially_refunded": (
        " AND c.amount_refunded > 0",
        f"c.amount_refunded < c.amount_captured AND NOT {_PENDING_REFUND} AND NOT {_OPEN_DISPUTE}",
    ),
    "refund_pending": (
        " AND c.amount_refunded > 0",
        f"{_PENDING_REFUND} AND NOT {_OPEN_DISPUTE}",
    ),
}


def _walks(account_id: str, livemode: bool, wanted: PaymentFilter) -> list[_Walk]:
    days, moments = _between(wanted)
    base: list[object] = [account_id, livemode]
    own = f" c.seller_id = %s AND c.livemode = %s{days}"
    checks, check_values = _checks(wanted)
    searched = _searched(account_id, livemode, wanted)
    if searched is not None:
        checks, check_values = _and(checks, check_values, *_state_check(wanted.states))
        checks, check_values = _and(checks, check_values, *_method_check(wanted.methods))
        walks = [
            _Walk(_CHARGES, own + more, [*base, *moments, *values], checks, check_values)
            for more, values in searched
        ]
        if not (wanted.words or wanted.methods or wanted.states):
            walks += _untried(account_id, livemode, wanted)
        return walks
    words, word_values = _words_check(wanted.words)
    checks, check_values = _and(checks, check_values, words, word_values)
    if wanted.states:
        checks, check_values = _and(checks, check_values, *_method_check(wanted.methods))
        return _by_state(own, [*base, *moments], account_id, livemode, wanted, checks, check_values)
    if wanted.methods:
        return [
            _Walk(
                _CHARGES,
                f"{own} AND c.method = %s",
                [*base, *moments, method],
                checks,
                check_values,
            )
            for method in wanted.methods
        ]
    walks = [_Walk(_CHARGES, own, [*base, *moments], checks, check_values)]
    if not wanted.words:
        walks += _untried(account_id, livemode, wanted)
    return walks


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
) -> list[_Walk]:
    walks = []
    for state in wanted.states:
        if state == "disputed":
            walks.append(_disputed(account_id, livemode, wanted, checks, check_values))
        elif state == "early_fraud_warning":
            walks.append(_warned(account_id, livemode, wanted, checks, check_values))
        elif state in _STATES:
            index, check = _STATES[state]
            more, more_values = _and(checks, check_values, check, ())
            walks.append(_Walk(_CHARGES, own + index, values, more, more_values))
        if state in ("incomplete", "canceled") and not wanted.methods and not wanted.words:
            walks += _untried(account_id, livemode, wanted, state)
    return walks


def _disputed(
    account_id: str,
    livemode: bool,
    wanted: PaymentFilter,
    checks: str,
    check_values: tuple[object, ...],
) -> _Walk:
    """From the open disputes, which are few, to their payments; sorted, not walked."""
    days, moments = _between(wanted)
    return _Walk(
        "(SELECT DISTINCT charge_id FROM disputes_dispute WHERE seller_id = %s AND livemode = %s"
        " AND closed_at IS NULL) AS few CROSS JOIN payments_charge c",
        f" c.id = few.charge_id AND c.status = 'succeeded'{days}{_also(checks)}",
        [account_id, livemode, *moments, *check_values],
    )


def _warned(
    account_id: str,
    livemode: bool,
    wanted: PaymentFilter,
    checks: str,
    check_values: tuple[object, ...],
) -> _Walk:
    """From the platform's fraud warnings that one can act on, which are few."""
    days, moments = _between(wanted)
    return _Walk(
        "(SELECT charge_id FROM disputes_earlyfraudwarning WHERE livemode = %s AND actionable"
        " AND platform_id = (SELECT platform_id FROM accounts_account WHERE id = %s)) AS few"
        " CROSS JOIN payments_charge c",
        # COALESCE keeps the planner off the index of all the seller's payments.
        " c.id = few.charge_id AND COALESCE(c.seller_id, '') = %s AND c.amount_refunded = 0"
        f" AND NOT {_OPEN_DISPUTE}{days}{_also(checks)}",
        [livemode, account_id, account_id, *moments, *check_values],
    )


def _untried(
    account_id: str, livemode: bool, wanted: PaymentFilter, state: State | None = None
) -> list[_Walk]:
    """Intents without any attempt: the account's own, and the platform's on its behalf."""
    days, moments = _between(wanted)
    checks, check_values = _amounts(wanted)
    if state is not None:
        sign = "=" if state == "canceled" else "<>"
        checks, check_values = _and(checks, check_values, f"c.status {sign} 'canceled'", ())
    if wanted.amount is not None:
        checks, check_values = _and(checks, check_values, "c.amount = %s", (wanted.amount,))
    return [
        _Walk(
            "payments_paymentintent c",
            f" c.{owner} = %s AND c.livemode = %s AND c.latest_charge_id IS NULL{more}{days}",
            [account_id, livemode, *moments],
            checks,
            check_values,
        )
        for owner, more in (
            ("account_id", ""),
            ("on_behalf_of", " AND c.transfer_destination = c.on_behalf_of"),
        )
    ]


def _walk(walk: _Walk, page: PageRequest, end: Cursor | None) -> list[tuple[int, str]]:
    beyond, cursor, tail = keyset(page, prefix="c.")
    until, last = "", list[object]()
    if end is not None:
        until, last = " AND (c.created, c.id) >= (%s, %s)", [end.created, end.id]
    charges = _SUPERSEDED if "payments_charge" in walk.table else ""
    rows = fetch_all(
        f"SELECT c.created, c.id FROM {walk.table} WHERE{walk.where}{beyond}{until}"
        f"{_also(walk.checks)}{charges} {tail}",
        [*walk.values, *cursor, *last, *walk.check_values],
    )
    return [(int(created), ident) for created, ident in rows]


def _end_of_stretch(walk: _Walk, page: PageRequest) -> Cursor | None:
    """The last row to be looked at, when there are more beyond it."""
    stretch = PageRequest(limit=1, cursor=page.cursor)
    beyond, cursor, _ = keyset(stretch, prefix="c.")
    row = fetch_one(
        f"SELECT c.created, c.id FROM {walk.table} WHERE{walk.where}{beyond}"
        f" ORDER BY c.created DESC, c.id DESC LIMIT 1 OFFSET {STRETCH - 1}",
        [*walk.values, *cursor],
    )
    return Cursor(int(row[0]), row[1]) if row else None


def _checks(wanted: PaymentFilter) -> tuple[str, tuple[object, ...]]:
    checks, values = _amounts(wanted)
    if wanted.words and wanted.amount is not None:
        checks, values = _and(checks, values, "c.amount = %s", (wanted.amount,))
    return checks, values


def _amounts(wanted: PaymentFilter) -> tuple[str, tuple[object, ...]]:
    checks, values = "", tuple[object, ...]()
    if wanted.at_least is not None:
        checks, values = _and(checks, values, "c.amount >= %s", (wanted.at_least,))
    if wanted.at_most is not None:
        checks, values = _and(checks, values, "c.amount <= %s", (wanted.at_most,))
    return checks, values


def _words_check(words: str) -> tuple[str, tuple[object, ...]]:
    found = words.lower().split()
    like = (
        "LOWER(COALESCE(c.description, '') || ' ' || COALESCE(c.payer_name, '') || ' '"
        " || COALESCE(c.payer_email, '') || ' ' || c.metadata) LIKE %s ESCAPE '!'"
    )
    marks = [word.replace("!", "!!").replace("%", "!%").replace("_", "!_") for word in found]
    return " AND ".join([like] * len(found)), tuple(f"%{mark}%" for mark in marks)


def _state_check(states: tuple[State, ...]) -> tuple[str, tuple[object, ...]]:
    """As a condition on rows that were found by something else."""
    if not states:
        return "", ()
    parts = []
    for state in states:
        if state == "disputed":
            parts.append(f"({_OPEN_DISPUTE} AND c.captured)")
        elif state == "early_fraud_warning":
            parts.append(f"({_WARNED} AND c.amount_refunded = 0 AND NOT {_OPEN_DISPUTE})")
        elif state in _STATES:
            index, check = _STATES[state]
            parts.append(f"({check}{index})")
    return f"({' OR '.join(parts) or '1 = 0'})", ()


def _method_check(methods: tuple[str, ...]) -> tuple[str, tuple[object, ...]]:
    return (f"c.method IN ({placeholders(methods)})", methods) if methods else ("", ())


def _between(wanted: PaymentFilter) -> tuple[str, list[object]]:
    sql, moments = "", list[object]()
    if wanted.since is not None:
        sql, moments = " AND c.created >= %s", [wanted.since]
    if wanted.until is not None:
        sql, moments = f"{sql} AND c.created < %s", [*moments, wanted.until]
    return sql, moments


def _and(
    checks: str, values: tuple[object, ...], more: str, more_values: tuple[object, ...]
) -> tuple[str, tuple[object, ...]]:
    both = " AND ".join(part for part in (checks, more) if part)
    return both, (*values, *more_values)


def _also(checks: str) -> str:
    return f" AND {checks}" if checks else ""


def _place(cursor: Cursor) -> tuple[int, str]:
    return cursor.created, cursor.id


# ---- What each shows ----

_SHOWN: Final = f"""
SELECT c.id, c.created, c.amount, c.currency, c.status, i.status, c.captured, c.amount_captured,
       c.amount_refunded, c.description, c.details, k.name, k.email, c.source_transfer_id,
       {_PENDING_REFUND}, {_OPEN_DISPUTE}, {_WARNED}
FROM payments_charge c
LEFT JOIN payments_paymentintent i ON i.id = c.payment_intent_id
LEFT JOIN payments_customer k ON k.id = c.customer_id
"""
_INTENTS: Final = """
SELECT i.id, i.created, i.amount, i.currency, i.status, i.description, k.name, k.email
FROM payments_paymentintent i LEFT JOIN payments_customer k ON k.id = i.customer_id
"""


def _payment(row: tuple[Any, ...]) -> PaymentRow:
    ident, created, amount, currency, status, intent_status, captured, *rest = row
    amount_captured, amount_refunded, description, text, name, email, transfer_id, *flags = rest
    details: ChargeDetails = read_charge_details(text)
    pending, disputed, warned = (bool(flag) for flag in flags)
    card, payer = details.card, details.billing_details
    return PaymentRow(
        id=ident,
        created=created,
        amount=amount_captured if captured else amount,
        currency=currency,
        state=state_of(
            StateFacts(
                charge_status=status,
                intent_status=intent_status,
                captured=bool(captured),
                amount_captured=amount_captured,
                amount_refunded=amount_refunded,
                blocked=details.outcome is not None and details.outcome.type == "blocked",
                refund_pending=pending,
                disputed=disputed,
                warned=warned,
            )
        ),
        description=description,
        brand=card.brand if card else None,
        last4=card.last4 if card else None,
        payer=payer.name or name or payer.email or email or details.receipt_email,
        from_transfer=transfer_id is not None,
    )


def _intent(row: tuple[Any, ...]) -> PaymentRow:
    ident, created, amount, currency, status, description, name, email = row
    return PaymentRow(
        id=ident,
        created=created,
        amount=amount,
        currency=currency,
        state=state_of(StateFacts(charge_status=None, intent_status=status)),
        description=description,
        brand=None,
        last4=None,
        payer=name or email,
        from_transfer=False,
    )
