"""What a person may do wrong, one class per kind of answer.

A refusal carries a Stripe code, a sentence that says what to do and the parameter it is
about. It knows no HTTP: each edge translates it once. Our own mistakes are `assert`.
"""

from __future__ import annotations


class Refused(Exception):
    """Nothing was written, and this is why."""

    code: str | None = None

    def __init__(self, message: str, *, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        if code is not None:
            self.code = code


class InvalidRequest(Refused):
    """A parameter or a state that does not fit."""


class ResourceMissing(Refused):
    """No such object within the caller's reach."""

    code = "resource_missing"

    def __init__(self, noun: str, ident: str, *, param: str | None = None) -> None:
        super().__init__(f"No such {noun}: '{ident}'", param=param)


class BalanceInsufficient(Refused):
    code = "balance_insufficient"


class Unauthenticated(Refused):
    """No key, or one we do not know."""


class Forbidden(Refused):
    """A known caller, out of reach."""


class Conflict(Refused):
    """Another request is doing this right now; the same one may be sent again."""

    code = "idempotency_key_in_use"


class IdempotencyMismatch(Refused):
    """One idempotency key, two different requests."""


class TooLarge(Refused):
    """More bytes than we read."""


class Declined(Refused):
    """The card network said no.

    Unlike every other refusal it leaves a record (a failed charge), so it is raised outside
    the transaction that wrote it, and whoever raises it has written already.
    """

    code = "card_declined"

    def __init__(
        self,
        message: str,
        *,
        code: str,
        decline_code: str | None = None,
        param: str | None = None,
        charge_id: str | None = None,
        payment_intent: object | None = None,
    ) -> None:
        super().__init__(message, param=param, code=code)
        self.decline_code = decline_code
        self.charge_id = charge_id
        self.payment_intent = payment_intent
