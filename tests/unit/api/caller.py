"""Calling `/v1` as an SDK does: forms in, JSON out, every answer checked for its headers.

api.post("charges", {"amount": 1000, …}, key="once").json["id"]
api.get("charges", {"limit": 3}, on=seller)
assert_refused(api.post("charges", {}), 400, "parameter_missing", param="amount")
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote_plus

from django.http import HttpResponse
from django.test import Client
from stripe._encode import _api_encode

from counterfoil.api.wsgi import api_first
from counterfoil.config.wsgi import application as pages
from tests.support.builders import World

FORM = "application/x-www-form-urlencoded"
UNSET = object()

CHARGE = {"amount": 1000, "currency": "usd", "source": "tok_visa"}


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    json: Any
    headers: dict[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        return self.json["error"]


def encoded(params: Any) -> str:
    """The form that the Python SDK would send."""
    if isinstance(params, str):
        return params
    fields = _api_encode(params or {})
    return "&".join(f"{quote_plus(name)}={quote_plus(str(value))}" for name, value in fields)


class Api:
    """One platform's key, and the world that belongs to it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.key = world.key
        self._client = Client()

    def get(self, path: str, params: Any = None, **how: Any) -> Reply:
        query = encoded(params)
        return self.send("GET", f"{path}?{query}" if query else path, "", **how)

    def delete(self, path: str, **how: Any) -> Reply:
        return self.send("DELETE", path, "", **how)

    def post(self, path: str, params: Any = None, **how: Any) -> Reply:
        return self.send("POST", path, encoded(params), **how)

    def send(
        self,
        method: str,
        path: str,
        body: str | bytes,
        *,
        content_type: str = FORM,
        on: str | None = None,
        key: str | None = None,
        auth: Any = UNSET,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """`on`: Stripe-Account. `key`: Idempotency-Key. `auth`: Authorization, None for none."""
        sent = {"Stripe-Account": on, "Idempotency-Key": key, **(headers or {})}
        sent["Authorization"] = f"Bearer {self.key}" if auth is UNSET else auth
        given = {name: value for name, value in sent.items() if value is not None}
        target = path if path.startswith("/") else f"/v1/{path}"
        response = self._client.generic(
            method, target, body, content_type=content_type, headers=given
        )
        return reply(response)

    def with_key(self, key: str) -> Self:
        """The same world called with another key."""
        other = type(self)(self.world)
        other.key = key
        return other


def reply(response: HttpResponse) -> Reply:
    headers = dict(response.headers)
    assert headers["Content-Type"] == "application/json"
    assert headers["Request-Id"].startswith("req_")
    body = response.content
    return Reply(response.status_code, json.loads(body) if body else None, headers, body)


def assert_refused(
    answer: Reply,
    status: int,
    code: str | None,
    *,
    param: str | None = None,
    kind: str = "invalid_request_error",
    says: str = "",
) -> None:
    """The envelope: exactly these fields, and a message that holds `says`."""
    expected = {"type": kind, "code": code, "param": param}
    shown = dict(answer.error)
    message = shown.pop("message")
    assert (answer.status, shown) == (
        status,
        {name: value for name, value in expected.items() if value is not None},
    )
    assert says in message
    assert len(message) > 10


class StraightApi(Api):
    """The same calls through the WSGI server's short way, without Django's request."""

    def send(self, method: str, path: str, body: Any, **how: Any) -> Any:
        raw = body.encode() if isinstance(body, str) else body
        target, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": f"/v1/{target}",
            "QUERY_STRING": query,
            "CONTENT_TYPE": how.get("content_type", FORM),
            "CONTENT_LENGTH": str(len(raw)),
            "HTTP_AUTHORIZATION": f"Bearer {self.key}",
            "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(raw),
            "wsgi.url_scheme": "http",
        }
        for name, value in (how.get("headers") or {}).items():
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
        return straight_answer(environ)


def straight_answer(environ: dict[str, Any]) -> tuple[str, dict[str, str], bytes]:
    seen: list[Any] = []
    body = b"".join(api_first(pages)(environ, lambda *started: seen.extend(started)))
    status, headers = seen
    assert len({name for name, _ in headers}) == len(headers)
    return status, dict(headers), body
