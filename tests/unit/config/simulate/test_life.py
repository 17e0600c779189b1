"""A life can be lived again, and what is broken on purpose is found."""

from __future__ import annotations

from collections import Counter

import pytest

from counterfoil.api import idempotency
from counterfoil.config.simulate.life import Story, live
from counterfoil.config.simulate.plan import plan
from counterfoil.kit.db import execute
from counterfoil.payouts.operations import create
from counterfoil.platforms.models import Platform
from counterfoil.rails.base import NotReceived, Unknown
from counterfoil.rails.simulator.bank import SimulatedBank

SEED, STEPS = 4, 250


def told(base, steps=STEPS, **how) -> Story:
    with base.copy():
        return live(SEED, plan(SEED, steps), **how)


def broken(story: Story) -> set[str]:
    return {violation.invariant for violation in story.violations}


def test_the_same_seed_lives_through_the_same_history(base):
    first, second = told(base), told(base)

    assert first.digest == second.digest
    assert first.heads == second.heads
    assert len(first.heads) >= 2  # two platforms, one or both modes
    with base.copy():
        assert live(SEED + 1, plan(SEED + 1, STEPS)).digest != first.digest


def test_a_life_leaves_what_it_changed_as_it_was(base):
    told(base)
    with base.copy():
        assert not Platform.objects.exists()


@pytest.mark.engine("sqlite")  # nothing of it depends on the engine
def test_requests_are_repeated_and_processes_die(base):
    story = told(base, 1500)

    faults = Counter(name.partition(":")[0] for name in story.faults.elements())
    assert faults["again"] > 10
    assert faults["other"] > 3
    points = {name.partition(":")[2] for name in story.faults}
    assert {"api.before_commit", "api.after_commit", "api.before_answer"} <= points
    assert len([point for point in points if point.startswith("payouts.")]) >= 3


# ---- Found by the look after the step ----


def at(step: int, sql: str):
    """Changes something behind everybody's back once that many steps are done."""

    def tell(count: int) -> None:
        if count == step:
            assert execute(sql) > 0, "nothing was corrupted"

    return tell


def test_a_stored_balance_that_is_not_its_postings_is_found_at_the_next_step_that_touches_it(base):
    tampered = "UPDATE ledger_balance SET amount = amount + 1 WHERE purpose = 'payments'"
    story = told(base, told=at(150, tampered), full_every=STEPS)

    assert "balance_is_sum_of_postings" in broken(story)
    assert 150 < story.broken_at.number < 160


def test_a_line_that_no_longer_waits_for_a_payout_is_found(base):
    story = told(base, told=at(150, "DELETE FROM ledger_unclaimed"), full_every=STEPS)

    assert "unclaimed_and_claimed_are_all" in broken(story)
    assert story.checks == 0


@pytest.mark.engine("sqlite")  # nothing of it depends on the engine
def test_an_answer_that_is_not_kept_is_found(base, monkeypatch):
    monkeypatch.setattr(idempotency, "keep", lambda *_, **__: None)

    assert broken(told(base, 400)) & {"replay_is_the_same", "crash_then_retry"}


@pytest.mark.engine("sqlite")  # nothing of it depends on the engine
def test_a_payout_of_what_is_not_there_is_found(base, monkeypatch):
    monkeypatch.setattr(create, "_check_available", lambda *_, **__: None)
    monkeypatch.setattr(create, "check_funds", lambda *_, **__: None)

    story = told(base, 2000)

    assert broken(story) & {"payout_within_available", "answered", "unexpected_error"}


# ---- Found by the full check ----


def test_what_only_the_full_check_looks_at_is_found_by_it(base):
    tampered = "UPDATE ledger_dailyvolume SET gross = gross + 1"
    story = told(base, told=at(150, tampered), full_every=200)

    assert broken(story) == {"daily_volume"}
    assert (story.steps, story.checks) == (200, 1)


@pytest.mark.engine("sqlite")  # nothing of it depends on the engine
def test_a_payout_that_the_bank_is_told_twice_is_found(base, monkeypatch):
    """A worker that does not believe that the bank may have heard of a payout."""
    forgetful = lambda _bank, keys, **_: [NotReceived() for _ in keys]  # noqa: E731
    monkeypatch.setattr(SimulatedBank, "ask_all", forgetful)

    assert "handed_over_once" in broken(told(base, 1500, full_every=100))


@pytest.mark.engine("sqlite")  # nothing of it depends on the engine
def test_a_payout_that_never_arrives_is_found_when_all_should_have_ended(base, monkeypatch):
    """A bank of which nobody ever hears again."""
    mute = lambda _bank, keys, **_: [Unknown("No answer.") for _ in keys]  # noqa: E731
    monkeypatch.setattr(SimulatedBank, "ask_all", mute)

    assert broken(told(base)) == {"comes_to_an_end"}
