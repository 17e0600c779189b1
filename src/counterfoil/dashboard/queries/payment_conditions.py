"""What a seller looks for among payments, as conditions on a charge `c`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from counterfoil.dashboard.payment_states import State
from counterfoil.kit.db import placeholders


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
    unnamed: str = ""  # what the page calls money sent on by the platform, without a description


def _there_is(what: str) -> str:
    """Whether there is such a row, asked of each row that is looked at.

    EXISTS would say the same, and PostgreSQL would make a join of it: where it expects many rows,
    it reads all that there are before it answers with the first fifty.
    """
    return f"((SELECT 1 FROM {what} LIMIT 1) IS NOT NULL)"


OPEN_DISPUTE: Final = _there_is(
    "disputes_dispute d WHERE d.charge_id = c.id AND d.closed_at IS NULL"
)
PENDING_REFUND: Final = _there_is(
    "payments_refund r WHERE r.charge_id = c.id AND r.status = 'pending'"
)
WARNED: Final = _there_is("disputes_earlyfraudwarning w WHERE w.charge_id = c.id AND w.actionable")
ANOTHER_DISPUTE: Final = _there_is(  # of a dispute d, an earlier one that is open too
    "disputes_dispute e WHERE e.charge_id = d.charge_id AND e.closed_at IS NULL AND e.id < d.id"
)
_CANCELED: Final = _there_is(
    "payments_paymentintent i WHERE i.id = c.payment_intent_id AND i.status = 'canceled'"
)
_BLOCKED: Final = 'c.details LIKE \'%%"type":"blocked"%%\''
# Tried again since: the list shows the later attempt.
SUPERSEDED: Final = " AND NOT " + _there_is(
    "payments_paymentintent i WHERE i.id = c.payment_intent_id AND i.latest_charge_id <> c.id"
)
# The condition of an index that holds few payments, and what is still to be asked of each.
STATES: Final[dict[State, tuple[str, str]]] = {
    "successful": (
        "",
        "c.status = 'succeeded' AND c.captured AND c.amount_refunded = 0"
        f" AND NOT {OPEN_DISPUTE} AND NOT {WARNED}",
    ),
    "uncaptured": (" AND c.status = 'succeeded' AND NOT c.captured", f"NOT {_CANCELED}"),
    "canceled": (" AND c.status = 'succeeded' AND NOT c.captured", _CANCELED),
    "failed": (" AND c.status = 'failed'", f"NOT {_BLOCKED}"),
    "blocked": (" AND c.status = 'failed'", _BLOCKED),
    "refunded": (
        " AND c.amount_refunded > 0",
        f"c.amount_refunded = c.amount_captured AND NOT {PENDING_REFUND} AND NOT {OPEN_DISPUTE}",
    ),
    "partially_refunded": (
        " AND c.amount_refunded > 0",
        f"c.amount_refunded < c.amount_captured AND NOT {PENDING_REFUND} AND NOT {OPEN_DISPUTE}",
    ),
    "refund_pending": (
        " AND c.amount_refunded > 0",
        f"{PENDING_REFUND} AND NOT {OPEN_DISPUTE}",
    ),
}


def checks_of(wanted: PaymentFilter) -> tuple[str, tuple[object, ...]]:
    checks, values = amounts(wanted)
    if wanted.words and wanted.amount is not None:
        checks, values = both(checks, values, "c.amount = %s", (wanted.amount,))
    return checks, values


def amounts(wanted: PaymentFilter) -> tuple[str, tuple[object, ...]]:
    # Of a sum no index knows: a plan made for any two amounts would sort all between them.
    checks, values = "", tuple[object, ...]()
    if wanted.at_least is not None:
        checks, values = both(checks, values, "c.amount + 0 >= %s", (wanted.at_least,))
    if wanted.at_most is not None:
        checks, values = both(checks, values, "c.amount + 0 <= %s", (wanted.at_most,))
    return checks, values


def words_check(wanted: PaymentFilter) -> tuple[str, tuple[object, ...]]:
    """Each word somewhere in what the page says of a payment, or in what the platform noted."""
    said = (
        "LOWER(COALESCE(c.description, '') || ' ' || COALESCE(c.payer_name, '') || ' '"
        " || COALESCE(c.payer_email, '') || ' ' || c.metadata)"
    )
    unnamed = wanted.unnamed.lower()
    called = "c.description IS NULL AND c.source_transfer_id IS NOT NULL"
    found, marks = [], list[object]()
    for word in wanted.words.lower().split():
        like = f"{said} LIKE %s ESCAPE '!'"
        found.append(f"({called} OR {like})" if word in unnamed else like)
        marks.append(_mark(word))
    return " AND ".join(found), tuple(marks)


def words_of_intent(wanted: PaymentFilter) -> tuple[str, tuple[object, ...]]:
    """The same for an intent that nobody has tried to pay yet; it may be of the amount as well."""
    said = (
        "LOWER(COALESCE(c.description, '') || ' ' || c.metadata || ' ' || COALESCE((SELECT"
        " COALESCE(k.name, '') || ' ' || COALESCE(k.email, '') FROM payments_customer k"
        " WHERE k.id = c.customer_id), '')) LIKE %s ESCAPE '!'"
    )
    words = wanted.words.lower().split()
    found, values = " AND ".join([said] * len(words)), [_mark(word) for word in words]
    if wanted.exactly is not None:
        return f"({found} OR c.amount = %s)", (*values, wanted.exactly)
    return found, tuple(values)


def _mark(word: str) -> str:
    return f"%{word.replace('!', '!!').replace('%', '!%').replace('_', '!_')}%"


def state_check(states: tuple[State, ...]) -> tuple[str, tuple[object, ...]]:
    """As a condition on rows that were found by something else."""
    if not states:
        return "", ()
    parts = []
    for state in states:
        if state == "disputed":
            parts.append(f"({OPEN_DISPUTE} AND c.captured)")
        elif state == "early_fraud_warning":
            parts.append(f"({WARNED} AND c.amount_refunded = 0 AND NOT {OPEN_DISPUTE})")
        elif state in STATES:
            index, check = STATES[state]
            parts.append(f"({check}{index})")
    return f"({' OR '.join(parts) or '1 = 0'})", ()


def method_check(methods: tuple[str, ...]) -> tuple[str, tuple[object, ...]]:
    return (f"c.method IN ({placeholders(methods)})", methods) if methods else ("", ())


def both(
    checks: str, values: tuple[object, ...], more: str, more_values: tuple[object, ...]
) -> tuple[str, tuple[object, ...]]:
    joined = " AND ".join(part for part in (checks, more) if part)
    return joined, (*values, *more_values)


def also(checks: str) -> str:
    return f" AND {checks}" if checks else ""
