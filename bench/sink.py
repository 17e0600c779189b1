"""A server that takes webhooks and counts them: `python -m bench.sink`, in a process of its own.

Prints two ports: of one that answers at once, and of one that takes everything and never answers.
`GET /` on the first says how many requests came, of how many events, and when.
"""

from __future__ import annotations

import asyncio
import re
import time

import msgspec

EVERY = 100
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_EVENT = re.compile(rb'"id":"(evt_\w+)"')
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"


class Counted(msgspec.Struct):
    requests: int = 0
    events: int = 0
    marks: list[float] = []  # `time.time` at each `EVERY` events that had not come before


class _Counting:
    def __init__(self) -> None:
        self.seen: set[bytes] = set()
        self.counted = Counted()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                if head.startswith(b"GET"):
                    writer.write(_with_body(msgspec.json.encode(self.counted)))
                    continue
                length = _LENGTH.search(head)
                assert length is not None, head
                self._count(await reader.readexactly(int(length[1])))
                writer.write(_ANSWER)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def _count(self, body: bytes) -> None:
        found = _EVENT.search(body)
        assert found is not None, body[:200]
        self.counted.requests += 1
        if found[1] not in self.seen:
            self.seen.add(found[1])
            self.counted.events = len(self.seen)
            if self.counted.events % EVERY == 0:
                self.counted.marks.append(time.time())


def _with_body(body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def _never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while await reader.read(65_536):
        pass
    writer.close()


async def main() -> None:
    counting = _Counting()
    servers = [
        await asyncio.start_server(one, "127.0.0.1", 0, backlog=512)
        for one in (counting.answer, _never)
    ]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(main())
