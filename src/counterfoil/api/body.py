"""Reading what a request carries: its query, its form, and never more than half a megabyte.

Only endpoints that declare `uploads` read more, and only of a multipart form.
"""

from __future__ import annotations

from typing import Any, Final

from counterfoil.api.errors import InvalidParameters
from counterfoil.api.forms import Form, parse
from counterfoil.api.multipart import is_multipart, parse_multipart
from counterfoil.files.policy import LARGEST
from counterfoil.kit.refused import TooLarge

MOST_BYTES: Final = 512 * 1024
MOST_UPLOADED: Final = LARGEST + MOST_BYTES
_MOST_DRAINED: Final = 8 * 1024 * 1024
_CHUNK: Final = 64 * 1024
_FORM: Final = "application/x-www-form-urlencoded"


def read_form(environ: dict[str, Any], *, uploads: bool = False) -> Form:
    """The parameters: of the query, and of the body of a POST.

    With `uploads` the body may be multipart/form-data, 512 KiB larger than the largest file.
    Raises TooLarge beyond 512 KiB, InvalidParameters for another content type than a form.
    """
    query: str = environ.get("QUERY_STRING") or ""
    if environ["REQUEST_METHOD"] != "POST":
        return parse(_utf8(query.encode("latin-1"))) if query else {}
    content_type: str = environ.get("CONTENT_TYPE") or ""
    if uploads and is_multipart(content_type):
        return parse_multipart(_body(environ, most=MOST_UPLOADED), content_type, query=query)
    raw = _body(environ)
    if raw and content_type.partition(";")[0].strip().lower() not in (_FORM, ""):
        raise InvalidParameters(
            f"The body is sent as {content_type.partition(';')[0]}. Send parameters as {_FORM},"
            " nested ones in brackets: shipping[name]=Ada."
        )
    text = _utf8(raw)
    if query:
        text = f"{_utf8(query.encode('latin-1'))}&{text}"
    return parse(text) if text else {}


def _body(environ: dict[str, Any], *, most: int = MOST_BYTES) -> bytes:
    stream = environ["wsgi.input"]
    length: str = environ.get("CONTENT_LENGTH") or ""
    if not length:
        # Sent in chunks: the server ends the stream where the body ends, if it says so.
        raw: bytes = stream.read(most + 1) if environ.get("wsgi.input_terminated") else b""
        if len(raw) > most:
            _drain(stream, most + _MOST_DRAINED)
            raise _too_large(most)
        return raw
    if not (length.isascii() and length.isdigit()):
        raise InvalidParameters("Content-Length is not a number.")
    if int(length) > most:
        _drain(stream, min(int(length), most + _MOST_DRAINED))
        raise _too_large(most)
    return stream.read(int(length)) if length != "0" else b""


def skip_body(environ: dict[str, Any]) -> None:
    """Read a body that nobody wants, and keep none of it.

    A client that is still sending would see a broken connection instead of its refusal.
    """
    length: str = environ.get("CONTENT_LENGTH") or ""
    if length.isascii() and length.isdigit():
        _drain(environ["wsgi.input"], min(int(length), _MOST_DRAINED))
    elif environ.get("wsgi.input_terminated"):
        _drain(environ["wsgi.input"], _MOST_DRAINED)


def _drain(stream: Any, most: int) -> None:
    while most > 0 and (chunk := stream.read(min(most, _CHUNK))):
        most -= len(chunk)


def _too_large(most: int) -> TooLarge:
    return TooLarge(
        f"The body is larger than {most // 1024} KiB, the most that one request may carry."
        " Send less in one request."
    )


def _utf8(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise InvalidParameters("The parameters are not UTF-8. Send texts as UTF-8.") from None
