"""Which lists can be exported, by the name that an address gives them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from counterfoil.dashboard.exports import payments, payouts, reports, transactions
from counterfoil.dashboard.exports.tables import Table
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.searching import Asked

if TYPE_CHECKING:
    from counterfoil.access.guard import Seller

# Lists that a platform may have switched off (express-dashboard §9).
_FEATURES: Final = {"payments": "view_payments"}

TABLES: Final[dict[str, Callable[[Whose, Asked], Table]]] = {
    "balance_summary": reports.summary_table,
    "payments": payments.table,
    "payout_lines": payouts.lines_table,
    "payout_reconciliation": reports.reconciliation_table,
    "payouts": payouts.table,
    "transactions": transactions.table,
}


def may_export(seller: Seller, kind: str) -> bool:
    """Whether the page of this list is there for the seller."""
    feature = _FEATURES.get(kind)
    return feature is None or bool(getattr(seller.features, feature))
