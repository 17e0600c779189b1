"""The official Python SDK against a live server: only the base URL is changed.

Every answer is judged as it arrives, before the SDK makes objects of it: its body against the
SDK's own types (`sdk_types`), its headers against reference api.md §1.5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import stripe

from tests.contract.ours import assert_ours, is_ours
from tests.contract.sdk_types import assert_valid, validate_error

REQUEST_ID: Final = re.compile(r"req_[A-Za-z0-9]{10,}")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came over the wire; header names in lower case."""

    method: str
    path: str
    status: int
    body: dict[str, Any]
    headers: dict[str, str]
    sent: frozenset[str] = frozenset()  # names of the top-level parameters


class Witness(stripe.RequestsClient):
    """The SDK's usual HTTP client, which keeps and judges what comes back."""

    def __init__(self) -> None:
        super().__init__(timeout=30)
        self.answers: list[Answer] = []

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
    ) -> tuple[bytes, int, Mapping[str, str]]:
        content, status, got = super().request(method, url, headers, post_data)
        lower = {name.lower(): value for name, value in got.items()}
        target = urlsplit(url)
        answer = Answer(
            method.upper(),
            target.path,
            status,
            json.loads(content),
            lower,
            _names(target.query) | _names(post_data),
        )
        self.answers.append(answer)
        judge(answer, sent=headers or {})
        return content, status, got


def _names(form: object) -> frozenset[str]:
    """The top-level parameters of a query, of a form, or of an upload."""
    if isinstance(form, bytes):
        found = re.findall(rb'form-data; name="([a-z_0-9]+)', form)
        return frozenset(name.decode() for name in found)
    pairs = parse_qsl(form, keep_blank_values=True) if isinstance(form, str) else []
    return frozenset(name.partition("[")[0] for name, _ in pairs)


def judge(answer: Answer, *, sent: Mapping[str, str]) -> None:
    """Raise AssertionError with everything that is wrong with an answer."""
    where = f"{answer.method} {answer.path} → {answer.status}"
    assert REQUEST_ID.fullmatch(answer.headers.get("request-id", "")), f"{where}: no Request-Id"
    assert answer.headers["content-type"].startswith("application/json"), where
    for name in ("Stripe-Version", "Stripe-Account", "Idempotency-Key"):
        if name in sent:
            assert answer.headers.get(name.lower()) == sent[name], f"{where}: {name} not echoed"
    if answer.status == 200 and is_ours(answer.body):
        assert_ours(answer.body)
    elif answer.status == 200:
        assert_valid(answer.body)
    else:
        problems = validate_error(answer.body)
        assert not problems, f"{where}: {problems}"


def official_client(
    url: str, key: str, *, witness: Witness | None = None, **options: Any
) -> stripe.StripeClient:
    """The SDK as a platform would make it. `options` are StripeClient's own."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": url, "files": url, "connect": url},
        http_client=witness or Witness(),
        **options,
    )
