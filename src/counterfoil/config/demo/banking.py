"""What sellers do about their money, and what banks do to it: the rest happens by schedule.

Each kind of trouble has its seller: a bank account that was closed and replaced, payouts by hand
and one to a debit card, a chargeback after the money was paid out, money put aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import msgspec

from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.operations import create_external_account, delete_external_account
from counterfoil.accounts.params import CreateExternalAccount
from counterfoil.config.demo.history import HOUR
from counterfoil.config.demo.paying import Shop
from counterfoil.config.demo.platform import on
from counterfoil.disputes.operations.opening import open_dispute
from counterfoil.disputes.params import CreateDispute
from counterfoil.events.operations import RequestOrigin, origin
from counterfoil.kit.clock import DAY, utc_day_start
from counterfoil.ledger.queries import available_balance
from counterfoil.payments.operations.charges import create_charge
from counterfoil.payments.operations.topups import create_topup
from counterfoil.payments.params import CreateCharge
from counterfoil.payments.topup_params import CreateTopup
from counterfoil.payouts.operations.create import create_payout
from counterfoil.payouts.params import CreatePayout

_CLOSED: Final = "000111111113"  # a test number: payouts to it come back
_GOOD: Final = "000999999991"
_CARD: Final = "tok_visa_debit"
_LOOKS_AFTER: Final = 30  # days in which somebody whose account was closed notices


def plan_banking(shop: Shop) -> None:
    """Put what this seller does into its days."""
    habits: dict[str, Callable[[Shop, int], None]] = {
        "wren-and-alder": _changes_bank,
        "juniper-ridge": _pays_out_by_hand,
        "boatbuilders": _gets_a_chargeback,
        "halcyon-lane": _puts_money_aside,
    }
    if habit := habits.get(shop.seller.key):
        habit(shop, utc_day_start(shop.now))


# ---- A bank account that was closed ----


def _changes_bank(shop: Shop, today: int) -> None:
    shop.days.at(today - 62 * DAY + 16 * HOUR, partial(_adds, shop, _CLOSED))
    shop.days.at(today - 61 * DAY + 16 * HOUR, partial(_looks_after, shop))


def _looks_after(shop: Shop, at: int) -> None:
    """Mends it the day after a payout came back."""
    refused = ExternalAccount.objects.filter(
        account_id=shop.account_id, default_for_currency=True, status="errored", deleted_at=None
    ).first()
    if refused is not None:
        _adds(shop, _GOOD, at + HOUR)
        with by_seller():
            delete_external_account(
                platform_id=shop.platform.platform_id,
                livemode=False,
                account_id=shop.account_id,
                external_id=refused.id,
                now=at + HOUR,
            )
    elif at < shop.now - _LOOKS_AFTER * DAY:
        shop.days.at(at + DAY, partial(_looks_after, shop))


def _adds(shop: Shop, number: str, at: int) -> None:
    bank = {
        "object": "bank_account",
        "country": "US",
        "currency": "usd",
        "routing_number": "110000000",
        "account_number": number,
        "account_holder_name": f"{shop.seller.first_name} {shop.seller.last_name}",
    }
    _attach(shop, {"external_account": bank, "default_for_currency": True}, at)


def _attach(shop: Shop, sent: dict[str, Any], at: int) -> str:
    with by_seller():
        made = create_external_account(
            platform_id=shop.platform.platform_id,
            livemode=False,
            account_id=shop.account_id,
            params=msgspec.convert(sent, CreateExternalAccount),
            now=at,
        )
    return made.id


# ---- Payouts by hand ----


def _pays_out_by_hand(shop: Shop, today: int) -> None:
    for days_ago in (160, 121, 83, 44):
        shop.days.at(today - days_ago * DAY + 17 * HOUR, partial(_takes_most, shop))
    shop.days.at(today - 25 * DAY + 18 * HOUR, partial(_pays_a_card, shop))


def _takes_most(shop: Shop, at: int) -> None:
    """Nine tenths of what is available, in whole hundreds."""
    amount = _available(shop, at) * 9 // 10 // 10_000 * 10_000
    if amount:
        _pays_out(shop, CreatePayout(amount=amount, currency=shop.seller.currency), at)


def _pays_a_card(shop: Shop, at: int) -> None:
    card = _attach(shop, {"external_account": _CARD}, at)
    if _available(shop, at) > 25_000:
        params = CreatePayout(
            amount=20_000, currency=shop.seller.currency, destination=card, method="instant"
        )
        _pays_out(shop, params, at + HOUR)


def _pays_out(shop: Shop, params: CreatePayout, at: int) -> None:
    platform = on(shop.platform, shop.account_id)
    with by_seller():
        create_payout(platform=platform, scope=platform.scope, params=params, now=at)


def _available(shop: Shop, at: int) -> int:
    return available_balance(
        owner=shop.account_id, livemode=False, currency=shop.seller.currency, now=at
    )


# ---- Below zero ----


def _gets_a_chargeback(shop: Shop, today: int) -> None:
    # The platform bears the loss until it is made good, and so keeps something in reserve.
    shop.days.at(today - 50 * DAY + 9 * HOUR, partial(_platform_adds_funds, shop, 500_000))
    shop.days.at(today - 33 * DAY + 15 * HOUR, partial(_sells_a_large_job, shop, today))


def _platform_adds_funds(shop: Shop, amount: int, at: int) -> None:
    create_topup(
        platform=shop.platform,
        scope=shop.platform.scope,
        params=CreateTopup(amount=amount, currency=shop.seller.currency),
        now=at,
    )


def _sells_a_large_job(shop: Shop, today: int, at: int) -> None:
    """Paid out long before its customer's bank takes the money back."""
    platform = on(shop.platform, shop.account_id)
    charged = create_charge(
        platform=platform,
        scope=platform.scope,
        params=CreateCharge(
            amount=240_000,
            currency=shop.seller.currency,
            source="tok_visa",
            description="Job #877 · New mainsail",
            receipt_email="ferris.holloway@example.com",
        ),
        now=at,
    )
    shop.days.at(today - 9 * HOUR, partial(_is_disputed, shop, charged.charge.id))


def _is_disputed(shop: Shop, charge_id: str, at: int) -> None:
    open_dispute(
        scope=on(shop.platform, shop.account_id).scope,
        params=CreateDispute(charge=charge_id, reason="product_not_received"),
        settings=shop.platform.settings,
        now=at,
    )


# ---- Money for refunds and disputes ----


def _puts_money_aside(shop: Shop, today: int) -> None:
    shop.days.at(today - 40 * DAY + 12 * HOUR, partial(_adds_funds, shop, 25_000))


def _adds_funds(shop: Shop, amount: int, at: int) -> None:
    platform = on(shop.platform, shop.account_id)
    with by_seller():
        create_topup(
            platform=platform,
            scope=platform.scope,
            params=CreateTopup(amount=amount, currency=shop.seller.currency),
            now=at,
        )


@contextmanager
def by_seller() -> Iterator[None]:
    """What happens inside was done on the seller's own pages."""
    token = origin.set(RequestOrigin(actor="seller"))
    try:
        yield
    finally:
        origin.reset(token)
