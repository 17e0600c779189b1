"""Who is paid in which currency, and at what rate (reference money-movement §9).

Where everybody is paid in the currency of the card nothing is looked up and nothing changes.
"""

from __future__ import annotations

from dataclasses import dataclass

from counterfoil.accounts.queries import PaymentAccount, external_currencies
from counterfoil.kit.money import Money, percentage
from counterfoil.payments.books import FeeFacts
from counterfoil.payments.operations.parties import Parties
from counterfoil.payments.policy import processing_fee
from counterfoil.payments.settlement import Exchanged, exchange, settlement_currency
from counterfoil.platforms.queries import Caller


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a captured charge is to its owner. Fees are in the currency of `gross`."""

    gross: Money
    presented: Exchanged | None  # what the card was charged, when that is another currency
    processing_fee: int  # the conversion's included
    conversion_fee: int


def settlement_of(
    platform: Caller, parties: Parties, money: Money, *, card_country: str
) -> Settlement:
    """The charge of `money` in its owner's currency, with what processor and conversion cost."""
    currency = charge_currency(platform, parties, money.currency)
    changed = exchange(
        money, currency, table=platform.settings.exchange, livemode=platform.livemode
    )
    gross = Money(changed.amount, changed.currency) if changed else money
    country = parties.settlement_country(platform)
    tariff = platform.settings.tariff(country)
    fee = processing_fee(gross.amount, tariff=tariff, card_country=card_country, country=country)
    if changed is None:
        return Settlement(gross, None, fee, 0)
    conversion = percentage(gross.amount, tariff.conversion_basis_points)
    presented = Exchanged(money.amount, money.currency, changed.rate)
    return Settlement(gross, presented, fee + conversion, conversion)


def charge_currency(platform: Caller, parties: Parties, presented: str) -> str:
    """What the row of a charge is in: of whom it is on behalf of, else of its owner."""
    account = parties.on_behalf_of or parties.owner
    return (
        platform_currency(platform, presented) if account is None else paid_in(account, presented)
    )


def platform_currency(platform: Caller, presented: str) -> str:
    return settlement_currency(
        presented,
        default=platform.platform_currency,
        holds=platform.settings.settlement_currencies,
    )


def paid_in(account: PaymentAccount, presented: str) -> str:
    """What an account's row is in, for money that comes as `presented`."""
    if presented == account.default_currency:
        return presented
    holds = external_currencies(account.id)
    return settlement_currency(presented, default=account.default_currency, holds=holds)


def direct_fee(
    platform: Caller, fee: Money, *, currency: str, fee_id: str, transaction_id: str
) -> FeeFacts:
    """An application fee on a direct charge: C gives it in `currency`, P gets it in its own."""
    table, livemode = platform.settings.exchange, platform.livemode
    param = "application_fee_amount"
    given = exchange(fee, currency, table=table, livemode=livemode, param=param)
    share = given.amount if given else fee.amount
    kept = platform_currency(platform, fee.currency)
    if kept == currency == fee.currency:
        return FeeFacts(fee_id, transaction_id, share)
    earned = exchange(fee, kept, table=table, livemode=livemode, param=param)
    earned = earned or Exchanged(fee.amount, fee.currency, None)
    return FeeFacts(fee_id, transaction_id, share, earned)


def platform_paid(platform: Caller, fee: Money) -> Exchanged | None:
    """The processor's fee as P pays it for C, when P keeps no such currency."""
    kept = platform_currency(platform, fee.currency)
    return exchange(fee, kept, table=platform.settings.exchange, livemode=platform.livemode)
