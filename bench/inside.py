"""What has to happen inside Counterfoil's own process: `python -m bench.inside`.

    seed SIZE FILE              a world; its ids to FILE, as JSON
    reads WORLD PLAN PAGE       the requests of `world.py`: statements and answers, and the page
    writes WORLD COUNT FILE     COUNT charges, really made: their statements
    payday COUNT FILE           COUNT sellers whose payout is due
    large COPIES FILE           an account of 1,000 transactions, and one of COPIES times as many
    export FILE ROWS            ask for an export of so many rows of the second of them
    payouts FILE                payouts of few lines and of many, and how to ask for their pages
    hooks COUNT PORT PORT DEAD  COUNT events for an endpoint at one port, for DEAD at the other

The environment says which database, as for `counterfoil` itself.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import django
import msgspec

os.environ["DJANGO_SETTINGS_MODULE"] = "counterfoil.config.settings"
django.setup()

from django.conf import settings  # noqa: E402 - after the set-up
from django.core.management import call_command  # noqa: E402
from django.template import engines  # noqa: E402

from bench import page as pages  # noqa: E402
from bench.large import ask_for_export, seed_accounts  # noqa: E402
from bench.payday import seed_long_payouts, seed_payday  # noqa: E402
from bench.plan import Read, ReadPlan, WritePlan  # noqa: E402
from bench.recording import answer_of, statements  # noqa: E402
from bench.seeding import seed  # noqa: E402
from bench.waiting import seed_events  # noqa: E402
from bench.world import (  # noqa: E402
    RENDERED,
    Account,
    LongPayout,
    World,
    charge_request,
    read_requests,
)


def main(arguments: list[str]) -> None:
    settings.STATIC_ROOT.mkdir(exist_ok=True)  # the application looks for it when it is made
    match arguments:
        case ["seed", size, file]:
            call_command("migrate", verbosity=0)
            _write(file, seed(int(size)))
        case ["reads", world, plan, page]:
            call_command("collectstatic", interactive=False, verbosity=0)
            _write(plan, record_reads(_world(world), Path(page)))
        case ["writes", world, count, file]:
            _write(file, record_writes(_world(world), int(count)))
        case ["payday", count, file]:
            call_command("migrate", verbosity=0)
            _write(file, seed_payday(int(count)))
        case ["large", copies, file]:
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            _write(file, seed_accounts(int(copies)))
        case ["export", file, rows]:
            _, large = msgspec.json.decode(Path(file).read_bytes(), type=list[Account])
            ask_for_export(large, int(rows))
        case ["payouts", file]:
            call_command("migrate", verbosity=0)
            call_command("collectstatic", interactive=False, verbosity=0)
            _write(file, seed_long_payouts())
        case ["hooks", count, port, dead_port, dead]:
            call_command("migrate", verbosity=0)
            seed_events(int(count), port=int(port), dead_port=int(dead_port), dead=int(dead))
        case _:
            raise SystemExit(__doc__)


def record_reads(world: World, page_file: Path) -> ReadPlan:
    """Each read once, after a first time that fills what the process remembers."""
    reads, recorded = [], {}
    for name, request in read_requests(world).items():
        answer_of(request)
        if name in RENDERED:
            env = engines["jinja2"].env  # type: ignore[attr-defined] # that engine has one
            with pages.recorded_page(env) as page:
                answer_of(request)
            recorded[request.target] = page
        with statements() as seen:
            answer = answer_of(request)
        reads.append(Read(request.target, seen, answer, rendered=name in RENDERED))
    pages.save(recorded, page_file)
    return ReadPlan(os.environ["COUNTERFOIL_DATABASE_URL"], _setup(), reads)


def record_writes(world: World, count: int) -> WritePlan:
    """Charges made one after the other in this process, and committed."""
    posts = []
    for number in range(count):
        with statements() as seen:
            answer_of(charge_request(world, number, label="recorded"))
        posts.append(seen)
    return WritePlan(_setup(), posts)


def _setup() -> str:
    options = settings.DATABASES["default"].get("OPTIONS", {})
    return str(options.get("init_command", ""))


def _world(file: str) -> World:
    return msgspec.json.decode(Path(file).read_bytes(), type=World)


def _write(file: str, what: msgspec.Struct | list[LongPayout] | list[Account]) -> None:
    Path(file).write_bytes(msgspec.json.encode(what))


if __name__ == "__main__":
    main(sys.argv[1:])
