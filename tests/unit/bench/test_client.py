"""The raw client understands what our servers answer, and nothing else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import repeat

import pytest

from bench.client import Connection, content_length, drive
from bench.weight import first_load
from bench.world import Request


@contextmanager
def answering(*answers: bytes, pieces: int = 1) -> Iterator[int]:
    """A port where each connection gets the answers in turn, the last again and again."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with connection:
            number = 0
            while connection.recv(65_536):
                answer = answers[min(number, len(answers) - 1)]
                size = -(-len(answer) // pieces)
                for start in range(0, len(answer), size):
                    connection.sendall(answer[start : start + size])
                number += 1

    def accept() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


def answer(body: bytes = b"ok", status: str = "200 OK", kind: str = "text/plain") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nContent-Type: {kind}\r\n\r\n"
    return head.encode() + body


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_one_connection_carries_answer_after_answer(pieces):
    with answering(answer(b"one"), answer(b"another"), pieces=pieces) as port:
        connection = Connection(port)
        first, second = connection.ask(b"a"), connection.ask(b"b")
        connection.close()
    assert (first.status, first.body, second.body) == (200, b"one", b"another")
    assert second.size == len(answer(b"another"))


@pytest.mark.parametrize(
    ("head", "length"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nServer: x", 12),
        (b"HTTP/1.1 200 OK\r\nserver: x\r\ncontent-length:3", 3),
        (b"HTTP/1.1 204 No Content\r\nServer: x", 0),
    ],
)
def test_the_length_of_an_answer(head, length):
    assert content_length(head) == length


def test_an_answer_without_its_length_is_not_ours():
    with pytest.raises(ValueError, match="Content-Length"):
        content_length(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked")


def test_requests_that_run_out_are_all_answered():
    sent = [b"a", b"b", b"c", b"d", b"e"]
    with answering(answer()) as port:
        connections = [Connection(port) for _ in range(3)]
        left = iter(sent)
        per_second = drive(connections, left, seconds=60)
    assert per_second > 0
    assert next(left, None) is None


def test_driving_ends_when_its_time_is_over():
    with answering(answer()) as port:
        assert drive([Connection(port)], repeat(b"a"), seconds=0.05) > 0


def test_any_other_status_stops_the_measurement():
    with (
        answering(answer(status="500 Internal Server Error")) as port,
        pytest.raises(AssertionError, match="500"),
    ):
        drive([Connection(port)], repeat(b"a"), seconds=5)


def test_the_weight_of_a_page_is_all_that_it_makes_a_browser_fetch():
    page = answer(
        b'<link rel="stylesheet" href="/a.css"><svg><use href="#inside"/></svg>'
        b'<script src="/b.js"></script><a href="/elsewhere">not fetched</a>',
        kind="text/html; charset=utf-8",
    )
    css = answer(b".x { background: url(/c.svg) }", kind="text/css")
    # Each is asked for in turn: the last link that was found comes first.
    script, image = answer(b"1", kind="text/javascript"), answer(b"<svg/>", kind="image/svg+xml")
    with answering(page, script, css, image) as port:
        found = first_load(port, Request("GET", "/", {}))
    assert found == {
        "html": len(page),
        "script": len(script),
        "css": len(css),
        "image": len(image),
        "requests": 4,
        "total": len(page) + len(script) + len(css) + len(image),
    }
