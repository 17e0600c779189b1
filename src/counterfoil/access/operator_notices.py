"""What operators are told about their own way in."""

from __future__ import annotations

from counterfoil.access.operators import Operator
from counterfoil.messaging.letters import Brand
from counterfoil.messaging.operations import send_later
from counterfoil.messaging.texts import OperatorChange, operator_changed


def tell_operator(operator: Operator, change: OperatorChange, *, now_wall: int) -> None:
    """Write to an operator what changed, in the transaction that changes it."""
    brand = Brand(operator.platform_name, operator.brand_color)
    send_later(operator_changed(change, to=operator.email, brand=brand), now=now_wall)
