"""Pages of an account of five million rows beside those of one of a thousand, in one database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from django.db import connection

from bench.copies import copy_seller
from bench.pattern import EMAIL, Pattern
from bench.world import Account, Request
from counterfoil.access.sessions import start_session
from counterfoil.dashboard.exports.operations import ask
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.payment_states import FILTERS as STATES
from counterfoil.kit.clock import utc_date, wall_now
from counterfoil.kit.db import execute, fetch_one

_CSRF: Final = "benchmark0benchmark0benchmark0be"
_DEEP: Final = 500_000  # rows above page 10,001 of fifty
_TRANSACTIONS: Final = ("ledger_balancetransaction", "owner")
_PAYMENTS: Final = ("payments_charge", "seller_id")
_PAYOUTS: Final = ("payouts_payout", "account_id")


def seed_accounts(copies: int) -> list[Account]:
    """One account with a thousand balance transactions, and one with so many copies of them."""
    now = wall_now()
    pattern = Pattern(now)
    accounts = []
    for letter, times in (("A", 1), ("B", copies)):
        seller = copy_seller(pattern, copies=times, letter=letter, now=now)
        session = start_session(
            account_id=seller,
            platform_id=pattern.world.id,
            livemode=False,
            redirect_url=None,
            ip=None,
            user_agent=None,
            now_wall=now,
        )
        headers = {"Cookie": f"session={session}; csrf={_CSRF}"}
        pages = {
            name: Request("GET", target, headers) for name, target in _targets(seller, now).items()
        }
        accounts.append(
            Account(seller, pattern.world.id, _count(_TRANSACTIONS, seller, None), pages)
        )
    if connection.vendor == "postgresql":
        execute("VACUUM ANALYZE")
        execute("CHECKPOINT")
    return accounts


def ask_for_export(account: Account, rows: int) -> str:
    """An export of the newest `rows` transactions, to the day, that a worker will make; its id."""
    now = wall_now()
    oldest = _nth(_TRANSACTIONS, account.seller_id, min(rows, account.rows) - 1)
    since = utc_date(int(oldest.partition(".")[0]))
    return ask(
        Whose(
            account_id=account.seller_id,
            platform_id=account.platform_id,
            livemode=False,
            platform_name="Bazaar",
            locale="en-US",
            country="US",
            timezone="Etc/UTC",
            default_currency="usd",
            sees_payments=True,
            now=now,
        ),
        "transactions",
        "csv",
        urlencode({"from": since.isoformat()}),
        now_wall=now,
    )


def _targets(seller: str, now: int) -> Mapping[str, str]:
    """Path and query of each page, by what the report calls it."""
    today = utc_date(now)
    days = {
        "from": (today - timedelta(days=40)).isoformat(),
        "to": (today - timedelta(days=10)).isoformat(),
    }
    charge, intent, transaction, email, order = _newest_payment(seller)
    amounts: dict[str, dict[str, str]] = {
        "exact amount": {"least": "25", "most": "25"},
        "amounts from to": {"least": "100", "most": "200"},
        "amounts that none has": {"least": "10000"},
    }
    words = {
        "e-mail": email,
        "e-mail of 60": EMAIL,
        "order": order,
        "id of a payment": charge,
        "id of a transaction": transaction,
        "amount": "25.00",
    }
    asked: dict[str, dict[str, str]] = {
        "home": {},
        "transactions": {},
        "transactions, far down": {"before": _far_down(_TRANSACTIONS, seller)},
        "transactions: days": days,
        "transactions: days, far down": {
            "to": today.isoformat(),
            "before": _far_down(_TRANSACTIONS, seller),
        },
        "transactions: currency": {"currency": "eur"},
        "transactions: pending": {"status": "pending"},
        "transactions: refunds in a currency": {"type": "refunds", "currency": "eur"},
        "transactions: words that none has": {"q": "nothingofthekind"},
        "payments": {},
        "payments, far down": {"before": _far_down(_PAYMENTS, seller)},
        "payments: days": days,
        "payments: method": {"method": "visa"},
        "payments: id of an intent": {"q": intent},
        "payments: refunded, of an amount": {"status": "refunded", "least": "10"},
        "payments: words that none has": {"q": "nothingofthekind"},
        "payouts": {},
        "payouts, far down": {"before": _far_down(_PAYOUTS, seller)},
    }
    for kind in ("payments", "refunds", "payouts", "disputes", "added"):
        asked[f"transactions: type {kind}"] = {"type": kind}
    for state in STATES:
        asked[f"payments: {state.replace('_', ' ')}"] = {"status": state}
    for state in ("coming", "arrived", "returned"):
        asked[f"payouts: {state}"] = {"state": state}
    for page in ("transactions", "payments"):
        asked |= {f"{page}: {name}": fields for name, fields in amounts.items()}
        asked |= {f"{page}: search by {name}": {"q": word} for name, word in words.items()}
    return {name: _target(name, fields) for name, fields in asked.items()}


def _target(name: str, fields: Mapping[str, str]) -> str:
    path = "/" if name == "home" else "/" + name.partition(":")[0].partition(",")[0]
    return f"{path}?{urlencode(fields)}" if fields else path


def _newest_payment(seller: str) -> tuple[str, str, str, str, str]:
    row = fetch_one(
        "SELECT id, payment_intent_id, balance_transaction_id, payer_email, order_ref"
        " FROM payments_charge WHERE seller_id = %s AND livemode = %s AND status = 'succeeded'"
        " AND balance_transaction_id IS NOT NULL AND payer_email <> %s"
        " ORDER BY created DESC, id DESC LIMIT 1",
        [seller, False, EMAIL],
    )
    assert row is not None, "the seller has a payment"
    charge, intent, transaction, email, order = row
    return charge, intent, transaction, email, order


def _far_down(table: tuple[str, str], seller: str) -> str:
    """Where page 10,001 begins, or with four fifths of a shorter list above it."""
    rows = _count(table, seller, _DEEP * 5 // 4)
    return _nth(table, seller, min(rows * 4 // 5, rows - 60))  # a whole page is left


def _count(table: tuple[str, str], seller: str, most: int | None) -> int:
    name, column = table
    limit = "" if most is None else f" LIMIT {most:d}"
    row = fetch_one(
        f"SELECT COUNT(*) FROM (SELECT 1 FROM {name} WHERE {column} = %s AND livemode = %s{limit})"
        " AS counted",
        [seller, False],
    )
    assert row is not None, "a count has a row"
    return int(row[0])


def _nth(table: tuple[str, str], seller: str, place: int) -> str:
    """The row that `place` others are newer than, as a page's address names it."""
    name, column = table
    row = fetch_one(
        f"SELECT created, id FROM {name} WHERE {column} = %s AND livemode = %s"
        f" ORDER BY created DESC, id DESC LIMIT 1 OFFSET {place:d}",
        [seller, False],
    )
    assert row is not None, f"{name} has fewer rows"
    return f"{row[0]}.{row[1]}"
