"""The floor of reads: bare WSGI and the bare driver, the same statements, the same bytes.

It knows each request of the plan by its address: it sends the recorded statements with their
recorded parameters, fetches every row, and answers. The body is the recorded one; below `/` it is
made anew from the template (`page.py`), as other pages are, and `/replayed` answers home without.

    BENCH_PLAN=plan.json BENCH_PAGE=page.pickle granian --interface wsgi bench.floor:application
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec

from bench import bare
from bench import page as pages
from bench.plan import REPLAYED, Read, ReadPlan

StartResponse = Callable[[str, list[tuple[str, str]]], Any]
Make = Callable[[], bytes]

_plan = msgspec.json.decode(Path(os.environ["BENCH_PLAN"]).read_bytes(), type=ReadPlan)
_here = threading.local()


def _known() -> dict[str, tuple[Read, Make]]:
    known: dict[str, tuple[Read, Make]] = {}
    recorded = pages.load(Path(os.environ["BENCH_PAGE"]))
    for read in _plan.reads:
        known[read.target] = (read, _replay(read))
        if read.rendered:
            if read.target == "/":
                known[REPLAYED] = known[read.target]
            known[read.target] = (read, pages.renderer(recorded[read.target]))
    return known


def _replay(read: Read) -> Make:
    body = read.answer.body
    return lambda: body


_reads = _known()


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    query = environ["QUERY_STRING"]
    target = f"{environ['PATH_INFO']}?{query}" if query else environ["PATH_INFO"]
    found = _reads.get(target)
    if found is None:
        start_response("404 Not Found", [("Content-Length", "0")])
        return [b""]
    read, make = found
    try:
        database = _here.database
    except AttributeError:
        database = _here.database = bare.connect(_plan.database_url, _plan.setup)
    for statement in read.statements:
        database.run(statement)
    body = make()
    headers = [
        (name, value) for name, value in read.answer.headers if name.lower() != "content-length"
    ]
    headers.append(("Content-Length", str(len(body))))
    start_response(f"{read.answer.status} {HTTPStatus(read.answer.status).phrase}", headers)
    return [body]
