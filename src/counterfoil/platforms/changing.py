"""A platform's settings with a request's changes; pure, and checked name by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from msgspec.structs import replace

from counterfoil.kit.currencies import known_currencies
from counterfoil.kit.refused import InvalidRequest
from counterfoil.platforms.exchange import ExchangeTable
from counterfoil.platforms.params import UpdateSettings, given_switches
from counterfoil.platforms.settings import (
    DisputeFees,
    Features,
    InstantPayouts,
    PlatformSettings,
    Tariff,
)

Settings = TypeVar("Settings", bound=msgspec.Struct)
_COUNTRY: Final = re.compile(r"[A-Z]{2}", re.ASCII)


def changed_settings(settings: PlatformSettings, params: UpdateSettings) -> PlatformSettings:
    """Raises InvalidRequest for what is no country, no currency or no rate."""
    return PlatformSettings(
        features=_switched(settings.features, params),
        tariffs=_tariffs(settings.tariffs, params.tariffs or {}),
        dispute_fees=_dispute_fees(settings.dispute_fees, params.dispute_fees or {}),
        instant_payouts=_instant(settings.instant_payouts, params),
        exchange=_exchange(settings.exchange, params),
        settlement_currencies=_currencies(settings.settlement_currencies, params),
        topup_bank_details=_merged(
            settings.topup_bank_details,
            _by_currency(params.topup_bank_details, "topup_bank_details"),
        ),
        large_refunds=_merged(
            settings.large_refunds, _by_currency(params.large_refunds, "large_refunds")
        ),
        replaced_contact_hold_days=(
            settings.replaced_contact_hold_days
            if params.replaced_contact_hold_days is None
            else params.replaced_contact_hold_days
        ),
        second_factor=params.second_factor or settings.second_factor,
        support=_support(settings.support, params),
    )


def _switched(features: Features, params: UpdateSettings) -> Features:
    default = Features()
    given = given_switches(params.features)
    chosen = {
        name: getattr(default, name) if value == "" else value for name, value in given.items()
    }
    return replace(features, **chosen)


def _tariffs(tariffs: dict[str, Tariff], given: Mapping[str, Any]) -> dict[str, Tariff]:
    for country in given:
        if country != "default" and not _COUNTRY.fullmatch(country):
            raise InvalidRequest(
                "A tariff is for a country, as two capital letters, or for `default`.",
                param=f"tariffs[{country}]",
            )
    return _merged(
        tariffs,
        {
            country: "" if change == "" else _with(tariffs.get(country) or Tariff(), change)
            for country, change in given.items()
        },
    )


def _dispute_fees(fees: dict[str, DisputeFees], given: Mapping[str, Any]) -> dict[str, DisputeFees]:
    found = _by_currency(given, "dispute_fees")
    return _merged(
        fees,
        {
            currency: "" if change == "" else _with(fees.get(currency) or DisputeFees(), change)
            for currency, change in found.items()
        },
    )


def _instant(instant: InstantPayouts, params: UpdateSettings) -> InstantPayouts:
    given = params.instant_payouts
    if given is None:
        return instant
    limits = _by_currency(given.daily_limits, "instant_payouts[daily_limits]")
    changed = _with(instant, replace(given, daily_limits=None))
    return replace(changed, daily_limits=_merged(instant.daily_limits, limits))


def _exchange(table: ExchangeTable, params: UpdateSettings) -> ExchangeTable:
    given = params.exchange
    if given is None:
        return table
    values = dict(table.values)
    for currency, value in _by_currency(given.values, "exchange[values]").items():
        values = _merged(values, {currency: value})
        try:
            ExchangeTable(values)
        except ValueError as error:
            raise InvalidRequest(
                f"{error} Send what one {currency} is worth as a decimal number, such as 1.10.",
                param=f"exchange[values][{currency}]",
            ) from error
    return _with(replace(table, values=values), replace(given, values=None))


def _currencies(currencies: list[str], params: UpdateSettings) -> list[str]:
    given = params.settlement_currencies
    if given is None:
        return currencies
    if given == "":
        return []
    for at, currency in enumerate(given):
        _check_currency(currency, f"settlement_currencies[{at}]")
    return list(dict.fromkeys(one.lower() for one in given))


def _support(support: dict[str, str], params: UpdateSettings) -> dict[str, str]:
    given = params.support or {}
    for name in given:
        if name not in ("email", "phone", "url"):
            raise InvalidRequest(
                "Sellers reach a platform by `email`, `phone` and `url`.", param=f"support[{name}]"
            )
    if address := given.get("email"):
        try:
            validate_email(address)
        except ValidationError as error:
            raise InvalidRequest(
                f"Invalid email address: {address}", param="support[email]", code="email_invalid"
            ) from error
    if (url := given.get("url")) and not re.fullmatch(
        r"https?://[^\s/.]+(\.[^\s/.]+)+(/\S*)?", url
    ):
        raise InvalidRequest(
            "Not a valid URL. Send one such as https://example.com/help.",
            param="support[url]",
            code="url_invalid",
        )
    return _merged(support, given)


def _by_currency(given: Mapping[str, Any] | None, name: str) -> dict[str, Any]:
    for currency in given or {}:
        _check_currency(currency, f"{name}[{currency}]")
    return {currency.lower(): value for currency, value in (given or {}).items()}


def _check_currency(currency: str, param: str) -> None:
    if currency.lower() not in known_currencies():
        raise InvalidRequest(f"Invalid currency: {currency}.", param=param)


def _merged(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    after = {**before, **changes}
    return {key: value for key, value in after.items() if value != ""}


def _with(before: Settings, change: msgspec.Struct) -> Settings:
    return replace(before, **_given(msgspec.structs.asdict(change).items()))


def _given(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in items if value is not None}
