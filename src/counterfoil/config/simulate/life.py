"""A plan lived through in the database at hand, until something breaks or all is done."""

from __future__ import annotations

import hashlib
import logging
import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from counterfoil.config.management.commands.check import run_checks
from counterfoil.config.simulate import operator
from counterfoil.config.simulate.banks_book import told_once_and_rightly
from counterfoil.config.simulate.bookkeeper import Bookkeeper
from counterfoil.config.simulate.client import Reply
from counterfoil.config.simulate.ending import wind_down
from counterfoil.config.simulate.faults import (
    AFTER_COMMIT,
    Crash,
    counting_writes,
    crash_at,
    faulty_bank,
)
from counterfoil.config.simulate.steps import Step
from counterfoil.config.simulate.world import NotThere, Prepared, World
from counterfoil.kit import clock, ids
from counterfoil.kit.invariants import Violation, snapshot
from counterfoil.ledger.check.chain import CHAIN
from counterfoil.ledger.sealing import seal_all

FULL_EVERY: Final = 500  # steps
_SEAL_EVERY: Final = 20

PASSED_OVER: Final = "not there"


class _Errors(logging.Handler):
    """What was logged as an error, as text."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(self.format(record))


@contextmanager
def _errors_heard() -> Iterator[list[str]]:
    """Inside, our packages log to a list; what they say below an error is not heard."""
    log = logging.getLogger("counterfoil")
    heard = _Errors()
    before = log.propagate
    log.addHandler(heard)
    log.propagate = False
    try:
        yield heard.texts
    finally:
        log.removeHandler(heard)
        log.propagate = before


@dataclass(slots=True)
class Story:
    """How a life went. `broken_at` is the step after which something did not hold."""

    steps: int = 0
    done: Counter[str] = field(default_factory=Counter)  # verb and how it ended
    faults: Counter[str] = field(default_factory=Counter)
    checks: int = 0
    entries: int = 0
    broken_at: Step | None = None
    violations: Sequence[Violation] = ()
    digest: str = ""  # of all that happened, and of the sealed books at the end
    heads: Sequence[str] = ()


def live(
    seed: int,
    steps: Sequence[Step],
    *,
    told: Callable[[int], None] = lambda _: None,
    full_every: int = FULL_EVERY,
) -> Story:
    """Live through the steps. The same seed and steps make the same story, to the last digest.

    `told` hears of each step. Stops at the first violation; the full check runs every
    `full_every` steps and at the end, before and after two calm months.
    """
    with ExitStack() as stack:
        life = _Life(seed, stack)
        for count, step in enumerate(steps, start=1):
            life.step(step)
            if count % full_every == 0:
                life.check_all()
            if life.story.violations:
                return life.finish(broken_at=step)
            told(count)
        life.wind_down()
        return life.finish(broken_at=steps[-1] if life.story.violations else None)


class _Life:
    def __init__(self, seed: int, stack: ExitStack) -> None:
        self.seed = seed
        self.world = World()
        self.books = Bookkeeper()
        self.story = Story()
        self._history = hashlib.sha256()
        self._checked = (0, False)
        self._chance = random.Random()  # noqa: S311 - ids that can be made again
        stack.enter_context(ids.predictable(self._chance))
        stack.enter_context(clock.another_wall_clock(lambda: self.world.now))
        stack.enter_context(faulty_bank())
        self._errors = stack.enter_context(_errors_heard())

    def step(self, step: Step) -> None:
        self.story.steps += 1
        self.world.now += step.seconds
        # By the step's own number: with others left out, its ids stay the same.
        self._chance.seed(f"{self.seed}:{step.number}")
        self._errors.clear()
        found: list[Violation] = []
        try:
            outcome = self._perform(step, found)
        except NotThere:
            outcome = PASSED_OVER
        except Exception:  # noqa: BLE001 - whatever nobody foresaw is what we are looking for
            outcome = "error"
            found.append(Violation("unexpected_error", step.verb, traceback.format_exc()))
        found += [Violation("error_logged", step.verb, text) for text in self._errors]
        before = self.books.entries
        found += self.books.look(self.world.nows())
        if outcome.startswith("4") and self.books.entries != before:
            detail = f"{self.books.entries - before} entries were written though it was refused."
            found.append(Violation("refused_changes_nothing", step.verb, detail))
        self.story.done[f"{step.verb}: {outcome}"] += 1
        self.story.violations = found
        self._history.update(f"{step.number} {step.verb} {outcome}\n".encode())
        if step.number % _SEAL_EVERY == 0:
            self._seal()

    def check_all(self, *, ended: bool = False) -> None:
        """Once for each step, and once more at the very end."""
        moment = (self.story.steps, ended)
        if self.story.violations or moment == self._checked:
            return
        self._checked = moment
        self.story.checks += 1
        report = run_checks(now=self.world.now)
        self.story.violations = [*report.violations, *told_once_and_rightly()]

    def wind_down(self) -> None:
        """The last full check, and one more when all that was begun has come to its end."""
        self.check_all()
        if self.story.violations:
            return
        self._chance.seed(f"{self.seed}:end")
        found = list(wind_down(self.world))
        self.story.violations = [*found, *self.books.look(self.world.nows())]
        self.check_all(ended=True)

    def finish(self, *, broken_at: Step | None) -> Story:
        self.story.broken_at = broken_at
        self._seal()
        with snapshot(self.world.now) as moment:
            self.story.heads = [head.hash for head in CHAIN.heads(moment)]
        self._history.update(" ".join(self.story.heads).encode())
        self.story.digest = self._history.hexdigest()
        self.story.entries = self.books.entries
        return self.story

    def _seal(self) -> None:
        self._chance.seed(f"{self.seed}:seal:{self.story.steps}")
        seal_all(self.world.now)
        self.books.sealed()

    # ---- Steps ----

    def _perform(self, step: Step, found: list[Violation]) -> str:
        """How it ended, in a word or two; what else is wrong with that is added to `found`."""
        if step.verb == "platform":
            self.world.open_platform(step)
            return "done"
        if step.verb == "platform_fees":
            self.world.change_fees(step)
            return "done"
        if not step.path:
            return operator.ACTS[step.verb](self.world, step, self._crashing)
        reply = self._requested(step, found)
        if reply.status >= 500 or reply.status in (401, 403, 409):
            found.append(Violation("answered", step.verb, reply.body.decode()))
        if not reply.ok:
            return f"{reply.status} {reply.code}"
        answer = reply.json()
        self.world.answers[step.number] = answer
        if step.verb == "open_live_account":
            self.world.let_in(answer["id"])
        if step.verb == "look_balance":
            found += self._same_balance(step, answer)
        if step.verb == "look_lines":
            found += _same_sum(answer)
        return str(answer.get("status") or "done")

    def _requested(self, step: Step, found: list[Violation]) -> Reply:
        request, key = self.world.request(step), f"step-{step.number}"
        kind, _, point = step.fault.partition(":")
        if kind == "crash":
            return self._retried(step, request, key, point, found)
        reply = request.send(key)
        if kind == "again":
            self.story.faults["again"] += 1
            found += _replayed(step, request, key, reply)
        if kind == "other":
            self.story.faults["other"] += 1
            found += _mistaken(step, request, key, reply)
        return reply

    def _retried(
        self, step: Step, request: Prepared, key: str, point: str, found: list[Violation]
    ) -> Reply:
        """Dies at the failpoint, if it is passed at all; then as a client that got no answer."""
        try:
            with crash_at(point):
                return request.send(key)
        except Crash:
            self.story.faults[f"crash:{point}"] += 1
        reply = request.send(key)
        kept = reply.status < 400 or reply.status == 402
        if kept and "clock" not in step.path and reply.replayed != (point in AFTER_COMMIT):
            detail = f"After a crash at {point} the retry was replayed: {reply.replayed}."
            found.append(Violation("crash_then_retry", step.verb, detail))
        return reply

    def _crashing(self, point: str, act: Callable[[], None]) -> None:
        """Work of a worker that may die at a failpoint, and is then begun again by another."""
        try:
            with crash_at(point):
                act()
        except Crash:
            self.story.faults[f"crash:{point}"] += 1
            act()

    # ---- Looking ----

    def _same_balance(self, step: Step, answer: dict[str, object]) -> Iterator[Violation]:
        market = self.world.market(step)
        owner = self.world.value(step.on, step) if step.on else market.id
        now = self.world.nows()[market.id, False]
        ours = self.books.balance(owner, False, "payments", now)
        for place, name in enumerate(("available", "pending")):
            listed = answer[name]
            assert isinstance(listed, list)
            shown = {one["currency"]: one["amount"] for one in listed if one["amount"]}
            booked = {code: parts[place] for code, parts in ours.items() if parts[place]}
            if shown != booked:
                detail = f"Shown as {name}: {shown}; in the books: {booked}."
                yield Violation("balance_as_shown", owner, detail)


def _replayed(step: Step, request: Prepared, key: str, first: Reply) -> Iterator[Violation]:
    """The same request again: the same answer, and nothing is written."""
    with counting_writes() as writes:
        second = request.send(key)
    if second.replayed and (second.status, second.body) != (first.status, first.body):
        yield Violation("replay_is_the_same", step.verb, second.body.decode())
    if first.ok and not second.replayed:
        yield Violation("replay_is_the_same", step.verb, "It was done a second time.")
    if second.replayed and writes.count:
        detail = f"{writes.count} statements wrote something."
        yield Violation("replay_changes_nothing", step.verb, detail)


def _mistaken(step: Step, request: Prepared, key: str, first: Reply) -> Iterator[Violation]:
    """The key with other parameters: refused, once there is an answer under it."""
    second = request.send(key, metadata={"other": "1"})
    if first.ok and (second.status, second.code) != (400, "idempotency_error"):
        detail = f"Other parameters under its key: {second.status} {second.body.decode()}"
        yield Violation("key_belongs_to_one_request", step.verb, detail)


def _same_sum(answer: dict[str, object]) -> Iterator[Violation]:
    lines = answer["data"]
    assert isinstance(lines, list)
    total = sum(line["amount"] for line in lines)
    if not answer["has_more"] and total != answer["total_amount"]:
        detail = f"Its lines sum to {total}, and it says {answer['total_amount']}."
        yield Violation("lines_as_shown", str(answer.get("url")), detail)
