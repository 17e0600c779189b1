"""A form is acted on once."""

from __future__ import annotations

import pytest

from counterfoil.access.guard import seller_of
from counterfoil.access.sessions import cookie_name
from counterfoil.dashboard.once import KEPT, forget_old, form_key, key_of, once
from counterfoil.kit.refused import BalanceInsufficient, InvalidRequest
from tests.support.committed import in_threads
from tests.unit.dashboard.world import NOW, OTHER, open_account, signed_in


@pytest.fixture
def who(seller):
    return known(seller)


def known(browser):
    found = seller_of(browser.cookies[cookie_name()].value, now_wall=NOW)
    assert found is not None
    return found


def act(seller, key, address="/payouts/po_1", done=None):
    def write() -> str:
        if done is not None:
            done.append(address)
        return address

    return once(seller, key, write, now_wall=NOW)


def test_the_second_click_finds_what_the_first_one_did(who):
    key, done = form_key(), []

    assert act(who, key, "/payouts/po_1", done) == "/payouts/po_1"
    assert act(who, key, "/payouts/po_2", done) == "/payouts/po_1"
    assert done == ["/payouts/po_1"]


def test_another_form_is_acted_on(who):
    done = []
    act(who, form_key(), done=done)
    act(who, form_key(), done=done)
    assert len(done) == 2


def test_nobody_meets_the_keys_of_another_account(who):
    open_account(OTHER)
    key, done = form_key(), []
    act(who, key, done=done)
    act(known(signed_in(OTHER)), key, done=done)
    assert len(done) == 2


def test_a_double_click_acts_once(committed_seller):
    who, key, done = known(committed_seller), form_key(), []

    answers = in_threads(*[lambda: act(who, key, f"/payouts/{len(done)}", done)] * 6)

    assert len(done) == 1
    assert answers == ["/payouts/0"] * 6


def test_a_refused_form_may_be_sent_again(committed_seller):
    who, key = known(committed_seller), form_key()

    def refuse() -> str:
        raise BalanceInsufficient("More than there is.")

    with pytest.raises(BalanceInsufficient):
        once(who, key, refuse, now_wall=NOW)
    assert act(who, key) == "/payouts/po_1"


@pytest.mark.parametrize("sent", [None, "", "short", "é" * 22, "a" * 23, "a" * 21 + "'"])
def test_a_form_without_one_of_our_keys_is_incomplete(rf, sent):
    with pytest.raises(InvalidRequest):
        key_of(rf.post("/", {} if sent is None else {"form_key": sent}))
    key = form_key()
    assert key_of(rf.post("/", {"form_key": key})) == key


def test_keys_are_forgotten_after_a_while(who):
    act(who, form_key())
    assert forget_old(NOW + KEPT - 1) == 0
    assert forget_old(NOW + KEPT) == 1
