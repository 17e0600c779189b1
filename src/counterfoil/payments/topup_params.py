"""What the API accepts about top-ups (reference api.md §5.4) and about withdrawing them."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from counterfoil.payments.params import Metadata, Params


class CreateTopup(Params):
    amount: int
    currency: str
    description: str | None = None
    metadata: Metadata | None = None
    source: str | None = None
    statement_descriptor: str | None = None
    transfer_group: str | None = None


class UpdateTopup(Params):
    description: str | UnsetType = UNSET
    metadata: Metadata | None = None


class WithdrawPrefunding(Params):
    amount: int
    currency: str
