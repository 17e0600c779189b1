"""How a seller reads their dashboard: language, colours, and the clock that days go by."""

from __future__ import annotations

import msgspec

from counterfoil.access.guard import Seller
from counterfoil.accounts.operations import update_account
from counterfoil.accounts.params import UpdateAccount
from counterfoil.audit.operations import record_decision
from counterfoil.dashboard.operations import check_may, scope_of
from counterfoil.dashboard.queries.profile import keep_choices
from counterfoil.kit.db import unit_of_work


def choose(
    *, seller: Seller, language: str | None, color_scheme: str | None, timezone: str, now: int
) -> None:
    """None leaves it to each browser. `now` is the platform's clock.

    Another time zone draws the days of the earnings anew. Raises Forbidden, and InvalidRequest
    for a time zone that does not exist.
    """
    check_may(seller, "account:write")
    with unit_of_work():
        keep_choices(seller.account_id, language=language, color_scheme=color_scheme)
        if timezone == seller.timezone:
            return
        params = {"settings": {"dashboard": {"timezone": timezone}}}
        update_account(
            platform_id=seller.platform_id,
            livemode=seller.livemode,
            account_id=seller.account_id,
            params=msgspec.convert(params, UpdateAccount),
            now=now,
        )
        record_decision(
            "timezone.changed",
            scope=scope_of(seller),
            before={"timezone": seller.timezone},
            after={"timezone": timezone},
        )
