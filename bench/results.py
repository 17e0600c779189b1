"""What a run found, and how it stands to the targets of design §6."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from bench.figures import Spread, median, percentile, ratios, spread
from bench.hooks import Delivered
from bench.reads import Side
from bench.workers import PaidOut
from bench.world import HOME, SIGN_IN
from bench.writes import WriteSide

Way = Literal["at most", "at least"]

POST: Final = "POST /v1/charges"
HOME_REPLAYED: Final = "home, against replayed bytes"
_ON_READS: Final = 3.0
_ON_HOME: Final = 1.6
_ON_SIGN_IN: Final = 2.5
_ON_POST: Final = 0.3
_GROWTH: Final = 1.2
_ON_FILTERS: Final = 2.0
MOST_MEGABYTES: Final = 120.0
MOST_BYTES: Final = 60_000
PAYDAY: Final = 100_000  # accounts
MOST_SECONDS: Final = 60.0  # until they are paid out, on PostgreSQL
EVENTS: Final = 6_000
HOOK_TURNS: Final = 3
LEAST_DELIVERIES: Final = 300.0  # a second, with two workers, to a sink on the same machine
SLOWED: Final = 0.8  # of that at least, beside a dead endpoint
FLAT: Final = 1.2  # of memory while a worker pays out


class Target(msgspec.Struct):
    way: Way
    value: float

    def met_by(self, figure: float) -> bool:
        return figure <= self.value if self.way == "at most" else figure >= self.value


class Row(msgspec.Struct):
    """The application beside its floor. `ratio` is time over time, for POST rate over rate."""

    what: str
    size: int
    app_ms: tuple[float, float]  # median and 99th percentile
    floor_ms: tuple[float, float] | None
    app_cpu_ms: float | None
    floor_cpu_ms: float | None
    app_per_second: float
    floor_per_second: float
    ratio: Spread
    cpu_ratio: Spread | None  # of the processor time of the two web processes, where known
    target: Target | None
    statements: int


class Growth(msgspec.Struct):
    """The largest world over the smallest: time over time, for POST rate over rate."""

    what: str
    sizes: tuple[int, int]
    ratio: Spread
    target: Target | None
    cpu_ratio: Spread | None = None  # of the processor time of the web process
    ms: tuple[float, float] | None = None  # medians of both, where they are told


class Exported(msgspec.Struct):
    """A long export, and pages asked for meanwhile. Memory is the worker's own, in MB."""

    rows: int
    seconds: float
    early_mb: float  # the most in the first half
    late_mb: float  # in the second
    pages: dict[str, Spread]  # beside it over without it, by name
    samples: list[tuple[float, float]]  # seconds, MB


class Memory(msgspec.Struct):
    """Of one web process, in MB. `own` leaves pages of mapped files out."""

    what: str
    resident: float
    own: float | None


class Results(msgspec.Struct):
    began: str
    command: str
    engine: str
    machine: dict[str, object]
    rows: list[Row] = []
    growth: list[Growth] = []
    memory: list[Memory] = []
    payday: PaidOut | None = None
    exported: Exported | None = None
    hooks: list[Delivered] = []
    first_load: dict[str, int] = {}
    unequal: list[str] = []  # answers of the floor that were not the application's
    raw: dict[str, object] = {}


def read_row(name: str, size: int, app: Side, floor: Side, statements: int) -> Row:
    if name == HOME:
        target: Target | None = Target("at most", _ON_HOME)
    elif name == SIGN_IN:
        target = Target("at most", _ON_SIGN_IN)
    else:
        target = None if name == HOME_REPLAYED else Target("at most", _ON_READS)
    return Row(
        what=name,
        size=size,
        app_ms=_middle_and_tail(app.latencies),
        floor_ms=_middle_and_tail(floor.latencies),
        app_cpu_ms=median(app.cpu) if app.cpu else None,
        floor_cpu_ms=median(floor.cpu) if floor.cpu else None,
        app_per_second=median(app.per_second),
        floor_per_second=median(floor.per_second),
        ratio=ratios(app.medians, floor.medians),
        cpu_ratio=ratios(app.cpu, floor.cpu) if app.cpu and floor.cpu else None,
        target=target,
        statements=statements,
    )


def page_growth(name: str, lines: tuple[int, int], few: Side, many: Side) -> Growth:
    return Growth(name, lines, ratios(many.medians, few.medians), Target("at most", _GROWTH))


def account_growth(name: str, rows: tuple[int, int], few: Side, many: Side) -> Growth:
    """Lists and home; a single filter or search; what looks back over a stretch has no target."""
    combined = any(part in name for part in (": words", "in a currency", "of an amount"))
    alone = ":" not in name or "far down" in name
    target = None if combined else Target("at most", _GROWTH if alone else _ON_FILTERS)
    return Growth(
        name,
        rows,
        ratios(many.medians, few.medians),
        target,
        ratios(many.cpu, few.cpu) if many.cpu and few.cpu else None,
        (median(few.latencies), median(many.latencies)),
    )


def write_row(side: WriteSide) -> Row:
    return Row(
        what=POST,
        size=side.world.size,
        app_ms=_middle_and_tail(side.app_latencies),
        floor_ms=_middle_and_tail(side.floor_latencies) if side.floor_latencies else None,
        app_cpu_ms=None,
        floor_cpu_ms=None,
        app_per_second=median(side.app_per_second),
        floor_per_second=median(side.floor_per_second),
        ratio=ratios(side.app_per_second, side.floor_per_second),
        cpu_ratio=None,
        target=Target("at least", _ON_POST),
        statements=len(side.plan.posts[0]),
    )


def read_growth(name: str, sizes: tuple[int, int], small: Side, large: Side) -> Growth:
    ratio = ratios(large.medians, small.medians)
    return Growth(name, sizes, ratio, Target("at most", _GROWTH))


def write_growth(small: WriteSide, large: WriteSide) -> Growth:
    ratio = ratios(large.app_per_second, small.app_per_second)
    sizes = (small.world.size, large.world.size)
    return Growth(POST, sizes, ratio, Target("at least", round(1 / _GROWTH, 2)))


def _middle_and_tail(milliseconds: list[float]) -> tuple[float, float]:
    return median(milliseconds), percentile(milliseconds, 0.99)


def exported(
    rows: int,
    seconds: float,
    samples: list[tuple[float, float]],
    pages: dict[str, tuple[Side, Side]],
) -> Exported:
    """`pages` holds, by name, a page without the export and the same beside it."""
    half = seconds / 2
    return Exported(
        rows,
        seconds,
        max(mb for at, mb in samples if at <= half),
        max(mb for at, mb in samples if at > half),
        {
            name: spread([one / median(without.medians) for one in beside.medians])
            for name, (without, beside) in pages.items()
        },
        samples,
    )
