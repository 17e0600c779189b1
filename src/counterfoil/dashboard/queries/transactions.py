"""Balance transactions, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from counterfoil.kit.db import fetch_all
from counterfoil.kit.pages import Page, PageRequest, cut, keyset


class FeeDetail(msgspec.Struct, frozen=True):
    """One entry of a balance transaction's `fee_details`."""

    amount: int
    type: str
    currency: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """A balance transaction, and what its charge says about it."""

    id: str
    created: int
    type: str
    reporting_category: str
    amount: int
    fee: int
    net: int
    currency: str
    available_on: int
    description: str | None
    source_id: str | None
    exchange_rate: str | None
    fee_details: tuple[FeeDetail, ...]
    charge_description: str | None
    from_transfer: bool  # money that the platform sent on


_fees = msgspec.json.Decoder(tuple[FeeDetail, ...])

_COLUMNS = """
    t.id, t.created, t.type, t.reporting_category, t.amount, t.fee, t.net, t.currency,
    t.available_on, t.description, t.source_id, t.exchange_rate, t.fee_details
"""


def transactions(
    account_id: str, *, livemode: bool, page: PageRequest, types: Sequence[str] = ()
) -> Page[TransactionRow]:
    """Balance transactions newest first; `types` keeps only those, none means all.

    Several types are several index ranges, each cut to one page before they are merged, so a
    rare type costs no more than a common one.
    """
    condition, cursor, tail = keyset(page, prefix="t.")
    one = (
        f"SELECT {_COLUMNS} FROM ledger_balancetransaction t "
        f"WHERE t.owner = %s AND t.livemode = %s{{of_type}}{condition} {tail}"
    )
    params: list[object] = []
    if types:
        parts = []
        for kind in types:
            parts.append(f"SELECT * FROM ({one.format(of_type=' AND t.type = %s')}) AS of_type")
            params += [account_id, livemode, kind, *cursor]
        chosen = " UNION ALL ".join(parts)
    else:
        chosen = one.format(of_type="")
        params += [account_id, livemode, *cursor]
    rows = fetch_all(
        f"SELECT {_COLUMNS}, c.description, c.source_transfer_id "
        f"FROM ({chosen}) AS t LEFT JOIN payments_charge c ON c.id = t.source_id {tail}",
        params,
    )
    return cut([_transaction(row) for row in rows], page)


def _transaction(row: tuple[Any, ...]) -> TransactionRow:
    *columns, fee_details, charge_description, source_transfer_id = row
    fees = _fees.decode(fee_details)
    values = (*columns, fees, charge_description, source_transfer_id is not None)
    return TransactionRow(*values)
