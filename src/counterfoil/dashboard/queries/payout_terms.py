"""How an account is paid out: its schedule, where its money may go, what is on its way."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from counterfoil.accounts.profile import Schedule, Settings
from counterfoil.accounts.shapes import Requirements
from counterfoil.kit.db import fetch_all
from counterfoil.payouts.policy import Target


@dataclass(frozen=True, slots=True)
class External:
    """A bank account or debit card that payouts may go to."""

    id: str
    object: str  # bank_account | card
    country: str
    currency: str
    last4: str
    status: str
    default: bool
    name: str | None  # of the bank, or the card's brand
    holder: str | None
    routing: str | None
    instant: bool
    expires: str | None  # of a card: `04/27`
    held_until: int | None  # no payout goes there before (platform clock)

    @property
    def errored(self) -> bool:
        """A payout to it came back, and it has not been updated since."""
        return self.status == "errored"

    @property
    def target(self) -> Target:
        """The same as the rules of payouts see it."""
        return Target(
            self.id,
            self.object,
            self.country,
            self.currency,
            self.status,
            self.instant,
            self.held_until,
        )


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides about an account's payouts. `next_run`: UTC seconds, by the schedule."""

    country: str
    enabled: bool
    requirements: Requirements  # what is asked of the account
    future_requirements: Requirements  # what is announced
    paused: str | None
    schedule: Schedule
    minimum_balances: dict[str, int]
    debits_negative: bool
    next_run: int | None
    platform_currency: str
    externals: list[External]  # newest first

    @property
    def disabled_reason(self) -> str | None:
        return self.requirements.disabled_reason

    def default(self, currency: str) -> External | None:
        """Where payouts in a currency go unless another place is named."""
        return next(
            (one for one in self.externals if one.default and one.currency == currency), None
        )

    def external(self, ident: str) -> External | None:
        return next((one for one in self.externals if one.id == ident), None)


class _Profile(msgspec.Struct):
    """The part of an account's profile that is about payouts."""

    settings: Settings = msgspec.field(default_factory=Settings)
    requirements: Requirements = msgspec.field(default_factory=Requirements)
    future_requirements: Requirements = msgspec.field(default_factory=Requirements)


class _Details(msgspec.Struct):
    account_holder_name: str | None = None
    bank_name: str | None = None
    routing_number: str | None = None
    instant: bool = False
    brand: str | None = None
    name: str | None = None
    exp_month: int = 0
    exp_year: int = 0


_profile = msgspec.json.Decoder(_Profile)
_details = msgspec.json.Decoder(_Details)

_PAID = """
SELECT 1 FROM payouts_payout
WHERE account_id = %s AND livemode = %s AND destination_id = %s AND status = 'paid' LIMIT 1
"""


def has_been_paid(account_id: str, external_id: str, *, livemode: bool) -> bool:
    """Whether a payout has ever arrived there."""
    return bool(fetch_all(_PAID, [account_id, livemode, external_id]))


_TERMS = """
SELECT a.country, a.payouts_enabled, a.next_payout_at, a.profile, p.default_currency,
       e.id, e.object, e.country, e.currency, e.last4, e.status, e.default_for_currency, e.details,
       e.held_until
FROM accounts_account a
JOIN platforms_platform p ON p.id = a.platform_id
LEFT JOIN accounts_externalaccount e ON e.account_id = a.id AND e.deleted_at IS NULL
WHERE a.id = %s AND a.livemode = %s
ORDER BY e.created DESC, e.id DESC
"""


def payout_terms(account_id: str, *, livemode: bool) -> Terms:
    """One round trip; the account is there, since somebody is signed in to it."""
    rows = fetch_all(_TERMS, [account_id, livemode])
    country, enabled, next_run, text, platform_currency, *_external = rows[0]
    profile = _profile.decode(text)
    return Terms(
        country=country,
        enabled=bool(enabled),
        requirements=profile.requirements,
        future_requirements=profile.future_requirements,
        paused=profile.settings.payouts_paused,
        schedule=profile.settings.schedule,
        minimum_balances=profile.settings.minimum_balance_by_currency,
        debits_negative=profile.settings.debit_negative_balances,
        next_run=next_run,
        platform_currency=platform_currency,
        externals=[_external_row(*row[5:]) for row in rows if row[5] is not None],
    )


def _external_row(
    ident: str,
    kind: str,
    country: str,
    currency: str,
    last4: str,
    status: str,
    default: object,
    details: str,
    held_until: int | None,
) -> External:
    known = _details.decode(details)
    expires = f"{known.exp_month:02d}/{known.exp_year % 100:02d}" if known.exp_month else None
    return External(
        id=ident,
        object=kind,
        country=country,
        currency=currency,
        last4=last4,
        status=status,
        default=bool(default),
        name=known.bank_name or known.brand,
        holder=known.account_holder_name or known.name,
        routing=known.routing_number,
        instant=known.instant,
        expires=expires,
        held_until=held_until,
    )
