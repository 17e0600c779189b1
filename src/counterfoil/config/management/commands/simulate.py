"""`counterfoil simulate`: a random world in a throwaway database, lived through and judged."""

from __future__ import annotations

import signal
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any, Final

import msgspec
from django.core.management.base import BaseCommand

from counterfoil.config.simulate.life import Story, live
from counterfoil.config.simulate.plan import plan
from counterfoil.config.simulate.shorten import shorten
from counterfoil.config.simulate.steps import Step
from counterfoil.config.simulate.throwaway import Throwaway, throwaway
from counterfoil.kit.invariants import Violation

STEPS: Final = 2000
SHORTEN_SECONDS: Final = 60
_TOLD_EVERY: Final = 500


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a simulation found. `history` and `replay` only when something broke."""

    ok: bool
    seed: int
    steps: int
    digest: str
    entries: int
    full_checks: int
    steps_per_second: int
    outcomes: dict[str, int]
    faults: dict[str, int]
    violations: Sequence[Violation]
    history: Sequence[str] = ()
    replay: str | None = None
    replay_short: str | None = None


class Command(BaseCommand):
    help = (
        "Live through a random world in a throwaway database: every operation, time, retries,"
        " crashes and bank faults, with the invariants held after each step. The same seed and"
        " steps always give the same history."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seed", type=int, default=1, metavar="S")
        parser.add_argument("--steps", type=_count, default=STEPS, metavar="N")
        parser.add_argument(
            "--only",
            type=_numbers,
            metavar="3,17,…",
            help="replay these steps of the seed alone, as a shortened history lists them",
        )
        parser.add_argument(
            "--shorten-seconds",
            type=int,
            default=SHORTEN_SECONDS,
            metavar="T",
            help=f"how long to look for a shorter history, default {SHORTEN_SECONDS}",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        seed, count = options["seed"], options["steps"]
        steps: Sequence[Step] = plan(seed, count)
        if options["only"] is not None:
            steps = [step for step in steps if step.number in options["only"]]
        quiet = options["json"]
        signal.signal(signal.SIGTERM, _end)  # so that the throwaway database goes as well
        with throwaway() as base:
            began = time.monotonic()
            with base.copy():
                story = live(seed, steps, told=(lambda _: None) if quiet else self._tell)
            took = time.monotonic() - began
            shorter: Sequence[Step] = ()
            if story.broken_at is not None:
                lived = steps[: story.steps]
                until = time.monotonic() + options["shorten_seconds"]
                shorter = _shortened(base, seed, lived, story, until=until)
        verdict = _verdict(seed, story, shorter, took=took)
        if quiet:
            self.stdout.write(msgspec.json.encode(verdict).decode())
        else:
            self._sum_up(verdict)
        if not verdict.ok:
            raise SystemExit(1)

    def _tell(self, count: int) -> None:
        if count % _TOLD_EVERY == 0:
            self.stdout.write(f"  {count:,} steps")
            self.stdout.flush()

    def _sum_up(self, verdict: Verdict) -> None:
        self.stdout.write(
            f"Seed {verdict.seed}: {verdict.steps:,} steps, {verdict.entries:,} journal entries,"
            f" {verdict.full_checks} full checks, {verdict.steps_per_second:,} steps a second."
        )
        for word, counts in (("Outcomes", verdict.outcomes), ("Faults", verdict.faults)):
            told = ", ".join(f"{name} {count:,}" for name, count in sorted(counts.items()))
            self.stdout.write(f"{word}: {told or 'none'}.")
        self.stdout.write(f"Digest {verdict.digest}")
        if verdict.ok:
            self.stdout.write(self.style.SUCCESS("Every invariant held."))
            return
        for violation in verdict.violations:
            told = f"BROKEN  {violation.invariant}  {violation.subject}: {violation.detail}"
            self.stdout.write(self.style.ERROR(told))
        self.stdout.write(f"\nWhat led there, in {len(verdict.history)} steps:")
        for line in verdict.history:
            self.stdout.write(line)
        self.stdout.write(f"\nReplay all of it:  {verdict.replay}")
        self.stdout.write(f"Replay the above:  {verdict.replay_short}")


def _end(_signum: int, _frame: FrameType | None) -> None:
    raise SystemExit(143)


def _shortened(
    base: Throwaway, seed: int, lived: Sequence[Step], story: Story, *, until: float
) -> Sequence[Step]:
    """Fewer steps after which one of the same invariants does not hold."""
    broken = {violation.invariant for violation in story.violations}

    def breaks(steps: Sequence[Step]) -> Step | None:
        with base.copy():
            again = live(seed, steps, full_every=_often(len(steps)))
        found = {violation.invariant for violation in again.violations}
        return again.broken_at if found & broken else None

    return shorten(lived, breaks=breaks, time_left=lambda: time.monotonic() < until)


def _often(steps: int) -> int:
    """How often to check all, so that the step that breaks is found closely and not slowly."""
    return max(1, steps // 20)


def _verdict(seed: int, story: Story, shorter: Sequence[Step], *, took: float) -> Verdict:
    outcomes: dict[str, int] = {}
    for name, count in story.done.items():
        word = _kind_of(name.partition(": ")[2])
        outcomes[word] = outcomes.get(word, 0) + count
    replay = short = None
    if story.broken_at is not None:
        replay = f"counterfoil simulate --seed {seed} --steps {story.broken_at.number}"
        numbers = ",".join(str(step.number) for step in shorter)
        short = f"{replay} --only {numbers}"
    return Verdict(
        ok=story.broken_at is None,
        seed=seed,
        steps=story.steps,
        digest=story.digest,
        entries=story.entries,
        full_checks=story.checks,
        steps_per_second=round(story.steps / max(took, 0.001)),
        outcomes=outcomes,
        faults=dict(story.faults),
        violations=story.violations,
        history=[str(step) for step in shorter],
        replay=replay,
        replay_short=short,
    )


def _kind_of(outcome: str) -> str:
    if outcome in ("not there", "error"):
        return outcome
    return "refused" if outcome.startswith("4") else "done"


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError("must be a whole number, 1 or more")
    return int(text)


def _numbers(text: str) -> frozenset[int]:
    return frozenset(_count(part) for part in text.split(","))
