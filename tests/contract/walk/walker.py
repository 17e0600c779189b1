"""What every stretch of the walk needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe

from tests.support.accounts import onboarded_individual


@dataclass(frozen=True, slots=True)
class Walker:
    """A platform's keys, a seller to act for, and the worker."""

    client: stripe.StripeClient
    live: stripe.StripeClient
    seller: str
    work: Callable[[], object]  # lets the worker do what is due

    @property
    def v1(self) -> Any:
        return self.client.v1

    @property
    def on_seller(self) -> dict[str, str]:
        return {"stripe_account": self.seller}

    def ours(self, method: str, path: str, *, account: str | None = None, **params: Any) -> Any:
        """A call that the SDK has no name for."""
        options: dict[str, Any] = {"stripe_account": account} if account else {}
        return self.client.raw_request(method, f"/v1/{path}", **params, **options).data

    def new_seller(self, **changes: Any) -> str:
        return str(self.v1.accounts.create(onboarded_individual(**changes)).id)

    def charge(self, amount: int = 1000, **params: Any) -> Any:
        """A charge of the platform whose money is available at once."""
        order = {"amount": amount, "currency": "usd", "source": "tok_bypassPending"}
        return self.v1.charges.create(order | params)

    def clock(self) -> int:
        return int(self.ours("get", "test_helpers/clock")["now"])


def finds(listed: Callable[..., Any], expected: list[str], **filters: Any) -> None:
    """A filter finds these objects, newest first, and no others."""
    found = [one.id for one in listed(filters).data]
    assert found == expected, f"{filters}: {found} instead of {expected}"


def walks(listed: Callable[..., Any], expected: list[str], **filters: Any) -> None:
    """The list holds these, newest first, page by page and forwards and backwards."""
    pages = listed({"limit": 1, **filters})
    assert [one.id for one in pages.auto_paging_iter()] == expected
    newer = listed({"limit": 100, "ending_before": expected[-1], **filters})
    assert [one.id for one in newer.data] == expected[:-1]
    assert [one.id for one in listed({"created": {"gt": 4_000_000_000}, **filters}).data] == []
    assert [one.id for one in listed({"created": {"gte": 1}, **filters}).data] == expected


def keeps_metadata(update: Callable[[dict[str, Any]], Any]) -> None:
    """Merged on update; "" takes a key out, and all of it (reference api.md §1.9)."""
    update({"metadata": ""})
    assert update({"metadata": {"a": "1", "b": "2"}}).metadata.to_dict() == {"a": "1", "b": "2"}
    assert update({"metadata": {"b": "", "c": "3"}}).metadata.to_dict() == {"a": "1", "c": "3"}
    assert update({"metadata": ""}).metadata.to_dict() == {}
    assert update({"metadata": {"kept": "1"}}).metadata.to_dict() == {"kept": "1"}
