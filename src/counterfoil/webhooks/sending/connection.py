"""A connection to one judged address, with a moment after which it waits no more."""

from __future__ import annotations

import io
import socket
import ssl
import time
from functools import cache
from http.client import HTTPConnection
from typing import Any, Final

from counterfoil.webhooks.sending.errors import SendingFailed
from counterfoil.webhooks.sending.resolving import addresses_of

CONNECT_SECONDS: Final = 5.0
DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class TimedSocket:
    """What `http.client` needs of a socket; reading and writing together end at `deadline`.

    A socket's own timeout begins anew with each byte, so a server that sends one byte every
    nine seconds would never be given up.
    """

    def __init__(self, connected: socket.socket) -> None:
        self._socket = connected
        self.deadline = 0.0  # of `time.monotonic`

    def remaining(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("The answer took too long.")
        return left

    def sendall(self, data: bytes) -> None:
        self._socket.settimeout(self.remaining())
        self._socket.sendall(data)

    def receive(self, buffer: Any) -> int:
        self._socket.settimeout(self.remaining())
        return self._socket.recv_into(buffer)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """Nothing yet: `http.client` says this while the last answer is still to be read."""

    def hang_up(self) -> None:
        self._socket.close()


class _Incoming(io.RawIOBase):
    def __init__(self, source: TimedSocket) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._source.receive(buffer)


def open_connection(
    scheme: str, host: str, port: int, *, anywhere: bool, seconds: float
) -> tuple[HTTPConnection, TimedSocket]:
    """A connection to the first address that answers, within `seconds`. Raises SendingFailed."""
    deadline = time.monotonic() + seconds
    connected = _connected(host, addresses_of(host, port, anywhere=anywhere), port, deadline)
    if scheme == "https":
        connected = _encrypted(connected, host, deadline)
    timed = TimedSocket(connected)
    connection = HTTPConnection(host, port)
    connection.default_port = DEFAULT_PORTS[scheme]  # it is left out of the header Host
    connection.sock = timed
    connection.auto_open = 0  # never to an address that was not judged
    return connection, timed


def _connected(host: str, addresses: list[str], port: int, deadline: float) -> socket.socket:
    trouble: OSError | None = None
    for address in addresses:
        left = min(deadline - time.monotonic(), CONNECT_SECONDS)
        if left <= 0:
            break
        try:
            made = socket.create_connection((address, port), timeout=left)
        except OSError as error:
            trouble = error
            continue
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made
    if trouble is None or isinstance(trouble, TimeoutError):
        raise SendingFailed("timeout", f"{host}:{port} did not take the connection in time.")
    raise SendingFailed("connection", f"{host}:{port} refused the connection: {trouble}")


def _encrypted(plain: socket.socket, host: str, deadline: float) -> socket.socket:
    plain.settimeout(max(deadline - time.monotonic(), 0.01))
    try:
        return _tls().wrap_socket(plain, server_hostname=host)
    except TimeoutError as error:
        plain.close()
        raise SendingFailed("timeout", f"{host} did not agree on encryption in time.") from error
    except (ssl.SSLError, ssl.CertificateError, OSError) as error:
        plain.close()
        raise SendingFailed("tls", f"The connection to {host} is not safe: {error}") from error


@cache
def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
