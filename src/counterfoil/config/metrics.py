"""`/metrics`: what is waiting to be done, for Prometheus.

Read from the database at each scrape, so that it is the same whichever process answers, and so
that a worker that is gone shows. Only queues are counted, each along its index: what a scrape
costs does not grow with history. docs/operate/metrics.md says what each figure is for.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound

from counterfoil.kit import clock
from counterfoil.kit.db import fetch_all
from counterfoil.outbox.queries import longest_wait

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Sample = tuple[dict[str, str], int]  # labels, value


@dataclass(frozen=True, slots=True)
class Gauge:
    name: str
    help: str
    samples: Callable[[int], Iterable[Sample]]  # of the wall clock, UTC seconds


def metrics(request: HttpRequest) -> HttpResponse:
    """Open in development. Elsewhere it is there for whoever brings the token, if there is one."""
    if not settings.DEVELOPMENT and not _may_read(request.headers.get("Authorization", "")):
        return HttpResponseNotFound("Not found\n", content_type="text/plain")
    return HttpResponse(exposition(clock.wall_now()), content_type=CONTENT_TYPE)


def _may_read(authorization: str) -> bool:
    wanted = settings.METRICS_TOKEN
    if wanted is None:
        return False
    return hmac.compare_digest(authorization.encode(), f"Bearer {wanted}".encode())


def exposition(now: int) -> str:
    """Every gauge in Prometheus' text format. `now` is the wall clock, UTC seconds."""
    return "".join(f"{line}\n" for gauge in GAUGES for line in _lines(gauge, now))


def _lines(gauge: Gauge, now: int) -> Iterator[str]:
    yield f"# HELP {gauge.name} {gauge.help}"
    yield f"# TYPE {gauge.name} gauge"
    for labels, value in gauge.samples(now):
        text = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
        yield f"{gauge.name}{{{text}}} {value}" if text else f"{gauge.name} {value}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def _jobs(now: int) -> Iterator[Sample]:
    rows = fetch_all(
        "SELECT kind, state, COUNT(*) FROM (SELECT kind, CASE"
        " WHEN given_up_at IS NOT NULL THEN 'given_up' WHEN leased_until > %s THEN 'running'"
        " WHEN due_at > %s THEN 'later' ELSE 'due' END AS state FROM outbox_job) AS jobs"
        " GROUP BY kind, state ORDER BY kind, state",
        [now, now],
    )
    for kind, state, count in rows:
        yield {"kind": kind, "state": state}, count


def _oldest_job(now: int) -> Iterator[Sample]:
    yield {}, longest_wait(now)


def _due_accounts(now: int) -> Iterator[Sample]:
    condition = "a.next_payout_at IS NOT NULL AND a.deleted_at IS NULL"
    yield from _past_due("accounts_account a", "a.next_payout_at", condition, now)


def _due_payouts(now: int) -> Iterator[Sample]:
    yield from _past_due("payouts_payout a", "a.next_at", "a.next_at IS NOT NULL", now)


def _past_due(table: str, moment: str, condition: str, now: int) -> Iterator[Sample]:
    """Rows whose moment the clock of their platform and mode has passed."""
    for livemode, mode in _MODES:
        offset = "0" if livemode else "p.test_clock_offset"
        ((count,),) = fetch_all(
            f"SELECT COUNT(*) FROM platforms_platform p JOIN {table}"  # noqa: S608 - our own words
            f" ON a.platform_id = p.id AND a.livemode = %s AND {moment} <= %s + {offset}"
            f" WHERE {condition}",
            [livemode, now],
        )
        yield {"mode": mode}, count


def _payouts(_now: int) -> Iterator[Sample]:
    """Those to which something is still to happen, by status."""
    rows = fetch_all(
        "SELECT livemode, status, COUNT(*) FROM payouts_payout WHERE next_at IS NOT NULL"
        " GROUP BY livemode, status"
    )
    found = {(bool(livemode), status): count for livemode, status, count in rows}
    for livemode, mode in _MODES:
        for status in ("pending", "in_transit", "paid"):
            yield {"mode": mode, "status": status}, found.get((livemode, status), 0)


def _unsealed(_now: int) -> Iterator[Sample]:
    found = {bool(mode): count for mode, count in fetch_all(_UNSEALED)}
    for livemode, mode in _MODES:
        yield {"mode": mode}, found.get(livemode, 0)


def _deliveries(now: int) -> Iterator[Sample]:
    """Those that are under way; what is over is no queue."""
    rows = fetch_all(
        "SELECT livemode, CASE WHEN due_at > %s THEN 'later' ELSE 'due' END, COUNT(*)"
        " FROM webhooks_delivery WHERE due_at IS NOT NULL GROUP BY 1, 2",
        [now],
    )
    found = {(bool(livemode), state): count for livemode, state, count in rows}
    for livemode, mode in _MODES:
        for state in ("due", "later"):
            yield {"mode": mode, "state": state}, found.get((livemode, state), 0)


def _endpoints(_now: int) -> Iterator[Sample]:
    rows = fetch_all(
        "SELECT livemode, CASE WHEN status = 'enabled' AND failing_since IS NOT NULL"
        " THEN 'failing' ELSE status END, COUNT(*)"
        " FROM webhooks_endpoint WHERE status <> 'deleted' GROUP BY 1, 2"
    )
    found = {(bool(livemode), state): count for livemode, state, count in rows}
    for livemode, mode in _MODES:
        for state in ("enabled", "failing", "disabled"):
            yield {"mode": mode, "state": state}, found.get((livemode, state), 0)


_MODES: Final = ((False, "test"), (True, "live"))
_UNSEALED: Final = "SELECT livemode, COUNT(*) FROM ledger_unsealed GROUP BY livemode"

GAUGES: Final = (
    Gauge("counterfoil_outbox_jobs", "Jobs in the outbox.", _jobs),
    Gauge(
        "counterfoil_outbox_oldest_due_seconds",
        "How long the oldest job has been due that no worker has taken.",
        _oldest_job,
    ),
    Gauge(
        "counterfoil_accounts_due",
        "Accounts whose automatic payout should have run.",
        _due_accounts,
    ),
    Gauge(
        "counterfoil_payouts_due",
        "Payouts to which something should have happened.",
        _due_payouts,
    ),
    Gauge(
        "counterfoil_payouts_open",
        "Payouts to which something is still to happen.",
        _payouts,
    ),
    Gauge(
        "counterfoil_webhook_deliveries",
        "Events on their way to webhook endpoints.",
        _deliveries,
    ),
    Gauge(
        "counterfoil_webhook_endpoints",
        "Webhook endpoints, by how they do.",
        _endpoints,
    ),
    Gauge("counterfoil_unsealed_entries", "Journal entries that no block holds yet.", _unsealed),
)
