"""The world that is measured, and the requests that are sent to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec


class World(msgspec.Struct):
    """A platform with one seller who has a history, and the ids that requests name."""

    size: int  # balance transactions of the seller
    platform_id: str
    seller_id: str
    payees: list[str]  # sellers without a history, whom charges go to in turn
    secret_key: str
    session: str  # the seller's cookie
    login_link: str  # the path of one that opens as long as anybody measures
    charge_id: str  # in the middle of the platform's charges
    far_down: str  # a transaction of the seller with nine of ten above it


class Request(msgspec.Struct):
    """An HTTP request, as bytes for a socket and as values for WSGI."""

    method: str
    target: str  # path and query
    headers: dict[str, str]
    body: bytes = b""

    def raw(self, target: str | None = None) -> bytes:
        """As it goes over the wire; `target` may replace path and query."""
        lines = [f"{self.method} {target or self.target} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


class Payday(msgspec.Struct):
    platform_id: str
    accounts: int
    clock: int  # what the platform's clock shows when the workers start, about


class LongPayout(msgspec.Struct):
    """A payout, and how its pages are asked for."""

    lines: int
    pages: dict[str, Request]  # by what the report calls them


class Account(msgspec.Struct):
    """A seller with so many balance transactions, and how its pages are asked for."""

    seller_id: str
    platform_id: str
    rows: int
    pages: dict[str, Request]  # by what the report calls them


HOME: Final = "home"
SIGN_IN: Final = "sign-in page of a login link"
RENDERED: Final = (HOME, SIGN_IN)  # pages, whose floor renders too
_BROWSER: Final = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/150.0.0.0 Safari/537.36"
)
_CSRF: Final = "benchmark0benchmark0benchmark0be"  # what a browser has from its second page on


def read_requests(world: World) -> dict[str, Request]:
    """What is read, by the name that the report gives it."""
    key = {"Authorization": f"Bearer {world.secret_key}"}
    on_account = key | {"Stripe-Account": world.seller_id}
    page = f"/v1/balance_transactions?limit=10&starting_after={world.far_down}"
    return {
        HOME: Request("GET", "/", {"Cookie": f"session={world.session}; csrf={_CSRF}"}),
        SIGN_IN: Request(
            "GET", world.login_link, {"Cookie": f"csrf={_CSRF}", "User-Agent": _BROWSER}
        ),
        "GET /v1/charges/{id}": Request("GET", f"/v1/charges/{world.charge_id}", key),
        "GET /v1/charges?limit=10": Request("GET", "/v1/charges?limit=10", key),
        "GET /v1/balance_transactions, far down": Request("GET", page, on_account),
    }


def charge_request(world: World, number: int, *, label: str) -> Request:
    """A destination charge with an application fee, under an idempotency key of its own."""
    form: Mapping[str, object] = {
        "amount": 1000 + number % 9000,
        "currency": "usd",
        "source": "tok_visa",
        "description": f"Order {number}",
        "application_fee_amount": 123,
        "transfer_data[destination]": world.payees[number % len(world.payees)],
        "metadata[order]": number,
    }
    headers = {
        "Authorization": f"Bearer {world.secret_key}",
        "Idempotency-Key": f"{label}-{number}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return Request("POST", "/v1/charges", headers, urlencode(form).encode())
