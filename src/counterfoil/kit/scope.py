"""Whose objects a request is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """A platform in one mode, and the account whose objects are meant.

    `account_id` is the platform's own id, or a connected account's when the caller acts on
    its behalf (`Stripe-Account`, or the seller on the dashboard).
    """

    platform_id: str
    account_id: str
    livemode: bool

    @property
    def is_platform(self) -> bool:
        return self.account_id == self.platform_id

    def of(self, account_id: str) -> Scope:
        """The same world seen from another account."""
        return Scope(self.platform_id, account_id, self.livemode)
