"""A server that hears webhooks, on this machine: what it heard, and how it behaves.

    with sink() as heard:
        …url=heard.url…
    heard.requests[0].body

`heard.behave` decides what each request is answered with; the default is 200 `{"ok":true}`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, slots=True)
class Heard:
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def signature(self) -> str:
        return self.headers["stripe-signature"]

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


Behaviour = Callable[[BaseHTTPRequestHandler, Heard], None]


def answer(status: int = 200, body: bytes = b'{"ok":true}', **headers: str) -> Behaviour:
    def behave(handler: BaseHTTPRequestHandler, _heard: Heard) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return behave


def raw(text: bytes) -> Behaviour:
    """Whatever bytes, after which the connection ends."""

    def behave(handler: BaseHTTPRequestHandler, _heard: Heard) -> None:
        handler.wfile.write(text)
        handler.close_connection = True

    return behave


@dataclass(slots=True)
class Sink:
    url: str
    behave: Behaviour = field(default_factory=answer)
    requests: list[Heard] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)  # ends what hangs

    @property
    def types(self) -> list[str]:
        return [heard.event["type"] for heard in self.requests]

    @property
    def event_ids(self) -> list[str]:
        return [heard.event["id"] for heard in self.requests]

    def hang(self, handler: BaseHTTPRequestHandler, _heard: Heard) -> None:
        """No answer until the test ends."""
        self.closing.wait(60)
        handler.close_connection = True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # the usual five are too few for a worker that opens many at once

    def handle_error(self, _request: object, _address: object) -> None:
        """A client that goes away in the middle of an answer is what some tests are about."""


@contextmanager
def sink() -> Iterator[Sink]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            body = self.rfile.read(length)
            if len(body) < length:  # its worker was killed while it was sending
                self.close_connection = True
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            one = Heard(self.path, headers, body)
            heard.requests.append(one)
            heard.behave(self, one)

        def log_message(self, *_arguments: object) -> None:
            pass

    server = _Server(("127.0.0.1", 0), Handler)
    heard = Sink(f"http://127.0.0.1:{server.server_port}/hook")
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        yield heard
    finally:
        heard.closing.set()
        server.shutdown()
        server.server_close()
        serving.join()
