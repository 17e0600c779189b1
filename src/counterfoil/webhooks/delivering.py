"""The worker's part: what is due is sent, many at once, so that nobody waits for the slow.

One thread speaks with the database: it claims, hands out, and writes down what came back, as much
as there is in one transaction. The others only send. An endpoint has so many of them at most, and
few while it fails, so an address that hangs keeps two threads busy and slows nobody.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from counterfoil.kit.clock import wall_now
from counterfoil.kit.failpoints import failpoint
from counterfoil.webhooks.claiming import Claimed, Tried, claim, waiting_endpoints, write_down
from counterfoil.webhooks.operations.disabling import disable_dead
from counterfoil.webhooks.sending.sender import Answer, Sender
from counterfoil.webhooks.signing import signature_header

THREADS: Final = 64
EACH: Final = 16  # at once to one endpoint, in one worker
EACH_FAILING: Final = 2
IDLE_SECONDS: Final = 0.5
_LOOK_AGAIN_SECONDS: Final = 0.25  # for more to do, while answers are awaited
_UNREACHABLE_SECONDS: Final = 5.0

log = logging.getLogger(__name__)
Heard = Callable[[Tried], None]


class Deliverer:
    """Sends what is due until told to stop, or until nothing is due any more."""

    def __init__(self, *, listeners: Sequence[str] = (), heard: Heard | None = None) -> None:
        """With `listeners`, only for those of a `counterfoil listen`, to any address; `heard` is
        told of each answer once it is written down."""
        self._listeners = listeners
        self._heard = heard
        self._sender = Sender(anywhere=settings.DEVELOPMENT or bool(listeners))
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="webhook")
        self._came_back: queue.SimpleQueue[Tried] = queue.SimpleQueue()
        self._in_flight: Counter[str] = Counter()

    def run(self, stop: threading.Event) -> None:
        """Until `stop`; then waits for what is on its way. Outlives a lost database."""
        while not stop.is_set():
            try:
                if not self._round():
                    close_old_connections()
                    stop.wait(IDLE_SECONDS)
            except (OperationalError, InterfaceError) as error:
                log.warning("the database does not answer, trying again: %s", error)
                close_old_connections()
                stop.wait(_UNREACHABLE_SECONDS)
        self._finish()

    def drain(self) -> int:
        """All that is due now and while it works; how many tries that were."""
        done = 0
        while tried := self._round():
            done += max(tried, 0)
        self._finish()
        return done

    def _round(self) -> int:
        """Hand out what there is room for, write down what came back.

        How many tries were written down, -1 for none yet, 0 when nothing is due or awaited.
        """
        taken = self._hand_out()
        if not self._in_flight:
            return 0
        tried = self._collect(_LOOK_AGAIN_SECONDS if not taken else 0.01)
        if not tried:
            return -1
        self._write_down(tried)
        return len(tried)

    def _hand_out(self) -> int:
        room = THREADS - self._in_flight.total()
        if room <= 0:
            return 0
        now = wall_now()
        wanted = []
        for endpoint in waiting_endpoints(now, listeners=self._listeners):
            most = EACH_FAILING if endpoint.failing else EACH
            share = min(most - self._in_flight[endpoint.id], room)
            if share > 0:
                wanted.append((endpoint, share))
                room -= share
        taken = claim(wanted, now=now)
        failpoint("webhooks.after_claim")
        for claimed in taken:
            self._in_flight[claimed.endpoint.id] += 1
            self._pool.submit(self._send, claimed)
        return len(taken)

    def _send(self, claimed: Claimed) -> None:
        at = wall_now()
        signature = signature_header(claimed.body, secrets=claimed.endpoint.secrets, at=at)
        try:
            answer = self._sender.post(
                claimed.endpoint.url, claimed.body, {"Stripe-Signature": signature}
            )
        except BaseException as error:
            # A mistake of ours: this delivery fails, the thread and the others go on.
            log.exception("sending failed: delivery=%s", claimed.id)
            answer = Answer(None, 0, "protocol", f"{type(error).__name__}: {error}"[:500])
        self._came_back.put(Tried(claimed, answer, signature, at))

    def _collect(self, seconds: float) -> list[Tried]:
        """What has come back; waits for the first of it."""
        tried: list[Tried] = []
        with suppress(queue.Empty):
            tried.append(self._came_back.get(timeout=seconds))
            while True:
                tried.append(self._came_back.get_nowait())
        for one in tried:
            self._in_flight[one.claimed.endpoint.id] -= 1
            if not self._in_flight[one.claimed.endpoint.id]:
                del self._in_flight[one.claimed.endpoint.id]
        return tried

    def _write_down(self, tried: list[Tried]) -> None:
        failpoint("webhooks.after_answer")
        now = wall_now()
        write_down(tried, now=now)
        failing = {one.claimed.endpoint.id for one in tried if not one.answer.delivered}
        if failing:
            disable_dead(sorted(failing), now_wall=now)
        if self._heard is not None:
            for one in tried:
                self._heard(one)

    def _finish(self) -> None:
        """Whatever is on its way has a time limit."""
        while self._in_flight:
            if tried := self._collect(1.0):
                self._write_down(tried)
        self._pool.shutdown()
        self._sender.close()


def deliver_due(_now_wall: int) -> int:
    """A duty: everything that is due, for `worker --once`."""
    return Deliverer().drain()


def keep_delivering(stop: threading.Event) -> None:
    """For a thread of the worker's own; its database connection ends with it."""
    try:
        Deliverer().run(stop)
    finally:
        connection.close()
