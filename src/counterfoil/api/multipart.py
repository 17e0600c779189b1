"""Forms with files in them, read by Django's own parser."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from counterfoil.api.errors import InvalidParameters
from counterfoil.api.forms import Form, Upload, parse
from counterfoil.kit.refused import TooLarge

_MULTIPART: Final = "multipart/form-data"


class _Kept(FileUploadHandler):
    """Files stay in memory: the body has been read, and it is limited."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._parts = []

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's
        self._parts.append(raw_data)

    def file_complete(self, file_size: int) -> Any:  # noqa: ARG002 - Django's signature
        return Upload(self.file_name, b"".join(self._parts))


def is_multipart(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == _MULTIPART


def parse_multipart(raw: bytes, content_type: str, *, query: str) -> Form:
    """The form as nested values, files as `Upload`.

    Raises InvalidParameters for a body that cannot be read, for two files in one part's name,
    and where the query holds parameters; TooLarge for texts beyond 512 KiB.
    """
    if query:
        raise InvalidParameters("Send every parameter of an upload in its body, none in the URL.")
    described = {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(raw))}
    try:
        texts, files = MultiPartParser(described, BytesIO(raw), [_Kept()], "utf-8").parse()
    except RequestDataTooBig:
        raise TooLarge("The texts beside the file are too large. Send less of them.") from None
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise InvalidParameters(f"The multipart body cannot be read: {error}") from None
    encoded = texts.urlencode()
    form = parse(encoded) if encoded else {}
    for name, uploads in files.lists():
        if len(uploads) > 1 or name in form:
            raise InvalidParameters(f"Send {name} once.", param=name)
        form[name] = uploads[0]
    return form
