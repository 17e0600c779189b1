"""What every rail promises: money is sent once per key, and one can always ask about a key.

A rail is the way to a bank. A worker calls it outside any database transaction. An answer that
does not come is `Unknown`, never a failure: the worker asks again with the same key, and only a
bank that has not heard of the key is sent the instruction once more, under the same key.

Amounts are minor units, moments UTC seconds of the platform's clock.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Beneficiary:
    """A bank account or debit card, with its number in the clear: keep it out of logs."""

    kind: str  # bank_account | card
    country: str
    number: str
    routing_number: str | None = None
    holder_name: str | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """Pay `amount` to the beneficiary; a negative amount is collected from it.

    `key` names the payment for ever. `attempt` counts how often it was handed over, from 1.
    """

    key: str
    amount: int
    currency: str
    beneficiary: Beneficiary
    method: str  # standard | instant
    statement_descriptor: str | None
    at: int
    lands_at: int  # when it is expected to arrive
    attempt: int = 1


@dataclass(frozen=True, slots=True)
class Sent:
    """The bank has it. `reference` is the bank's own number, `lands_at` when it arrives."""

    reference: str
    lands_at: int


@dataclass(frozen=True, slots=True)
class Landed:
    """It arrived. `more_at`: when the bank may know more; None when this is all."""

    reference: str
    more_at: int | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """It came back, perhaps after it had arrived. `code` is one of Stripe's failure codes."""

    code: str


@dataclass(frozen=True, slots=True)
class NotReceived:
    """The bank has never heard of this key."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """No answer came: it may or may not have been received."""

    reason: str


class RailError(Exception):
    """The bank did not take it. `permanent`: it never will, for the reason that `code` names."""

    def __init__(self, message: str, *, permanent: bool, code: str = "could_not_process") -> None:
        super().__init__(message)
        self.message = message
        self.permanent = permanent
        self.code = code


Handed = Sent | Unknown | RailError
News = Sent | Landed | Returned | NotReceived | Unknown


class Rail(ABC):
    """A way to a bank that answers by itself, without an operator."""

    @abstractmethod
    def send(self, instruction: Instruction) -> Sent | Unknown:
        """Hand it over; the same key again changes nothing. Raises RailError."""

    @abstractmethod
    def ask(self, key: str, *, at: int, attempt: int = 1) -> News:
        """What became of it by the moment `at`."""

    def send_all(self, instructions: Sequence[Instruction]) -> list[Handed]:
        """Many at once, each as `send` would; their answers in the same order."""
        answers: list[Handed] = []
        for instruction in instructions:
            try:
                answers.append(self.send(instruction))
            except RailError as error:
                answers.append(error)
        return answers

    def ask_all(self, keys: Sequence[str], *, at: int, attempts: Sequence[int]) -> list[News]:
        """Many at once, each as `ask` would; their answers in the same order."""
        return [
            self.ask(key, at=at, attempt=attempt)
            for key, attempt in zip(keys, attempts, strict=True)
        ]
