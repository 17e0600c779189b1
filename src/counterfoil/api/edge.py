"""One `/v1` request, from WSGI's environment to an answer. No framework in between.

GETs run without a transaction. A POST or DELETE runs in one, which also keeps the answer under
its idempotency key (`idempotency.py`).
"""

from __future__ import annotations

import logging
import os
from typing import Any, Final

import msgspec
from django.db import DatabaseError, OperationalError, connection

from counterfoil.access.origin import address_of
from counterfoil.api import idempotency
from counterfoil.api.addresses import reached
from counterfoil.api.auth import authenticate
from counterfoil.api.body import read_form, skip_body
from counterfoil.api.endpoint import Call, Endpoint, allowed_methods, find
from counterfoil.api.errors import (
    Answer,
    Busy,
    Headers,
    InvalidParameters,
    UnknownUrl,
    refusal_answer,
    server_error,
)
from counterfoil.api.expand import Tree, expand, expansion
from counterfoil.api.forms import Form, as_list
from counterfoil.api.other_mode import with_hint
from counterfoil.audit.acting import Acting, acting
from counterfoil.events.operations import RequestOrigin, origin
from counterfoil.kit import clock
from counterfoil.kit.db import unit_of_work
from counterfoil.kit.failpoints import failpoint
from counterfoil.kit.refused import (
    Conflict,
    Declined,
    IdempotencyMismatch,
    InvalidRequest,
    Refused,
    ResourceMissing,
)
from counterfoil.kit.versions import API_VERSION

_READS: Final = ("GET", "HEAD")
_LOOKS: Final = 3  # at a key that somebody else answers between our look and our commit
_LONGEST_ECHO: Final = 255

logger = logging.getLogger(__name__)
_encode = msgspec.json.Encoder().encode


class Request:
    """A request on its way: what is known of it so far."""

    __slots__ = (
        "body_read",
        "call",
        "endpoint",
        "environ",
        "id",
        "method",
        "now_wall",
        "path",
        "slot",
        "tree",
    )

    def __init__(self, environ: dict[str, Any]) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ["PATH_INFO"]
        self.now_wall = clock.wall_now()
        self.id = f"req_{os.urandom(12).hex()}"
        self.endpoint: Endpoint | None = None
        self.slot: idempotency.Slot | None = None
        self.tree: Tree | None = None
        self.call: Call | None = None
        self.body_read = False


def respond(environ: dict[str, Any]) -> Answer:
    """The answer to a request under `/v1/`, with every header; never raises."""
    request = Request(environ)
    try:
        answer = _serve(request)
    except Refused as refusal:
        answer = _refusal(refusal, request)
    except OperationalError as error:
        answer = _database_trouble(error, request)
    except Exception:
        # The edge: whatever nobody foresaw becomes the envelope that clients can read. It is
        # logged with its request, and nothing of it is shown.
        logger.exception("%s failed: %s %s", request.id, request.method, request.path)
        answer = _our_mistake(request)
    answer.headers += _usual_headers(request, answer)
    if request.method not in _READS:
        if not request.body_read:
            skip_body(environ)
        failpoint("api.before_answer")
    return answer


def _serve(request: Request) -> Answer:
    environ = request.environ
    if request.method == "OPTIONS":
        return _options(request)
    reads = request.method in _READS
    request.endpoint, arguments = find("GET" if reads else request.method, request.path)
    endpoint = request.endpoint
    caller = authenticate(environ, publishable=endpoint.publishable)
    request.call = Call(caller, request.now_wall, request.id, environ)
    reached.set(environ)
    request.body_read = True
    form = read_form(environ, uploads=endpoint.uploads)
    key = idempotency.presented_key(environ) if request.method == "POST" else None
    if key is not None:
        request.slot = idempotency.slot(key, caller, request.method, request.path, form)
    if "expand" in form:
        request.tree = _expansion(endpoint, form)
    params = endpoint.decode(form)
    run: list[Any] = [request.call, *arguments]
    if endpoint.takes_params:
        run.append(params)
    if reads:
        return _run(request, run)
    token = origin.set(RequestOrigin(request.id, key, "platform"))
    who = acting.set(Acting("platform", caller.platform_id, request.now_wall, address_of(environ)))
    try:
        return _write(request, run) if request.slot is None else _write_once(request, run)
    finally:
        acting.reset(who)
        origin.reset(token)


def _run(request: Request, arguments: list[Any]) -> Answer:
    """Call the endpoint. A decline that left a record is an answer; refusals go on."""
    assert request.endpoint is not None
    assert request.call is not None
    try:
        result = request.endpoint.function(*arguments)
    except Declined as declined:
        if connection.needs_rollback:  # raised in the midst of its work: nothing stays
            raise
        return refusal_answer(declined)
    if request.tree is not None:
        expand(result, request.tree, request.call.caller)
    return result if isinstance(result, Answer) else Answer(200, _encode(result))


def _write(request: Request, arguments: list[Any]) -> Answer:
    assert request.endpoint is not None
    if request.endpoint.own_transactions:
        return _run(request, arguments)
    with unit_of_work():
        answer = _run(request, arguments)
        failpoint("api.before_commit")
    failpoint("api.after_commit")
    return answer


def _write_once(request: Request, arguments: list[Any]) -> Answer:
    slot = request.slot
    assert slot is not None
    idempotency.hold(slot)
    try:
        for _ in range(_LOOKS):
            try:
                return _write_or_replay(request, slot, arguments)
            except idempotency.Overtaken:
                continue
        raise idempotency.in_use(slot)
    finally:
        idempotency.release(slot)


def _write_or_replay(request: Request, slot: idempotency.Slot, arguments: list[Any]) -> Answer:
    assert request.endpoint is not None
    if request.endpoint.own_transactions:
        return _run_then_keep(request, slot, arguments)
    try:
        with unit_of_work():
            kept = idempotency.look(slot)
            if kept is not None:
                return _replay(kept)
            answer = _run(request, arguments)
            idempotency.keep(slot, answer, request_id=request.id, now_wall=request.now_wall)
            failpoint("api.before_commit")
    except Refused as refusal:
        if not _is_kept(refusal):
            raise
        answer = _refusal(refusal, request)
        idempotency.keep_refusal(slot, answer, request_id=request.id, now_wall=request.now_wall)
        return answer
    failpoint("api.after_commit")
    return answer


def _run_then_keep(request: Request, slot: idempotency.Slot, arguments: list[Any]) -> Answer:
    """For what commits step by step: the answer is kept afterwards, in a transaction of its own."""
    with unit_of_work():
        kept = idempotency.look(slot)
    if kept is not None:
        return _replay(kept)
    answer = _run(request, arguments)
    with unit_of_work():
        idempotency.keep(slot, answer, request_id=request.id, now_wall=request.now_wall)
    return answer


def _is_kept(refusal: Refused) -> bool:
    """Whether a refusal is an outcome to replay, or tells of parameters or of a busy key.

    Reference §1.6: parameters that fail validation, and conflicts, leave the key free.
    """
    if isinstance(refusal, InvalidParameters | Conflict | IdempotencyMismatch):
        return False
    code = refusal.code or "parameter_"
    about_parameters = code.startswith("parameter_") or code in _AMOUNTS
    return not (isinstance(refusal, InvalidRequest) and refusal.param and about_parameters)


_AMOUNTS: Final = frozenset({"amount_too_small", "amount_too_large"})


def _replay(kept: idempotency.Kept) -> Answer:
    kept.answer.headers += [
        ("Idempotent-Replayed", "true"),
        ("Original-Request", kept.request_id),
    ]
    return kept.answer


def _expansion(endpoint: Endpoint, form: Form) -> Tree | None:
    paths = as_list(form.pop("expand"))
    if paths is None or not all(isinstance(path, str) for path in paths):
        raise InvalidParameters(
            "Invalid array: expand is a list of properties, sent as expand[]=….", param="expand"
        )
    return expansion(endpoint.returns, paths) if paths else None


def _refusal(refusal: Refused, request: Request) -> Answer:
    if request.endpoint is None:
        return refusal_answer(refusal)
    if isinstance(refusal, ResourceMissing) and request.call is not None:
        refusal = with_hint(refusal, request.call)
    return refusal_answer(refusal, request.endpoint.names)


# PostgreSQL: serialization failure, deadlock, lock not available, canceled by a time limit.
_BUSY_STATES: Final = frozenset({"40001", "40P01", "55P03", "57014"})


def _database_trouble(error: OperationalError, request: Request) -> Answer:
    cause = error.__cause__
    state = getattr(cause, "sqlstate", None)
    name: str = getattr(cause, "sqlite_errorname", "") or ""
    if state in _BUSY_STATES or name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        logger.warning("%s gave way to another one: %s", request.id, error)
        return refusal_answer(Busy())
    logger.error("%s failed in the database", request.id, exc_info=error)
    return server_error(request.id)


def _our_mistake(request: Request) -> Answer:
    """A plain 500; kept under the key like any other outcome (§1.6), so a retry is no use."""
    answer = server_error(request.id)
    slot = request.slot
    if slot is not None:
        try:
            idempotency.keep_refusal(slot, answer, request_id=request.id, now_wall=request.now_wall)
        except DatabaseError:
            logger.exception("%s: the answer could not be kept", request.id)
        else:
            answer.headers.append(("Stripe-Should-Retry", "false"))
    return answer


def _options(request: Request) -> Answer:
    allowed = allowed_methods(request.path)
    if not allowed:
        raise UnknownUrl(request.method, request.path)
    return Answer(204, b"", [("Allow", ", ".join([*allowed, "OPTIONS"]))])


def _usual_headers(request: Request, answer: Answer) -> Headers:
    environ = request.environ
    headers = [
        ("Content-Type", answer.media_type),
        ("X-Content-Type-Options", "nosniff"),
        ("Request-Id", request.id),
        ("Stripe-Version", _echo(environ, "HTTP_STRIPE_VERSION") or API_VERSION),
        ("Cache-Control", "no-cache, no-store"),
    ]
    if account := _echo(environ, "HTTP_STRIPE_ACCOUNT"):
        headers.append(("Stripe-Account", account))
    if key := _echo(environ, "HTTP_IDEMPOTENCY_KEY"):
        headers.append(("Idempotency-Key", key))
    return headers


def _echo(environ: dict[str, Any], name: str) -> str | None:
    """A header to send back; None when it was not sent, or cannot stand in a header."""
    value: str | None = environ.get(name)
    if value and len(value) <= _LONGEST_ECHO and value.isascii() and value.isprintable():
        return value
    return None
