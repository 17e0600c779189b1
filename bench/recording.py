"""What the real application asks its database and answers, seen from inside."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import connection

from bench.plan import Answer, Statement
from bench.world import Request


def answer_of(request: Request) -> Answer:
    """Send a request through the application that `counterfoil serve` serves."""
    answer = Answer(0, [], b"")

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        answer.status, answer.headers = int(status[:3]), headers

    answered = _application()(_environ(request), start_response)
    answer.body = b"".join(answered)
    if hasattr(answered, "close"):
        answered.close()
    assert answer.status == 200, (request.target, answer)
    return answer


@contextmanager
def statements() -> Iterator[list[Statement]]:
    """Everything that goes to the database meanwhile, `BEGIN` and `COMMIT` aside."""
    seen: list[Statement] = []

    def record(
        execute: Callable[..., Any], sql: str, params: Sequence[Any], many: bool, context: Any
    ) -> Any:
        assert not many, f"executemany is not recorded: {sql}"
        values, inside = list(params or ()), connection.in_atomic_block
        result = execute(sql, params, many, context)
        # Noted afterwards: what was queued before it has gone first (`kit.db.gathered`).
        if sql != "BEGIN IMMEDIATE":
            seen.append(Statement(_as_sent(sql, values), values, inside))
        return result

    connection.ensure_connection()  # what opening one costs is paid once
    with connection.execute_wrapper(record):
        yield seen


@cache
def _application() -> Callable[..., Any]:
    # Not before it is wanted: it looks for the collected static files when it is made.
    from counterfoil.config.wsgi import application

    return application


def _as_sent(sql: str, values: list[Any]) -> str:
    """As Django hands it to the driver: SQLite's own placeholder is a question mark."""
    if connection.vendor == "sqlite" and values:
        return re.sub(r"(?<!%)%s", "?", sql).replace("%%", "%")
    return sql


def _environ(request: Request) -> dict[str, Any]:
    path, _, query = request.target.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(request.body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
    if request.body:
        environ["CONTENT_LENGTH"] = str(len(request.body))
    return environ
