"""Sending one event, and reading no more of the answer than we want to keep."""

from __future__ import annotations

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from threading import Lock
from typing import Final
from urllib.parse import SplitResult, urlsplit

from counterfoil import __version__
from counterfoil.webhooks.sending.connection import DEFAULT_PORTS, TimedSocket, open_connection
from counterfoil.webhooks.sending.errors import SendingFailed

ANSWER_SECONDS: Final = 10.0  # to connect, to send and until the status is there
BODY_SECONDS: Final = 2.0  # for what follows the status
BODY_BYTES: Final = 16 * 1024  # of an answer that are read; the connection is closed beyond
SHOWN_LETTERS: Final = 2000  # of an answer that the log keeps
_REUSED_SECONDS: Final = 60.0  # then a name is resolved, and judged, again
_IDLE_MOST: Final = 32  # connections to one host


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one try. `code` is the HTTP status, None when there was no answer."""

    code: int | None
    milliseconds: int
    error: str | None = None  # a kind of `errors.Kind`, or `redirect`
    detail: str | None = None
    body: str | None = None

    @property
    def delivered(self) -> bool:
        return self.code is not None and 200 <= self.code < 300


@dataclass(slots=True)
class _Open:
    connection: HTTPConnection
    socket: TimedSocket
    since: float


class Sender:
    """Posts, over connections that are kept. Any number of threads may use one."""

    def __init__(self, *, anywhere: bool) -> None:
        self._anywhere = anywhere  # whether private addresses may be called: in development
        self._idle: dict[tuple[str, str, int], list[_Open]] = {}
        self._lock = Lock()

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send, follow nothing, and say what came back. Raises nothing."""
        began = time.monotonic()
        try:
            response, text = self._exchange(urlsplit(url), body, headers)
        except SendingFailed as failure:
            return Answer(None, _since(began), failure.kind, failure.message)
        except TimeoutError:
            said = f"There was no answer within {ANSWER_SECONDS:g} seconds."
            return Answer(None, _since(began), "timeout", said)
        except (HTTPException, OSError, ValueError) as error:
            said = f"The answer is no HTTP: {type(error).__name__}: {error}"[:500]
            return Answer(None, _since(began), "protocol", said)
        if 300 <= response.status < 400:
            to = (response.headers.get("Location") or "")[:500]
            said = f"Redirected to {to}: put the final address into the endpoint."
            return Answer(response.status, _since(began), "redirect", said, text)
        return Answer(response.status, _since(began), body=text)

    def close(self) -> None:
        with self._lock:
            for one in (each for idle in self._idle.values() for each in idle):
                one.socket.hang_up()
            self._idle.clear()

    def _exchange(
        self, url: SplitResult, body: bytes, headers: dict[str, str]
    ) -> tuple[HTTPResponse, str]:
        host = url.hostname or ""
        where = (url.scheme, host, url.port or DEFAULT_PORTS[url.scheme])
        opened = self._kept(where)
        if opened is not None:
            try:
                return self._ask(where, opened, url, body, headers)
            except (HTTPException, ConnectionError):
                # The server had closed it meanwhile; an event may arrive twice anyway.
                pass
        connection, timed = open_connection(*where, anywhere=self._anywhere, seconds=ANSWER_SECONDS)
        return self._ask(where, _Open(connection, timed, time.monotonic()), url, body, headers)

    def _ask(
        self,
        where: tuple[str, str, int],
        opened: _Open,
        url: SplitResult,
        body: bytes,
        headers: dict[str, str],
    ) -> tuple[HTTPResponse, str]:
        opened.socket.deadline = time.monotonic() + ANSWER_SECONDS
        try:
            target = (url.path or "/") + (f"?{url.query}" if url.query else "")
            opened.connection.request("POST", target, body, _HEADERS | headers)
            response = opened.connection.getresponse()
        except BaseException:
            opened.socket.hang_up()
            raise
        text, whole = _beginning(response, opened.socket)
        response.close()
        if whole and not response.will_close:
            self._keep(where, opened)
        else:
            opened.socket.hang_up()
        return response, text

    def _kept(self, where: tuple[str, str, int]) -> _Open | None:
        with self._lock:
            idle = self._idle.get(where, [])
            while idle:
                one = idle.pop()
                if time.monotonic() - one.since < _REUSED_SECONDS:
                    return one
                one.socket.hang_up()
        return None

    def _keep(self, where: tuple[str, str, int], opened: _Open) -> None:
        with self._lock:
            idle = self._idle.setdefault(where, [])
            if len(idle) < _IDLE_MOST:
                idle.append(opened)
                return
        opened.socket.hang_up()


_HEADERS: Final = {
    "Accept": "*/*",
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": f"Counterfoil/{__version__}",
}


def _beginning(response: HTTPResponse, timed: TimedSocket) -> tuple[str, bool]:
    """The beginning of the body as text, and whether that was all of it.

    The status has been given, and it decides: a body that never ends changes nothing.
    """
    timed.deadline = time.monotonic() + BODY_SECONDS
    parts, size = [], 0
    try:
        while size < BODY_BYTES and (part := response.read1(BODY_BYTES - size)):
            parts.append(part)
            size += len(part)
        whole = response.isclosed() or response.length == 0
    except (HTTPException, OSError, ValueError):
        whole = False
    text = b"".join(parts).decode(errors="replace").replace("\x00", "�")
    return text[:SHOWN_LETTERS], whole


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
