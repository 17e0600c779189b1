"""What was recorded of the real application, on its way to the floor."""

from __future__ import annotations

import msgspec

Value = str | int | float | bool | None
REPLAYED = "/replayed"  # where the floor answers the page as it was recorded


class Statement(msgspec.Struct, array_like=True):
    """SQL as the engine's driver takes it."""

    sql: str
    params: list[Value]
    in_transaction: bool


class Answer(msgspec.Struct):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Read(msgspec.Struct):
    """One request for the floor: what to ask the database, what to answer.

    `rendered` says that the body is made by Jinja2 from the page recorded beside the plan.
    """

    target: str
    statements: list[Statement]
    answer: Answer
    rendered: bool = False


class ReadPlan(msgspec.Struct):
    database_url: str
    setup: str  # statements that open a connection
    reads: list[Read]


class WritePlan(msgspec.Struct):
    """The statements of each recorded POST, in the order in which they ran."""

    setup: str
    posts: list[list[Statement]]
