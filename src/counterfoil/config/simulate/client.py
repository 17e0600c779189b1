"""Requests as an SDK sends them, through the API's own edge, without a socket."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus

import msgspec

from counterfoil.api import resources  # noqa: F401 - importing declares the endpoints
from counterfoil.api.edge import respond


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def ok(self) -> bool:
        return self.status == 200

    @property
    def replayed(self) -> bool:
        return self.headers.get("Idempotent-Replayed") == "true"

    def json(self) -> dict[str, Any]:
        decoded: dict[str, Any] = msgspec.json.decode(self.body)
        return decoded

    @property
    def code(self) -> str:
        """Of a refusal."""
        error = self.json().get("error", {})
        return str(error.get("code") or error.get("type"))


def send(
    method: str,
    path: str,
    params: Mapping[str, Any] | None,
    *,
    secret_key: str,
    account: str | None = None,
    idempotency_key: str | None = None,
) -> Reply:
    """One request under `/v1/` and its answer."""
    form = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in _fields(params))
    body = form.encode() if method == "POST" else b""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": f"/v1/{path}",
        "QUERY_STRING": "" if method == "POST" else form,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_AUTHORIZATION": f"Bearer {secret_key}",
        "HTTP_HOST": "localhost",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    if account is not None:
        environ["HTTP_STRIPE_ACCOUNT"] = account
    if idempotency_key is not None:
        environ["HTTP_IDEMPOTENCY_KEY"] = idempotency_key
    answer = respond(environ)
    return Reply(answer.status, bytes(answer.body), dict(answer.headers))


def _fields(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Bracketed names, as the API reads them: `a[b]=x`, `a[]=x`."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _fields(part, f"{name}[{key}]" if name else key)
    elif isinstance(value, list):
        for part in value:
            yield from _fields(part, f"{name}[]")
    elif isinstance(value, bool):
        yield name, "true" if value else "false"
    elif value is not None:
        yield name, str(value)
