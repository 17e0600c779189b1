"""Every route × somebody else's object: the answer never tells whether there is such a thing.

Generated from the routes themselves: one that names an object nobody listed here fails.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from counterfoil.access.models import Factor, Session
from counterfoil.accounts.operations import create_person
from counterfoil.accounts.params import PersonParams
from counterfoil.dashboard import once
from counterfoil.dashboard.models import Export
from counterfoil.kit import clock
from counterfoil.kit.db import fetch_one
from counterfoil.kit.ids import new_id
from counterfoil.payments.operations.refunds import create_refund
from counterfoil.payments.refund_params import CreateRefund
from tests.support.builders import NOW, World
from tests.unit.dashboard.shop import browser_of, switch
from tests.unit.dashboard.test_disputes import disputed

# What a route may be given beside objects of an account.
NAMES_NO_OBJECT = {
    "account-link": "whoever has the token is meant; test_account_links",
    "brand-stylesheet": "a colour, the same for everybody",
    "contact": "one's own address or number; test_contact",
    "contact-code": "the same",
    "dev-login": "development only",
    "linked-file": "whoever has the token is meant; files",
    "login-link": "whoever has the token is meant; test_following_a_link",
    "login-link-code": "the same",
    "lost-phone": "the same; test_lost_phone",
    "not-me": "whoever has the token is meant; test_alarms",
    "onboarding-step": "the step of one's own form",
    "requirement": "the part of one's own form",
    "settings-detail": "the part of one's own form",
    "step-up": "bound to a session; test_step_up",
}


def routes(patterns=None, prefix: str = "") -> Iterator[tuple[str, str, list[str]]]:
    """(name, address with its parameters, parameters) of every page that has any."""
    for pattern in patterns or get_resolver().url_patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            # Others' turn: tests/contract/test_sdk_isolation.py, tests/unit/console.
            if not text.startswith("v1/"):
                yield from routes(pattern.url_patterns, text)
        elif text.startswith("console"):
            continue
        elif isinstance(pattern, URLPattern) and pattern.pattern.converters:
            yield pattern.name, f"/{text}", list(pattern.pattern.converters)


ABOUT_OBJECTS = [route for route in routes() if route[0] not in NAMES_NO_OBJECT]


@pytest.fixture
def world(db, monkeypatch):
    world = World()
    monkeypatch.setattr(clock, "wall_now", lambda: world.now)
    # What is refused undoes itself and nothing else, also inside a test's transaction.
    monkeypatch.setattr(once, "unit_of_work", transaction.atomic)
    switch(world)
    return world


def belongings(world, owner: str) -> dict[str, str]:
    """One of everything that a page can be about."""
    charge = world.charge(5000, on=owner, source="tok_bypassPending")
    (bank,) = fetch_one("SELECT id FROM accounts_externalaccount WHERE account_id = %s", [owner])
    world.schedule(owner, "manual")
    payout = world.payout(700, on=owner)
    browser_of(world, owner)
    factor = Factor.objects.create(
        id=new_id("fac", NOW),
        account_id=owner,
        kind="totp",
        name="",
        secret="",
        counter=0,
        created=NOW,
    )
    refund = create_refund(
        scope=world.on(owner).scope, params=CreateRefund(charge=charge.id, amount=1), now=NOW
    )
    somebody = create_person(
        platform_id=world.id, livemode=False, account_id=owner, params=PersonParams(), now=NOW
    )
    return {
        "person_id": somebody.id,
        "payment_id": charge.id,
        "dispute_id": disputed(world, owner),
        "payout_id": payout.id,
        "refund_id": refund.id,
        "export_id": export_of(owner),
        "external_id": bank,
        "factor_id": factor.id,
        "session_id": Session.objects.get(account_id=owner).id,
        "name": "receipt",
    }


def export_of(owner: str) -> str:
    made = Export.objects.create(
        id=new_id("exp", NOW),
        account_id=owner,
        livemode=False,
        kind="transactions",
        format="csv",
        query="",
        whose="{}",
        created=NOW,
        state="queued",
        done=0,
        leased_until=0,
        tries=0,
        expires_at=NOW + 86_400,
    )
    return made.id


def test_the_list_of_routes_without_objects_is_of_routes_that_are_there():
    assert set(NAMES_NO_OBJECT) <= {name for name, *_ in routes()}
    assert len(ABOUT_OBJECTS) >= 15


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("where", ["the same marketplace", "another marketplace"])
def test_somebody_elses_object_and_none_at_all_are_answered_alike(world, method, where):
    ada = world.seller()
    elsewhere = world if where == "the same marketplace" else World()
    switch(elsewhere)
    theirs = belongings(elsewhere, elsewhere.seller(company=True))
    mine = browser_of(world, ada)

    for name, address, parameters in ABOUT_OBJECTS:
        assert set(parameters) <= set(theirs), f"{name}: what is {parameters}?"
        answers = []
        for objects in (theirs, {key: unlike(ident) for key, ident in theirs.items()}):
            path = re.sub(r"<str:(\w+)>", lambda found, of=objects: of[found[1]], address)
            answer = getattr(mine, method)(path, {"form_key": "x" * 22} if method == "post" else {})
            assert answer.status_code in (403, 404, 405), f"{method} {path}"
            answers.append(told(answer, objects))
        assert answers[0] == answers[1], f"{method} {address}"


def test_ones_own_objects_are_found_on_the_same_routes(world):
    """Else the test above would pass because nothing is ever found."""
    ada = world.seller(company=True)
    mine = belongings(world, ada)
    browser = browser_of(world, ada)
    found = {}
    for name, address, _ in ABOUT_OBJECTS:
        path = re.sub(r"<str:(\w+)>", lambda match: mine[match[1]], address)
        found[name] = browser.get(path).status_code

    missing = {name for name, status in found.items() if status in (403, 404)}
    assert missing <= NOT_BY_READING, found


# There is nothing to read yet, for the owner either: a worker has to make the file.
NOT_BY_READING = {"export-file"}


def unlike(ident: str) -> str:
    """An id of the same shape that nobody has."""
    if "_" not in ident:
        return ident
    prefix, _, rest = ident.partition("_")
    return f"{prefix}_{rest[::-1]}"


def told(answer, objects: dict[str, str]) -> tuple:
    """What an answer says, but for the id it was asked for and what is new in every answer."""
    text = answer.content.decode()
    for ident in objects.values():
        text = text.replace(ident, "ID")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "CSRF", text)
    headers = {key: value for key, value in answer.headers.items() if key != "Content-Length"}
    return answer.status_code, headers, text
