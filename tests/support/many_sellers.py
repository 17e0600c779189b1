"""Thousands of sellers with money, or one with thousands of lines, in a second or two.

One seller is made in earnest; its rows are copied under new ids with one statement a table. Money
comes by `post_money`, hundreds of entries at a time, so that the books are as the application
writes them, and `check` holds.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from counterfoil.kit.db import insert_rows
from counterfoil.kit.ids import new_id
from counterfoil.ledger.drafts import EntryDraft, TransactionDraft, move
from counterfoil.ledger.models import Purpose
from counterfoil.payments.operations.posting import post_money

_AT_ONCE = 500


def copies_of(seller: str, count: int, *, platform_id: str, now: int) -> list[str]:
    """Sellers like one that was made in earnest, each with a bank account and 1000 or more."""
    ids = [new_id("acct", now) for _ in range(count)]
    _copy_rows("accounts_account", "id", seller, [{"id": ident} for ident in ids])
    external = [{"id": new_id("ba", now), "account_id": ident} for ident in ids]
    _copy_rows("accounts_externalaccount", "account_id", seller, external)
    gifts = [(ident, 1000 + n) for n, ident in enumerate(ids)]
    give(gifts, platform_id=platform_id, now=now)
    return ids


def give(gifts: Sequence[tuple[str, int]], *, platform_id: str, now: int) -> None:
    """To each seller named an amount, available at once: a balance transaction each."""
    for at in range(0, len(gifts), _AT_ONCE):
        some = gifts[at : at + _AT_ONCE]
        entries = [_gift(platform_id, owner, amount, now) for owner, amount in some]
        zones = {owner: "Etc/UTC" for owner, _ in some}
        post_money(entries, platform_id=platform_id, livemode=False, at=now, zones=zones)


def _copy_rows(table: str, key: str, value: str, changes: Sequence[dict[str, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {key} = %s", [value])
        columns = [column[0] for column in cursor.description]
        original = dict(zip(columns, cursor.fetchone(), strict=True))
    insert_rows(table, columns, [list((original | change).values()) for change in changes])


def _gift(platform_id: str, owner: str, amount: int, now: int) -> EntryDraft:
    transaction = TransactionDraft(
        id=new_id("txn", now),
        owner=owner,
        type="adjustment",
        reporting_category="other_adjustment",
        amount=amount,
        currency="usd",
        available_on=now,
        source_id=None,
    )
    giver, taker = (platform_id, Purpose.BANK), (owner, Purpose.PAYMENTS)
    lines = move(debit=giver, credit=taker, amount=amount, currency="usd", on=now)
    return EntryDraft(f"gift:{transaction.id}", "gift", lines, [transaction])
