"""A small HTTP/1.1 client on raw sockets: what it costs must not hide what is measured."""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_HEAD_ENDS: Final = b"\r\n\r\n"
_CHUNK: Final = 65_536
_PATIENCE: Final = 30.0  # seconds


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    head: bytes
    body: bytes

    @property
    def size(self) -> int:
        """Bytes that came over the wire."""
        return len(self.head) + len(_HEAD_ENDS) + len(self.body)


class Connection:
    """One keep-alive connection to a local port."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> Response:
        self.send(request)
        return self.receive()

    def send(self, request: bytes) -> None:
        self._socket.sendall(request)

    def receive(self) -> Response:
        """The next answer. Raises ConnectionError when the server hangs up."""
        received = self._more(b"")
        while (end := received.find(_HEAD_ENDS)) < 0:
            received = self._more(received)
        head = received[:end]
        wanted = end + len(_HEAD_ENDS) + content_length(head)
        while len(received) < wanted:
            received = self._more(received)
        assert len(received) == wanted, "more than one answer came"
        return Response(int(head[9:12]), head, received[end + len(_HEAD_ENDS) :])

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def _more(self, received: bytes) -> bytes:
        chunk = self._socket.recv(_CHUNK)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        return received + chunk if received else chunk


def content_length(head: bytes) -> int:
    """Raises ValueError for an answer without one: ours all have it."""
    low = head.lower()
    if low[9:12] in (b"204", b"304"):
        return 0
    start = low.find(b"\r\ncontent-length:")
    if start < 0:
        raise ValueError("an answer without Content-Length")
    start += len(b"\r\ncontent-length:")
    end = low.find(b"\r\n", start)
    return int(low[start : end if end >= 0 else None])


def drive(connections: list[Connection], requests: Iterator[bytes], *, seconds: float) -> float:
    """Keep every connection busy; answers a second. Ends early when requests run out.

    One thread: a connection that has its answer gets the next request at once. Raises
    AssertionError for an answer that is not a 200.
    """
    answered = 0
    with selectors.DefaultSelector() as selector:
        by_number = {connection.fileno(): connection for connection in connections}
        for number in by_number:
            selector.register(number, selectors.EVENT_READ)
        began = time.perf_counter()
        ends = began + seconds
        waiting = sum(_send_next(connection, requests) for connection in connections)
        while waiting:
            for key, _ in selector.select():
                connection = by_number[key.fd]
                response = connection.receive()
                assert response.status == 200, response
                answered += 1
                if time.perf_counter() > ends or not _send_next(connection, requests):
                    waiting -= 1
        return answered / (time.perf_counter() - began)


def _send_next(connection: Connection, requests: Iterator[bytes]) -> bool:
    request = next(requests, None)
    if request is None:
        return False
    connection.send(request)
    return True
