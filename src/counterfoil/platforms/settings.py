"""What a platform may set: fees and features. Stored as JSON in the platform's row.

Defaults are the reference's example values (design §7).
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from counterfoil.kit.currencies import exponent
from counterfoil.platforms.exchange import ExchangeTable


class Tariff(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the card processor takes for one charge (reference money-movement §1)."""

    basis_points: int = 290
    fixed: int = 30  # minor units of the charge's currency
    international_basis_points: int = 150  # a card from another country than the tariff's
    conversion_basis_points: int = 100


class DisputeFees(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a chargeback costs, in minor units of its currency (design §7)."""

    received: int = 0  # when the money is withdrawn; kept whatever the outcome
    countered: int = 0  # when evidence is submitted; returned on a win


class InstantPayouts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an instant payout costs, as hundredths of a percent of what is debited (design §7)."""

    basis_points: int = 200  # the seller pays it, all of it to the platform
    provider_basis_points: int = 0  # what the platform pays its provider, of the payout
    # By currency: what the platform may send in one day (US Central time); no limit otherwise.
    daily_limits: dict[str, int] = {}


class Features(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The Express Dashboard's switches (reference express-dashboard §9), all off at first."""

    view_payments: bool = False
    issue_refunds: bool = False
    manage_disputes: bool = False
    capture_payments: bool = False
    manual_payouts: bool = False
    edit_payout_schedule: bool = False
    instant_payouts: bool = False
    top_up_prefunding: bool = False
    close_account: bool = False
    collect_eventually_due: bool = False

    @classmethod
    def all_on(cls) -> Features:
        return cls(*[True] * len(cls.__struct_fields__))


ALWAYS_WITH_OWN_LOSSES: Final = (
    "view_payments",
    "issue_refunds",
    "manage_disputes",
    "top_up_prefunding",
)


# How much of a second step signing in takes: none is offered; one is offered and, once it is there,
# asked for; one is required, and no code that was sent serves in its stead.
SecondFactor = Literal["parity", "encouraged", "required"]


class PlatformSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    # By country of the account whose tariff applies; "default" where none is set.
    tariffs: dict[str, Tariff] = msgspec.field(default_factory=lambda: {"default": Tariff()})
    features: Features = Features()
    # By the currency that the disputed charge was settled in; nothing where none is set.
    dispute_fees: dict[str, DisputeFees] = msgspec.field(
        default_factory=lambda: {"usd": DisputeFees(received=1500)}
    )
    exchange: ExchangeTable = msgspec.field(default_factory=ExchangeTable)
    # What the platform holds beside its default currency; any other is converted to that.
    settlement_currencies: list[str] = []
    # By currency: the bank account that live top-ups are sent to, in words for whoever pays.
    topup_bank_details: dict[str, str] = {}

    instant_payouts: InstantPayouts = InstantPayouts()
    # By currency: from how much (minor units) a seller who gives money back shows once more who
    # they are; where none is set, `large_refund_in` says.
    large_refunds: dict[str, int] = {}
    # How long a bank account waits for its first payout when it is added within as many days
    # after a lost phone was replaced; 0 for not at all.
    replaced_contact_hold_days: int = 7
    second_factor: SecondFactor = "encouraged"
    # How sellers reach the platform: email, phone and url, as far as given.
    support: dict[str, str] = {}

    def tariff(self, country: str) -> Tariff:
        return self.tariffs.get(country) or self.tariffs.get("default") or Tariff()

    def large_refund_in(self, currency: str) -> int:
        """Minor units: what is set, else 500 of a currency with decimals, 50,000 of one without."""
        return self.large_refunds.get(currency, 500 * 10 ** (exponent(currency) or 2))

    def dispute_fees_in(self, currency: str) -> DisputeFees:
        return self.dispute_fees.get(currency) or DisputeFees()


def features_of(settings: PlatformSettings, own: str | None, *, losses_payments: str) -> Features:
    """The switches of one account: the platform's, but for those in its own column.

    Where the account's losses are not the platform's to bear (`stripe`), a seller who bears them
    cannot be kept from seeing and acting on what causes them (reference express-dashboard §9).
    """
    switches = msgspec.structs.replace(settings.features, **read_own_features(own))
    if losses_payments == "application":
        return switches
    return msgspec.structs.replace(switches, **dict.fromkeys(ALWAYS_WITH_OWN_LOSSES, True))


def read_own_features(own: str | None) -> dict[str, bool]:
    return {} if own is None else _own_decoder.decode(own)


_own_decoder = msgspec.json.Decoder(dict[str, bool])
_decoder = msgspec.json.Decoder(PlatformSettings)


def read_settings(text: str) -> PlatformSettings:
    return _decoder.decode(text)


def write_settings(settings: PlatformSettings) -> str:
    return msgspec.json.encode(settings).decode()
