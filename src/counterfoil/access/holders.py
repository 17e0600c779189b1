"""Whoever holds a session: what codes, factors and step-up need to know of them."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from counterfoil.access.guard import Seller, SellerRequest
from counterfoil.access.operators import Operator

Holder = Seller | Operator


def holder_in(request: HttpRequest) -> Holder:
    """Who a request behind `signed_in` or `operator_in` is from."""
    operator: Operator | None = getattr(request, "operator", None)
    return operator if operator is not None else cast(SellerRequest, request).seller
