"""A record: who, what, when, from where; there exactly when the change is; never a secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import transaction

import counterfoil
from counterfoil.audit.acting import Acting, acting
from counterfoil.audit.actions import ACTIONS
from counterfoil.audit.operations import SECRET_WORDS, record, record_decision
from counterfoil.audit.queries import records_of
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.kit.scope import Scope

pytestmark = pytest.mark.django_db

NOW = 1_762_164_000
SELLER = Scope("acct_platform", "acct_seller", livemode=False)
OTHER = Scope("acct_platform", "acct_other", livemode=False)
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like"
    " Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)


def written(scope=SELLER):
    return records_of(scope, PageRequest(limit=100)).rows


def test_a_record_says_who_what_when_and_from_where():
    token = acting.set(Acting("seller", "sess", NOW, "203.0.113.77", PHONE))
    try:
        record("session.ended", scope=SELLER, object_id="x", before={"a": 1}, after={"a": "é"})
    finally:
        acting.reset(token)

    (one,) = written()
    assert (one.action, one.object_id, one.created) == ("session.ended", "x", NOW)
    assert (one.actor, one.actor_id) == ("seller", "sess")
    assert (one.before, one.after) == ({"a": 1}, {"a": "é"})
    assert (one.browser, one.system) == ("Mobile Safari", "iOS")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/56"),
        ("/run/socket", None),
        (None, None),
    ],
)
def test_an_address_is_kept_as_its_network(address, network):
    record("session.ended", scope=SELLER, by=Acting("seller", "s", NOW, address, None))

    assert written()[0].network == network


def test_a_record_goes_when_its_change_is_undone():
    with transaction.atomic():
        record("session.ended", scope=SELLER, now_wall=NOW)
        transaction.set_rollback(True)

    assert written() == []


def test_without_an_edge_the_caller_says_when():
    with pytest.raises(AssertionError, match="says when"):
        record("session.ended", scope=SELLER)


@pytest.mark.parametrize("word", sorted(SECRET_WORDS))
def test_a_secret_is_refused(word):
    with pytest.raises(AssertionError, match="no secrets"):
        record("session.ended", scope=SELLER, now_wall=NOW, after={word: "x"})


def test_an_action_that_is_not_listed_is_refused():
    with pytest.raises(AssertionError, match="unknown action"):
        record("session.borrowed", scope=SELLER, now_wall=NOW)  # type: ignore[arg-type]


def test_every_action_is_recorded_somewhere():
    root = Path(counterfoil.__file__).parent
    code = "".join(path.read_text() for path in root.rglob("*.py") if path.name != "actions.py")

    assert [action for action in ACTIONS if f'"{action}"' not in code] == []


def test_what_the_schedule_does_is_left_to_the_books():
    record_decision("session.ended", scope=SELLER)
    assert written() == []

    token = acting.set(Acting("platform", "acct_platform", NOW))
    try:
        record_decision("session.ended", scope=SELLER)
    finally:
        acting.reset(token)
    assert [one.actor for one in written()] == ["platform"]


def test_an_account_reads_its_own_records_in_its_mode_newest_first_page_by_page():
    for moment in range(5):
        record("session.ended", scope=SELLER, now_wall=NOW + moment)
    record("session.ended", scope=OTHER, now_wall=NOW)
    live = Scope(SELLER.platform_id, SELLER.account_id, livemode=True)
    record("session.ended", scope=live, now_wall=NOW)

    first = records_of(SELLER, PageRequest(limit=3))
    last = first.rows[-1]
    second = records_of(SELLER, PageRequest(limit=3, cursor=Cursor(last.created, last.id)))
    assert [row.created - NOW for row in first.rows] == [4, 3, 2]
    assert [row.created - NOW for row in second.rows] == [1, 0]
    assert (first.has_more, second.has_more) == (True, False)
    assert len(written(live)) == 1
