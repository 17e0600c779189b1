"""Who may pay with which card, as pure functions (reference api.md §4.5, test-data.md §1)."""

from __future__ import annotations

import re
from typing import Final

from counterfoil.kit.refused import Declined, InvalidRequest
from counterfoil.payments.rows import PaymentMethodRow
from counterfoil.rails.simulator.scenarios import SCENARIOS

MOST_METHODS: Final = 500  # of one customer
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def check_email(email: str | None) -> None:
    if email and not _EMAIL.fullmatch(email):
        raise InvalidRequest(
            f"Invalid email address: {email}. Send one such as ada@example.com.",
            param="email",
            code="email_invalid",
        )


def check_usable(
    method: PaymentMethodRow, customer_id: str | None, *, param: str = "payment_method"
) -> None:
    """Whether a payment of this customer, or of nobody in particular, may use a method."""
    if method.detached:
        raise _gone(method, param)
    if method.customer_id is None or method.customer_id == customer_id:
        return
    if customer_id is None:
        raise InvalidRequest(
            "The payment method you provided is attached to a customer so for security purposes"
            " you must provide the customer in the request.",
            param=param,
        )
    raise InvalidRequest(
        f"The customer {customer_id} does not have a payment method with the ID {method.id}. The"
        " payment method must be attached to that customer, or to none.",
        param=param,
    )


def check_attachable(method: PaymentMethodRow, customer_id: str, *, held: int, param: str) -> None:
    """Whether a method may become a customer's; its issuer is asked like for a payment.

    `held` is how many methods the customer has. Raises Declined for the test cards whose
    issuer says no.
    """
    if method.detached:
        raise _gone(method, param)
    if method.customer_id not in (None, customer_id):
        raise InvalidRequest(
            f"The payment method {method.id} is already attached to another customer: detach it"
            " there, and make a new one.",
            param=param,
        )
    if held >= MOST_METHODS:
        raise InvalidRequest(
            f"A customer has at most {MOST_METHODS} payment methods: detach some.", param=param
        )
    scenario = SCENARIOS[method.scenario]
    if not scenario.attachable:
        decline = scenario.decline
        assert decline is not None
        raise Declined(decline.message, code=decline.code, decline_code=decline.decline_code)


def _gone(method: PaymentMethodRow, param: str) -> InvalidRequest:
    return InvalidRequest(
        f"The payment method {method.id} was detached from a customer. It may not be used again:"
        " make a new one.",
        param=param,
    )
