"""What the API accepts about refunds, reversals and fee refunds (reference api.md §§4.3, 5)."""

from __future__ import annotations

from typing import Literal

from counterfoil.payments.params import Metadata, Params


class CreateRefund(Params):
    charge: str | None = None
    payment_intent: str | None = None
    amount: int | None = None
    reason: Literal["duplicate", "fraudulent", "requested_by_customer"] | None = None
    metadata: Metadata | None = None
    refund_application_fee: bool = False
    reverse_transfer: bool = False


class UpdateRefund(Params):
    metadata: Metadata | None = None


class CreateReversal(Params):
    amount: int | None = None
    description: str | None = None
    metadata: Metadata | None = None
    refund_application_fee: bool = False


class UpdateReversal(Params):
    metadata: Metadata | None = None


class CreateFeeRefund(Params):
    amount: int | None = None
    metadata: Metadata | None = None


class UpdateFeeRefund(Params):
    metadata: Metadata | None = None
