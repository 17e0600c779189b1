"""The end of a life: what was begun comes to an end when nothing goes wrong any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from counterfoil.config.simulate.client import send
from counterfoil.config.simulate.faults import calm_bank
from counterfoil.config.simulate.world import World
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import fetch_all
from counterfoil.kit.invariants import Violation

_DAYS: Final = 60  # on test mode's clock
_ENDED_WITHIN: Final = 30 * DAY  # whatever a bank or a network is asked for

# Refunds that wait for money may wait for ever.
_BEGUN: Final = """
SELECT 'payout', id, status FROM payouts_payout
WHERE platform_id = %s AND NOT livemode AND created < %s AND status IN ('pending', 'in_transit')
UNION ALL
SELECT 'topup', id, status FROM payments_topup
WHERE platform_id = %s AND NOT livemode AND created < %s AND status = 'pending'
UNION ALL
SELECT 'refund', id, status FROM payments_refund
WHERE platform_id = %s AND NOT livemode AND created < %s AND status = 'pending'
  AND COALESCE(pending_reason, '') <> 'insufficient_funds'
"""


def wind_down(world: World) -> Iterator[Violation]:
    """Two calm months in test mode, then what is still under way though it began before."""
    with calm_bank():
        for number in sorted(world.markets):
            market = world.markets[number]
            reply = send(
                "POST",
                "test_helpers/clock/advance",
                {"seconds": _DAYS * DAY},
                secret_key=market.keys[False],
            )
            if not reply.ok:
                yield Violation("comes_to_an_end", market.id, reply.body.decode())
    for (platform, livemode), now in world.nows().items():
        if livemode:
            continue
        for kind, ident, status in fetch_all(_BEGUN, [platform, now - _ENDED_WITHIN] * 3):
            detail = f"The {kind} is still {status} after {_DAYS} calm days."
            yield Violation("comes_to_an_end", ident, detail)
