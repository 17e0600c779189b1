"""What a browser fetches for its first sight of a page: bytes as they are sent, by kind."""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from urllib.parse import urljoin

from bench.client import Connection, Response
from bench.world import Request

_LINKS = re.compile(rb'<(?:link|script|img|use)\b[^>]*?\b(?:href|src)="([^"#][^"]*)"')
_IMPORTS = re.compile(rb"""url\(["']?([^"')]+)["']?\)|@import\s+["']([^"']+)["']""")
_KINDS = {b"text/html": "html", b"text/css": "css", b"image/svg+xml": "image"}


def first_load(port: int, request: Request) -> dict[str, int]:
    """Bytes on the wire with their headers, as a browser that accepts gzip gets them."""
    asks = {"Accept-Encoding": "gzip", **request.headers}
    connection = Connection(port)
    sizes: dict[str, int] = defaultdict(int)
    waiting, seen = [request.target], {request.target}
    while waiting:
        target = waiting.pop()
        response = connection.ask(Request("GET", target, asks).raw())
        assert response.status == 200, (target, response.status)
        sizes[_kind(response)] += response.size
        for found in _names(response):
            address = urljoin(target, found.decode())
            if address.startswith("/") and address not in seen:
                seen.add(address)
                waiting.append(address)
    connection.close()
    return {**sizes, "requests": len(seen), "total": sum(sizes.values())}


def _names(response: Response) -> list[bytes]:
    """What else a page or a stylesheet makes the browser fetch."""
    body = gzip.decompress(response.body) if b"gzip" in response.head.lower() else response.body
    kind = _kind(response)
    if kind == "html":
        return _LINKS.findall(body)
    if kind == "css":
        return [one or other for one, other in _IMPORTS.findall(body)]
    return []


def _kind(response: Response) -> str:
    head = response.head.lower()
    start = head.index(b"\r\ncontent-type:") + len(b"\r\ncontent-type:")
    value = head[start:].split(b"\r\n", 1)[0].split(b";", 1)[0].strip()
    return _KINDS.get(value, "script" if b"javascript" in value else "other")
