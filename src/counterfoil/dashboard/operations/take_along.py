"""A copy of everything about one's account."""

from __future__ import annotations

from typing import Final

from counterfoil.access.alarms import tell
from counterfoil.access.guard import Seller
from counterfoil.audit.operations import record_decision
from counterfoil.dashboard.exports.everything import FORMAT, KIND
from counterfoil.dashboard.exports.operations import ask
from counterfoil.dashboard.exports.whose import Whose
from counterfoil.dashboard.operations import check_may, scope_of
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import unit_of_work

KEPT: Final = DAY


def ask_for_everything(*, seller: Seller, of: Whose, now_wall: int) -> str:
    """Have a worker make it; the export's id. On record, and every contact hears of it.

    Raises Forbidden.
    """
    check_may(seller, "account:write")
    with unit_of_work():
        ident = ask(of, KIND, FORMAT, "", now_wall=now_wall, kept=KEPT)
        record_decision("data.asked", scope=scope_of(seller), object_id=ident)
        tell(scope_of(seller), "data.asked", now_wall=now_wall)
    return ident
