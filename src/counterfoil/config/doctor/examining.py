"""All examinations, in the order in which one depends on another."""

from __future__ import annotations

from collections.abc import Iterator

from counterfoil.config.doctor import inside, surroundings
from counterfoil.config.doctor.findings import Examination, Finding

EXAMINATIONS: tuple[Examination, ...] = (*surroundings.EXAMINATIONS, *inside.EXAMINATIONS)


def examine_all(now: int) -> Iterator[tuple[Examination, Finding]]:
    """Each examination that can be made, with what it found. `now`: wall clock, UTC seconds.

    Without a database that answers, nothing in it is looked at; without its tables, none of them.
    """
    reached = with_tables = True
    for one in EXAMINATIONS:
        if one in inside.EXAMINATIONS and (not reached or (one.needs_tables and not with_tables)):
            continue
        finding = one.look(now)
        if finding.level == "wrong":
            reached = reached and one.look is not inside.database
            with_tables = with_tables and one.look is not inside.migrations
        yield one, finding
