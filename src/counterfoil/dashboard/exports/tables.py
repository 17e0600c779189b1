"""What an export holds: named columns, rows in batches, and totals of what can be added up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from counterfoil.kit.money import Money

Kind = Literal["text", "money", "day", "moment"]
Cell = str | Money | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """`key` names it in JSON, `word` as on the screen. `adds_up`: it has a total."""

    key: str
    word: str
    kind: Kind = "text"
    adds_up: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`name` is the file's. `rows` begins anew each time, in batches that fit into memory."""

    name: str
    columns: Sequence[Column]
    rows: Callable[[], Iterator[Sequence[Sequence[Cell]]]]
    count: Callable[[], int | None]  # how many rows there will be, for progress; None: unknown


@dataclass(slots=True)
class Totals:
    """Sums of the columns that add up, by currency."""

    columns: Sequence[Column]
    count: int = 0
    sums: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, row: Sequence[Cell]) -> None:
        self.count += 1
        for column, cell in zip(self.columns, row, strict=True):
            if column.adds_up and isinstance(cell, Money):
                of_currency = self.sums[cell.currency]
                of_currency[column.key] = of_currency.get(column.key, 0) + cell.amount

    def rows(self, word: str) -> list[list[Cell]]:
        """A line for each currency, aligned with the columns; `word` stands in
        the first that does not add up."""
        lines = []
        for currency, sums in sorted(self.sums.items()):
            line: list[Cell] = [
                Money(sums[column.key], currency) if column.key in sums else None
                for column in self.columns
            ]
            words = next(at for at, column in enumerate(self.columns) if not column.adds_up)
            line[words] = word
            for place, column in enumerate(self.columns):
                if column.key == "currency":
                    line[place] = currency.upper()
            lines.append(line)
        return lines
