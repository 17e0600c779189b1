"""Where the seller's money goes: adding, choosing, confirming and removing accounts and cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import msgspec

from counterfoil.access.guard import Seller
from counterfoil.accounts.operations import (
    create_external_account,
    delete_external_account,
    update_external_account,
)
from counterfoil.accounts.params import CreateExternalAccount, UpdateExternalAccount
from counterfoil.dashboard.operations import check_may
from counterfoil.kit.refused import InvalidRequest


def add_bank_account(
    *, seller: Seller, numbers: Mapping[str, str], make_default: bool, now: int
) -> str:
    """The new bank account's id. `numbers`: country, account_number, and what else there is.

    `now` is the platform's clock. Raises Forbidden, and InvalidRequest for numbers that cannot be
    right.
    """
    check_may(seller, "account:write")
    sent = {
        "external_account": {"object": "bank_account", **numbers},
        "default_for_currency": make_default,
    }
    made = create_external_account(
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        account_id=seller.account_id,
        params=msgspec.convert(sent, CreateExternalAccount),
        now=now,
    )
    return made.id


@dataclass(frozen=True, slots=True)
class Card:
    """A debit card as its holder types it; `year` has two digits."""

    number: str
    month: int
    year: int
    name: str = ""


def card_problem(seller: Seller) -> Literal["", "country", "live_mode"]:
    """Why no card can be added to this account; empty where one can. Live mode takes no card data
    (design §2), and the published debit cards are of the United States."""
    if seller.livemode:
        return "live_mode"
    return "" if seller.country == "US" else "country"


def add_debit_card(*, seller: Seller, card: Card, make_default: bool, now: int) -> str:
    """The new card's id. `now` is the platform's clock.

    Raises Forbidden, and InvalidRequest for a number that is no debit card's, for one that has
    expired, and where no card can be added at all.
    """
    check_may(seller, "account:write")
    if problem := card_problem(seller):
        raise InvalidRequest(
            "No card can be added to this account.", param="number", code=f"card_{problem}"
        )
    sent = {
        "object": "card",
        "number": card.number,
        "exp_month": card.month,
        "exp_year": card.year,
        "currency": seller.default_currency,
        **({"name": card.name} if card.name else {}),
    }
    made = create_external_account(
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        account_id=seller.account_id,
        params=msgspec.convert(
            {"external_account": sent, "default_for_currency": make_default}, CreateExternalAccount
        ),
        now=now,
    )
    return made.id


def make_default(*, seller: Seller, external_id: str, now: int) -> None:
    """Payouts in its currency go there from now on."""
    _update(seller, external_id, UpdateExternalAccount(default_for_currency=True), now=now)


def confirm_account(*, seller: Seller, external_id: str, now: int) -> None:
    """The details of one that the bank refused are right after all: it is tried again."""
    _update(seller, external_id, UpdateExternalAccount(), now=now)


def remove_account(*, seller: Seller, external_id: str, now: int) -> None:
    """What is on its way there still arrives. Raises InvalidRequest for one that is needed."""
    check_may(seller, "account:write")
    delete_external_account(
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        account_id=seller.account_id,
        external_id=external_id,
        now=now,
    )


def _update(seller: Seller, external_id: str, params: UpdateExternalAccount, *, now: int) -> None:
    check_may(seller, "account:write")
    update_external_account(
        platform_id=seller.platform_id,
        livemode=seller.livemode,
        account_id=seller.account_id,
        external_id=external_id,
        params=params,
        now=now,
    )
