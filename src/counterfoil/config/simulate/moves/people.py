"""Platforms, their sellers, and where these are paid."""

from __future__ import annotations

from typing import Any, Final

from counterfoil.config.simulate.draft import Draft, Seller
from counterfoil.config.simulate.steps import Listed, Ref, Step

_PLATFORMS: Final = (("US", "usd"), ("US", "usd"), ("DE", "eur"), ("GB", "gbp"), ("JP", "jpy"))
_HOMES: Final = {
    "US": {"line1": "14 Kiln Lane", "city": "Portland", "state": "ME", "postal_code": "04101"},
    "GB": {"line1": "7 Halcyon Lane", "city": "Bristol", "postal_code": "BS1 4QA"},
    "DE": {"line1": "Lindenhof 3", "city": "Leipzig", "postal_code": "04109"},
    "JP": {"line1": "1-1", "city": "Chiyoda", "state": "Tokyo", "postal_code": "100-0001"},
}
_CURRENCIES: Final = {"US": "usd", "GB": "gbp", "DE": "eur", "JP": "jpy"}
_COUNTRIES: Final = {currency: country for country, currency in _CURRENCIES.items()}
_ROUTING: Final = {"US": "110000000", "GB": "108800", "JP": "1100000"}
# By country, numbers of the test bank (reference test-data §7): paid first, then failures.
_NUMBERS: Final = {
    "US": ("000123456789", "000111111116", "000111111113", "000222222227", "000333333335",
           "000444444440", "000888888883"),
    "GB": ("00012345", "11111116", "11111113", "22222227", "33333335", "44444440"),
    "DE": ("DE89370400440532013000", "DE62370400440532013001", "DE89370400440532013002",
           "DE89370400440532013003"),
    "JP": ("0001234",),
}  # fmt: skip
_CARDS: Final = (
    "tok_visa_debit",
    "tok_mastercard_debit",
    "tok_visa_debit_us_transferFail",
    "tok_visa_debit_us_instantPayoutUnsupported",
)
# Who pays processing fees, and who bears losses.
_WHO_PAYS: Final = (
    ("application", "application"),
    ("application", "stripe"),
    ("account", "stripe"),
)
_ZONES: Final = (
    "America/New_York",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Europe/London",
    "Asia/Tokyo",
    "Pacific/Auckland",
    "Etc/UTC",
)


def platform(draft: Draft) -> Step:
    """A marketplace with tariffs, fees and rates of its own."""
    chance = draft.chance
    country, currency = chance.choice(_PLATFORMS)
    settlement = [one for one in ("usd", "eur", "gbp") if one != currency and draft.often(0.4)]
    settings = {**_fees(draft), "settlement_currencies": settlement}
    step = draft.step("platform", draft.next(), params=_platform(country, currency, settings))
    draft.platforms.append((step.number, currency))
    return step


def change_fees(draft: Draft) -> Step | None:
    """A platform charges otherwise from now on; what was charged before stays as it was."""
    number, _ = draft.chance.choice(draft.platforms)
    return draft.step("platform_fees", number, params=_fees(draft))


def _fees(draft: Draft) -> dict[str, Any]:
    chance = draft.chance
    return {
        "tariffs": {
            "default": {
                "basis_points": chance.choice((0, 140, 290, 333)),
                "fixed": chance.choice((0, 20, 30)),
                "international_basis_points": chance.choice((0, 150)),
                "conversion_basis_points": chance.choice((0, 100)),
            }
        },
        "dispute_fees": {
            one: {"received": chance.choice((0, 1500)), "countered": chance.choice((0, 1000))}
            for one in ("usd", "eur", "gbp")
        },
        "exchange": {"values": {}, "margin_basis_points": chance.choice((0, 50, 200))},
        "instant_payouts": {
            "basis_points": chance.choice((0, 100, 200)),
            "provider_basis_points": chance.choice((0, 50)),
            "daily_limits": chance.choice(({}, {"usd": 5000, "eur": 5000})),
        },
    }


def _platform(country: str, currency: str, settings: dict[str, Any]) -> dict[str, Any]:
    return {"country": country, "currency": currency, "settings": settings}


def open_account(draft: Draft, *, livemode: bool = False) -> Step | None:
    """A seller with everything that is asked of it."""
    number, home = draft.chance.choice(draft.platforms)
    country = draft.chance.choice(tuple(_HOMES)) if draft.often(0.6) else _COUNTRIES[home]
    currency = _CURRENCIES[country]
    params: dict[str, Any] = {
        "country": country,
        "email": "seller@example.com",
        "business_type": "individual",
        "business_profile": {
            "name": "A seller",
            "mcc": "5970",
            "product_description": "Bowls.",
            "url": "https://example.com",
        },
        "capabilities": {
            "card_payments": {"requested": True},
            "transfers": {"requested": True},
        },
        "individual": {
            "first_name": "Ada",
            "last_name": "Byron",
            "email": "ada@example.com",
            "phone": "+15552345678" if livemode else "0000000000",
            "dob": {"day": 1, "month": 1, "year": 1901},
            "address": {"country": country, **_HOMES[country]},
        },
        "tos_acceptance": {"date": 1_609_798_905, "ip": "203.0.113.7"},
        "external_account": _bank(draft, country, safe=0.95),
        "settings": {
            "dashboard": {"timezone": draft.chance.choice(_ZONES)},
            "payouts": {"schedule": {"interval": "manual"}} if draft.often(0.4) else None,
        },
    }
    if country == "US":
        params["individual"]["ssn_last_4"] = "0000"
    if draft.often(0.5):
        fees, losses = draft.chance.choice(_WHO_PAYS)
        params["controller"] = {
            "fees": {"payer": fees},
            "losses": {"payments": losses},
            "stripe_dashboard": {"type": "express"},
        }
    else:
        params["type"] = "express"
    verb = "open_live_account" if livemode else "open_account"
    step = draft.step(verb, number, "accounts", params=params, livemode=livemode)
    seller = Seller(Ref(step.number), number, country, currency, livemode)
    (draft.live_sellers if livemode else draft.sellers).append(seller)
    return step


def add_external(draft: Draft) -> Step | None:
    """Another bank account or debit card, perhaps one that fails, perhaps in another currency."""
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    if draft.often(0.25) and seller.country == "US":
        account: Any = draft.chance.choice(_CARDS)
    elif draft.often(0.3):
        account = _bank(draft, draft.chance.choice(tuple(_HOMES)), safe=0.7)
    else:
        account = _bank(draft, seller.country, safe=0.75)
    params = {"external_account": account, "default_for_currency": draft.often(0.6) or None}
    path = "accounts/{}/external_accounts"
    return draft.step("add_external", seller.platform, path, seller.ref, params=params)


def touch_external(draft: Draft) -> Step | None:
    """An update that changes nothing, which revives an errored bank account; or a new default."""
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    params = {"default_for_currency": True if draft.often(0.4) else None}
    target = _external(draft, seller)
    path = "accounts/{}/external_accounts/{}"
    return draft.step("touch_external", seller.platform, path, seller.ref, target, params=params)


def remove_external(draft: Draft) -> Step | None:
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    path = "accounts/{}/external_accounts/{}"
    target = _external(draft, seller)
    return draft.step("remove_external", seller.platform, path, seller.ref, target, method="DELETE")


def move_house(draft: Draft) -> Step | None:
    """Another time zone: the days of its earnings are counted anew."""
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    params = {"settings": {"dashboard": {"timezone": draft.chance.choice(_ZONES)}}}
    return draft.step("time_zone", seller.platform, "accounts/{}", seller.ref, params=params)


def change_capability(draft: Draft) -> Step | None:
    """A seller gives up taking cards or transfers, or wants them back."""
    seller = draft.pick(draft.sellers)
    if seller is None:
        return None
    name = draft.chance.choice(("card_payments", "transfers"))
    params = {"capabilities": {name: {"requested": draft.often(0.75)}}}
    return draft.step("capability", seller.platform, "accounts/{}", seller.ref, params=params)


def _external(draft: Draft, seller: Seller) -> Listed:
    return draft.listed("accounts/{}/external_accounts", of=seller.ref)


def _bank(draft: Draft, country: str, *, safe: float) -> dict[str, Any]:
    numbers = _NUMBERS[country]
    number = numbers[0] if draft.often(safe) else draft.chance.choice(numbers)
    bank = {
        "object": "bank_account",
        "country": country,
        "currency": _CURRENCIES[country],
        "account_holder_name": "Ada Byron",
        "account_number": number,
    }
    if country in _ROUTING:
        bank["routing_number"] = _ROUTING[country]
    return bank
