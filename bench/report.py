"""The results as a table, for a terminal and for docs/operate/performance.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.figures import Spread, median
from bench.hooks import Delivered
from bench.results import (
    FLAT,
    LEAST_DELIVERIES,
    MOST_BYTES,
    MOST_MEGABYTES,
    MOST_SECONDS,
    PAYDAY,
    SLOWED,
    Exported,
    Results,
    Row,
    Target,
)
from bench.workers import PaidOut

_HEADINGS = (
    "what",
    "size",
    "app ms",
    "p99",
    "floor ms",
    "p99",
    "ratio (p10–p90)",
    "target",
    "",
    "cpu ms",
    "floor",
    "ratio",
    "app /s",
    "floor /s",
    "SQL",
)
_LEFT = (0, 8)  # columns of words


def report(results: Results) -> str:
    return "\n".join(_lines(results))


def _lines(results: Results) -> Iterator[str]:
    machine = results.machine
    yield f"{results.began}  {results.command}"
    yield f"{results.engine}; {machine['python']}; {_packages(machine)}"
    yield f"{machine['cores']} cores, {machine['processor']}, {machine['system']}"
    yield (
        f"fsync of 4 KiB: {machine['fsync_ms']} ms; load {machine['load_before']} before,"
        f" {machine.get('load_after', '?')} after"
    )
    yield ""
    if results.rows:
        yield from _table([_HEADINGS, *map(_cells, results.rows)])
        yield ""
    for growth in results.growth:
        small, large = growth.sizes
        more = ""
        if growth.ms is not None:
            more = f", {growth.ms[0]:.1f} and {growth.ms[1]:.1f} ms"
        if growth.cpu_ratio is not None:
            more += f", by processor time {growth.cpu_ratio.median:.2f}"
        yield (
            f"{growth.what}: {large:,} over {small:,} is {_spread(growth.ratio)}{more}"
            f"   {_judged(growth.ratio.median, growth.target)}"
        )
    for memory in results.memory:
        own = "" if memory.own is None else f" ({memory.own:.0f} MB without mapped files)"
        verdict = _judged(memory.resident, Target("at most", MOST_MEGABYTES))
        yield f"memory of one web process, {memory.what}: {memory.resident:.0f} MB{own}   {verdict}"
    if results.payday:
        yield from _payday(results.payday, results.engine)
    if results.exported:
        yield from _exported(results.exported)
    yield from _hooks(results.hooks)
    if load := results.first_load:
        parts = ", ".join(
            f"{kind} {size:,}" for kind, size in load.items() if kind not in ("requests", "total")
        )
        verdict = _judged(load["total"], Target("at most", MOST_BYTES))
        yield (
            f"first load of home: {load['total']:,} bytes in {load['requests']} requests ({parts})"
            f"   {verdict}"
        )
    for unequal in results.unequal:
        yield f"NOT THE SAME BYTES: {unequal}"


def _payday(paid: PaidOut, engine: str) -> Iterator[str]:
    # The target is of this many accounts on PostgreSQL; other runs are shown without a verdict.
    judged = paid.accounts == PAYDAY and engine.startswith("PostgreSQL")
    verdict = _judged(paid.sent_after, Target("at most", MOST_SECONDS) if judged else None)
    yield (
        f"payday of {paid.accounts:,} accounts, {paid.workers} workers: payouts made after"
        f" {paid.made_after:.1f} s, all at the bank after {paid.sent_after:.1f} s   {verdict}"
    ).rstrip()
    if paid.cpu is not None:
        yield (
            f"processor time of it, workers and database: {paid.cpu:.1f} s,"
            f" {paid.cpu / paid.accounts * 1000:.2f} ms an account"
        )
    growth = paid.late_mb / paid.early_mb
    yield (
        f"memory of the larger worker: {paid.early_mb:.0f} MB in the first half of that,"
        f" {paid.late_mb:.0f} MB in the second   {_judged(growth, Target('at most', FLAT))}"
    )


def _exported(made: Exported) -> Iterator[str]:
    yield (
        f"export of {made.rows:,} rows: {made.seconds:.1f} s; memory of the worker"
        f" {made.early_mb:.0f} MB in the first half, {made.late_mb:.0f} MB in the second"
        f"   {_judged(made.late_mb / made.early_mb, Target('at most', FLAT))}"
    )
    for name, ratio in made.pages.items():
        yield f"{name}, beside it over without it: {_spread(ratio)}"


def _hooks(found: Sequence[Delivered]) -> Iterator[str]:
    if not found:
        return
    rates = {dead: [one.per_second for one in found if one.dead == dead] for dead in (0, 1)}
    for dead, of_these in rates.items():
        beside = " beside a dead endpoint" if dead else ""
        again = sum(one.again for one in found if one.dead == dead)
        yield (
            f"{found[0].events:,} webhooks to a local sink{beside}, {found[0].workers} workers:"
            f" {median(of_these):,.0f} a second ({min(of_these):,.0f}–{max(of_these):,.0f}),"
            f" {again} arrived again"
            f"   {_judged(median(of_these), Target('at least', LEAST_DELIVERIES))}"
        )
    share = median(rates[1]) / median(rates[0])
    verdict = _judged(share, Target("at least", SLOWED))
    yield f"webhooks beside a dead endpoint, over alone: {share:.2f}   {verdict}"


def _cells(row: Row) -> Sequence[str]:
    floor = [f"{ms:.3f}" for ms in row.floor_ms] if row.floor_ms else ["–", "–"]
    return (
        row.what,
        f"{row.size:,}",
        *(f"{ms:.3f}" for ms in row.app_ms),
        *floor,
        _spread(row.ratio),
        _wanted(row.target),
        _verdict(row.ratio.median, row.target),
        *(_or_dash(ms, 3) for ms in (row.app_cpu_ms, row.floor_cpu_ms)),
        _or_dash(row.cpu_ratio.median if row.cpu_ratio else None, 2),
        f"{row.app_per_second:,.0f}",
        f"{row.floor_per_second:,.0f}",
        str(row.statements),
    )


def _or_dash(figure: float | None, digits: int) -> str:
    return "–" if figure is None else f"{figure:.{digits}f}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.ljust(width) if place in _LEFT else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _spread(spread: Spread) -> str:
    return f"{spread.median:.2f} ({spread.low:.2f}–{spread.high:.2f})"


def _wanted(target: Target | None) -> str:
    return "" if target is None else f"{target.way} {target.value:g}"


def _judged(figure: float, target: Target | None) -> str:
    return f"{_wanted(target)}: {_verdict(figure, target)}" if target else ""


def _verdict(figure: float, target: Target | None) -> str:
    if target is None:
        return ""
    return "met" if target.met_by(figure) else "NOT MET"


def _packages(machine: dict[str, object]) -> str:
    packages = machine["packages"]
    assert isinstance(packages, dict)
    return ", ".join(f"{name} {version}" for name, version in packages.items())
