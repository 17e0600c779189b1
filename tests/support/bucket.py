"""A bucket on localhost: as much of S3 as keeping and reading single objects takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import unquote, urlsplit

KEY, SECRET, NAME = "AKIATEST", "se/cret", "uploads"


@dataclass(slots=True)
class Bucket:
    port: int
    objects: dict[str, bytes] = field(default_factory=dict)
    works: bool = True  # otherwise it answers that it is out of order
    signed_by: set[str] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"s3://{KEY}:se%2Fcret@127.0.0.1:{self.port}/{NAME}/all?tls=off&region=eu-west-1"


@contextmanager
def running_bucket() -> Iterator[Bucket]:
    class Answers(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            if self._may():
                bucket.objects[self._name()] = content
                self._say(200, b"", ETag='"1"')

        def do_GET(self) -> None:
            self._serve()

        def do_HEAD(self) -> None:
            self._serve()

        def _serve(self) -> None:
            if self._may():
                content = bucket.objects.get(self._name())
                if content is None:
                    self._say(404, b"<Error><Code>NoSuchKey</Code></Error>")
                else:
                    self._say(200, content, ETag='"1"')

        def _may(self) -> bool:
            """Whether it works, and somebody signed (that the signature fits, S3 would check)."""
            bucket.signed_by.add(self.headers.get("Authorization", "").partition("/2")[0])
            if not bucket.works:
                self._say(503, b"<Error><Code>ServiceUnavailable</Code></Error>")
            return bucket.works

        def _name(self) -> str:
            return unquote(urlsplit(self.path).path).removeprefix(f"/{NAME}/")

        def _say(self, status: int, content: bytes, **headers: str) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: the test says what was stored."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    bucket = Bucket(server.server_address[1])
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield bucket
    finally:
        server.shutdown()
        server.server_close()
