"""Each invariant is broken by SQL, and `check` names exactly that one."""

from __future__ import annotations

import pytest

from counterfoil.kit.auditing import earlier_heads
from counterfoil.kit.db import execute, fetch_all, fetch_one
from counterfoil.kit.invariants import examine, snapshot
from counterfoil.kit.sealing import merkle_root
from counterfoil.ledger import check as ledger_check
from counterfoil.ledger.check.chain import CHAIN
from counterfoil.ledger.sealing import fold_balances, seal_all
from tests.support.books import (
    DAY,
    NOW,
    OTHER,
    PLATFORM,
    behind_the_scenes,
    broken,
    charge,
    forge,
    post,
    rewrite,
    small_world,
    violations,
)
from tests.unit.ledger.corruptions import CORRUPTIONS
from tests.unit.ledger.corruptions.chain import (
    describe_otherwise,
    head,
    redigest,
    rewrite_head,
)
from tests.unit.ledger.corruptions.entries import an_entry_loses_a_cent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world():
    small_world()


def test_an_intact_world_breaks_nothing():
    assert broken() == set()


def test_an_intact_world_breaks_nothing_a_year_later_either():
    assert broken(now=NOW + 400 * DAY) == set()


def test_every_invariant_of_the_ledger_has_a_corruption():
    assert set(CORRUPTIONS) == {invariant.name for invariant in ledger_check.checks()}


@pytest.mark.parametrize(
    ("name", "corruption"),
    [
        pytest.param(name, corruption, id=f"{name}-{corruption.__name__}")
        for name, corruptions in CORRUPTIONS.items()
        for corruption in corruptions
    ],
)
def test_exactly_the_broken_invariant_is_named(name, corruption):
    corruption()

    assert broken() == {name}


def test_a_violation_names_its_subject_and_says_what_is_wrong():
    an_entry_loses_a_cent()

    (violation,) = violations()
    (entry_id,) = fetch_one("SELECT id FROM ledger_entry WHERE key = 'loss:1'")
    assert violation.subject == entry_id
    assert violation.detail == "Its postings in usd sum to -1, not to zero."


def test_a_flood_of_violations_is_counted_not_listed():
    forge(*(behind_the_scenes(str(n), debit=5, credit=4) for n in range(7)))
    (invariant,) = (one for one in ledger_check.checks() if one.name == "entry_balanced")

    with snapshot(NOW) as moment:
        finding = examine(invariant, moment, listed=3)

    assert (len(finding.violations), finding.not_listed) == (3, 4)


def test_folded_balances_break_nothing_before_or_after_their_day():
    fold_balances(NOW + 30 * DAY)

    assert broken(now=NOW + 30 * DAY) == set()


def test_a_folded_balance_is_still_held_to_its_postings():
    fold_balances(NOW + 30 * DAY)
    execute(
        "UPDATE ledger_balance SET amount = amount - 1 WHERE available_on = 0 AND owner = %s",
        [OTHER],
    )

    assert broken(now=NOW + 30 * DAY) == {"balance_is_sum_of_postings"}


def test_a_history_rewritten_to_its_last_hash_is_seen_by_a_head_kept_elsewhere():
    with snapshot(NOW) as moment:
        kept = [one.hash for one in CHAIN.heads(moment)]
    describe_otherwise(OTHER)
    redigest("charge:3")
    leaves = fetch_all(
        "SELECT e.digest FROM ledger_blockentry l JOIN ledger_entry e ON e.id = l.entry_id"
        " WHERE l.block_id = %s ORDER BY l.position",
        [head()],
    )
    rewrite_head("merkle_root = %s", merkle_root([leaf[0] for leaf in leaves]))

    assert broken() == set(), "whoever can write everything can make everything fit"
    with snapshot(NOW) as moment:
        finding = examine(earlier_heads(kept, among=[CHAIN]), moment)
    assert [one.subject for one in finding.violations] == [kept[0]]


def test_an_earlier_head_is_found_though_blocks_followed():
    with snapshot(NOW) as moment:
        kept = [one.hash for one in CHAIN.heads(moment)]
    seal_all(NOW + 600)
    post(charge("9"))
    seal_all(NOW + 700)

    with snapshot(NOW) as moment:
        assert examine(earlier_heads(kept, among=[CHAIN]), moment).violations == []


def test_heads_are_the_last_block_of_each_chain():
    with snapshot(NOW) as moment:
        found = {(one.platform, one.livemode): one.height for one in CHAIN.heads(moment)}

    assert found == {(PLATFORM, False): 2, (PLATFORM, True): 1}


@pytest.mark.parametrize("text", ["", "{}", "[59]", '[{"amount": "59"}]', '[{"amount": 59.0}]'])
def test_fee_details_that_say_nothing_are_seen(text):
    rewrite("UPDATE ledger_balancetransaction SET fee_details = %s WHERE fee > 0", [text])

    assert broken() == {"transaction_fee", "entry_digest"}
