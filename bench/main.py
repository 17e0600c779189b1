"""A run: worlds are seeded and recorded, servers started, both sides measured, all of it said."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from bench import bare, reads, results, writes
from bench.engines import Engine, Postgresql, Sqlite, dropped_at_the_end
from bench.hooks import deliver
from bench.machine import machine, resident_mb
from bench.plan import REPLAYED, ReadPlan, Statement, WritePlan
from bench.reads import Side
from bench.replay import open_floor
from bench.report import report
from bench.results import HOME_REPLAYED, Memory, Results
from bench.servers import ROOT, Server, application, clean_environment, floor, inside
from bench.weight import first_load
from bench.workers import export, pay_out
from bench.world import HOME, Account, LongPayout, Payday, Request, World, read_requests

OUT = ROOT / "var" / "bench"
PARTS = ("reads", "writes", "pages", "payday", "hooks", "large")
USUAL = PARTS[:-1]  # the last takes half an hour and twenty gigabytes
BESIDE = ("home", "transactions", "payments")  # asked for while an export is made
POSTS = {"sqlite": 800, "postgresql": 3200}  # recorded and replayed, in each world
PROCESSES = {"sqlite": 1, "postgresql": 2}  # web processes that take POSTs


@dataclass(slots=True)
class Place:
    """A world on disk: its database, its data directory, what was recorded in it."""

    name: str
    url: str
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def world(self) -> World:
        return msgspec.json.decode((self.folder / "world.json").read_bytes(), type=World)

    def at(self, url: str) -> dict[str, str]:
        """The environment of a process that uses a copy of the database."""
        return {**self.environment, "COUNTERFOIL_DATABASE_URL": url}


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    began = datetime.now(UTC)
    OUT.mkdir(parents=True, exist_ok=True)
    with _scratch(OUT / f"scratch-{os.getpid()}") as scratch, ExitStack() as stack:
        engine = stack.enter_context(dropped_at_the_end(_engine(options.engine, scratch)))
        found = Results(
            began=began.isoformat(timespec="seconds"),
            command=" ".join(["make bench", *arguments]),
            engine=engine.version(),
            machine=machine(scratch),
        )
        parts = options.parts
        sizes = sorted(options.sizes)
        wanted = {0, *sizes} if "writes" in parts else set(sizes) if "reads" in parts else set()
        places = {size: _seed(engine, scratch, size) for size in sorted(wanted)}
        if "reads" in parts:
            _measure_reads(engine, [places[size] for size in sizes], options.seconds, found)
        if "writes" in parts:
            _measure_writes(engine, [places[0], places[sizes[-1]]], found)
        if "pages" in parts:
            _measure_pages(engine, scratch, options.seconds, found)
        if "payday" in parts:
            _measure_payday(engine, scratch, options.accounts, found)
        if "hooks" in parts:
            _measure_hooks(engine, scratch, options.events, found)
        if "large" in parts:
            _measure_large(engine, scratch, options, found)
        found.machine["load_after"] = round(os.getloadavg()[0], 2)
    print(report(found))
    path = OUT / f"{began:%Y%m%dT%H%M%S}-{engine.name}.json"
    path.write_bytes(msgspec.json.format(msgspec.json.encode(found)))
    print(f"\nRaw figures: {path.relative_to(ROOT)}")
    return 1 if found.unequal else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run.py", description=__doc__)
    parser.add_argument("--engine", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1_000, 100_000], metavar="N", help="transactions"
    )
    parser.add_argument("--seconds", type=float, default=2.0, help="of each read on each side")
    parser.add_argument(
        "--parts",
        nargs="+",
        choices=PARTS,
        default=USUAL,
        help="usually all but large",
    )
    parser.add_argument(
        "--accounts", type=int, default=results.PAYDAY, metavar="N", help="due on payday"
    )
    parser.add_argument(
        "--copies", type=int, default=5_000, metavar="N", help="thousands in the large account"
    )
    parser.add_argument(
        "--export", type=int, default=1_000_000, metavar="N", help="rows of its export"
    )
    parser.add_argument(
        "--events", type=int, default=results.EVENTS, metavar="N", help="sent as webhooks"
    )
    options = parser.parse_args(arguments)
    if min(options.sizes) < 100:
        parser.error("a world has at least 100 transactions")
    if options.events < 1000 or options.events % 100:
        parser.error("webhooks go by the hundred, a thousand at least")
    return options


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _engine(name: str, scratch: Path) -> Engine:
    if name == "sqlite":
        return Sqlite(scratch)
    sys.path.insert(0, str(ROOT / "scripts"))
    from parts import find_postgresql

    return Postgresql(find_postgresql(), os.getpid())


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _seed(engine: Engine, scratch: Path, size: int) -> Place:
    _say(f"seeding {size:,} transactions")
    place = _place(engine, scratch, f"world_{size}")
    inside(place.environment, "seed", size, place.folder / "world.json")
    return place


def _place(engine: Engine, scratch: Path, name: str) -> Place:
    """An empty database with a data directory."""
    folder = scratch / name
    folder.mkdir()
    place = Place(name, engine.database(name), folder)
    place.environment = clean_environment(
        COUNTERFOIL_DATA_DIR=str(folder), COUNTERFOIL_DATABASE_URL=place.url
    )
    return place


# ---- Reads ----


def _measure_reads(engine: Engine, places: list[Place], seconds: float, found: Results) -> None:
    with ExitStack() as stack:
        servers = [_start_readers(stack, engine, place) for place in places]
        worlds = [place.world() for place in places]
        plan = msgspec.json.decode((places[0].folder / "reads.json").read_bytes(), type=ReadPlan)
        counts = [len(read.statements) for read in plan.reads]
        found.first_load = first_load(servers[0][0].port, read_requests(worlds[0])[HOME])
        for number, name in enumerate(read_requests(worlds[0])):
            _say(f"measuring {name}")
            sides = [
                _sides(name, read_requests(world)[name], app, floor_)
                for world, (app, floor_) in zip(worlds, servers, strict=True)
            ]
            found.unequal += [
                f"{name} at {world.size:,}"
                for world, of_world in zip(worlds, sides, strict=True)
                if not reads.same_bytes(of_world.values())
            ]
            reads.measure([side for one in sides for side in one.values()], seconds=seconds)
            _add_rows(name, worlds, sides, counts[number], found)
        for world, (app, _) in zip(worlds, servers, strict=True):
            found.memory += _memory(app, f"after reads at {world.size:,}")


def _start_readers(stack: ExitStack, engine: Engine, place: Place) -> tuple[Server, Server]:
    folder, environment = place.folder, place.environment
    inside(environment, "reads", *(folder / name for name in ("world.json", "reads.json", "page")))
    app = application(environment, processes=1, log=folder / "app.log")
    below = floor(
        environment,
        threads=engine.threads,
        plan=folder / "reads.json",
        page=folder / "page",
        log=folder / "floor.log",
    )
    return stack.enter_context(app), stack.enter_context(below)


def _sides(name: str, request: Request, app: Server, below: Server) -> dict[str, Side]:
    (answering,), (beneath,) = app.web_processes(), below.web_processes()
    sides = {
        "app": Side(app.port, answering, request.raw()),
        "floor": Side(below.port, beneath, request.raw()),
    }
    if name == HOME:
        sides["replayed"] = Side(below.port, beneath, request.raw(REPLAYED))
    return sides


def _add_rows(
    name: str, worlds: list[World], sides: list[dict[str, Side]], statements: int, found: Results
) -> None:
    for world, of_world in zip(worlds, sides, strict=True):
        app = of_world["app"]
        for side, row_name in (("floor", name), ("replayed", HOME_REPLAYED)):
            if side in of_world:
                row = results.read_row(row_name, world.size, app, of_world[side], statements)
                found.rows.append(row)
        found.raw[f"{name} at {world.size}"] = {
            side: {"ms": _rounded(one.rounds), "cpu_ms": one.cpu, "per_second": one.per_second}
            for side, one in of_world.items()
        }
    if len(worlds) > 1:
        ends = (worlds[0].size, worlds[-1].size)
        found.growth.append(results.read_growth(name, ends, sides[0]["app"], sides[-1]["app"]))


def _rounded(rounds: list[list[float]]) -> list[list[float]]:
    return [[round(value, 4) for value in one] for one in rounds]


# ---- Payouts ----


def _measure_pages(engine: Engine, scratch: Path, seconds: float, found: Results) -> None:
    """Pages of a payout of few lines and of one of many, the same server answering both."""
    _say("seeding payouts")
    place = _place(engine, scratch, "pages")
    inside(place.environment, "payouts", place.folder / "payouts.json")
    written = (place.folder / "payouts.json").read_bytes()
    few, many = msgspec.json.decode(written, type=list[LongPayout])
    with application(place.environment, processes=1, log=place.folder / "app.log") as server:
        (answering,) = server.web_processes()
        for name in few.pages:
            _say(f"measuring {name}")
            sides = [
                reads.Side(server.port, answering, payout.pages[name].raw())
                for payout in (few, many)
            ]
            reads.measure(sides, seconds=seconds)
            found.growth.append(results.page_growth(name, (few.lines, many.lines), *sides))
            found.raw[name] = {
                str(payout.lines): {"ms": _rounded(side.rounds), "cpu_ms": side.cpu}
                for payout, side in zip((few, many), sides, strict=True)
            }


def _measure_payday(engine: Engine, scratch: Path, accounts: int, found: Results) -> None:
    _say(f"seeding {accounts:,} accounts that are due")
    place = _place(engine, scratch, "payday")
    inside(place.environment, "payday", accounts, place.folder / "payday.json")
    written = (place.folder / "payday.json").read_bytes()
    payday = msgspec.json.decode(written, type=Payday)
    _say("measuring payday")
    found.payday = pay_out(
        place.environment,
        accounts=payday.accounts,
        clock=payday.clock,
        platform_id=payday.platform_id,
        log=place.folder / "workers.log",
    )


# ---- An account of millions ----


def _measure_large(
    engine: Engine, scratch: Path, options: argparse.Namespace, found: Results
) -> None:
    """The same pages of a small and of a large account; then an export of the large one."""
    _say(f"seeding {options.copies * 1000:,} transactions")
    place = _place(engine, scratch, "large")
    file = place.folder / "accounts.json"
    inside(place.environment, "large", options.copies, file)
    small, large = msgspec.json.decode(file.read_bytes(), type=list[Account])
    with application(place.environment, processes=1, log=place.folder / "app.log") as server:
        (answering,) = server.web_processes()
        for name in small.pages:
            _say(f"measuring {name}")
            sides = [
                reads.Side(server.port, answering, account.pages[name].raw())
                for account in (small, large)
            ]
            reads.measure_latency(sides, seconds=options.seconds)
            found.growth.append(results.account_growth(name, (small.rows, large.rows), *sides))
            found.raw[name] = {
                str(account.rows): {"ms": _rounded(side.rounds), "cpu_ms": side.cpu}
                for account, side in zip((small, large), sides, strict=True)
            }
        found.first_load = first_load(server.port, large.pages[HOME])
        _say(f"exporting {options.export:,} rows")
        inside(place.environment, "export", file, options.export)
        found.exported = _measure_export(place, server, large)


def _measure_export(place: Place, server: Server, account: Account) -> results.Exported:
    (answering,) = server.web_processes()

    def sides() -> list[Side]:
        return [Side(server.port, answering, account.pages[name].raw()) for name in BESIDE]

    without, beside = sides(), sides()
    reads.measure_latency(without, seconds=4.0)
    rows, seconds, samples = export(
        place.environment,
        log=place.folder / "worker.log",
        meanwhile=lambda: reads.measure_latency(beside, seconds=0.5),
    )
    return results.exported(
        rows, seconds, samples, dict(zip(BESIDE, zip(without, beside, strict=True), strict=True))
    )


# ---- Webhooks ----


def _measure_hooks(engine: Engine, scratch: Path, events: int, found: Results) -> None:
    """A sink alone, and the same beside an endpoint that takes everything and never answers, in
    turns: what slows the machine for a while slows both."""
    for turn in range(results.HOOK_TURNS):
        for dead in (0, 1):
            _say(f"measuring {events:,} webhooks beside {dead} dead endpoints")
            place = _place(engine, scratch, f"hooks_{turn}_{dead}")
            log = place.folder / "workers.log"
            found.hooks.append(deliver(place.environment, events=events, dead=dead, log=log))


# ---- Writes ----


def _measure_writes(engine: Engine, places: list[Place], found: Results) -> None:
    with ExitStack() as stack:
        sides, databases = [], []
        for place in places:
            _say(f"recording charges at {place.world().size:,}")
            plan = _record_writes(engine, place)
            copy = engine.copy(place.name, f"{place.name}_floor")
            databases.append((place.url, copy, plan.setup))
            below = open_floor(copy, plan.setup, place.folder)
            stack.callback(below.close)
            processes = PROCESSES[engine.name]
            server = stack.enter_context(
                application(place.environment, processes=processes, log=place.folder / "app.log")
            )
            sides.append(writes.WriteSide(place.world(), server.port, plan, below))
            stack.callback(_remember, found, server, place)
        before = [_charges(url, setup) for url, _, setup in databases]
        _say("measuring charges")
        writes.measure(sides)
        for side, (url, copy, setup), charges in zip(sides, databases, before, strict=True):
            _check_written(side, _charges(url, setup) - charges, _charges(copy, setup) - charges)
            found.rows.append(results.write_row(side))
            found.raw[f"{results.POST} at {side.world.size}"] = {
                "app_ms": side.app_latencies,
                "floor_ms": side.floor_latencies,
                "app_per_second": side.app_per_second,
                "floor_per_second": side.floor_per_second,
            }
        found.growth.append(results.write_growth(sides[0], sides[-1]))


def _record_writes(engine: Engine, place: Place) -> WritePlan:
    """Really made, on a copy that is thrown away: the floor's own copy must not have them yet."""
    name = f"{place.name}_recording"
    copy = engine.copy(place.name, name)
    file = place.folder / "writes.json"
    world = place.folder / "world.json"
    inside(place.at(copy), "writes", world, POSTS[engine.name], file)
    engine.drop(name)
    return msgspec.json.decode(file.read_bytes(), type=WritePlan)


def _charges(url: str, setup: str) -> int:
    database = bare.connect(url, setup)
    rows = database.run(Statement("SELECT count(*) FROM payments_charge", [], False))
    database.close()
    return int(rows[0][0])


def _check_written(side: writes.WriteSide, by_app: int, by_floor: int) -> None:
    """A destination charge is two rows there, its own and the payment it makes."""
    assert by_app == 2 * side.posted, "the application answered for charges that are not there"
    assert by_floor == 2 * side.replayed, "the floor did not write what the application wrote"


def _remember(found: Results, server: Server, place: Place) -> None:
    found.memory += _memory(server, f"after POSTs at {place.world().size:,}")


def _memory(server: Server, when: str) -> list[Memory]:
    sizes = [resident_mb(pid) for pid in server.web_processes()]
    largest = max(sizes, key=lambda one: one["resident"])
    return [Memory(when, largest["resident"], largest.get("own"))]
