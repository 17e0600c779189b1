"""What of the way in is on record: links, sign-ins, wrong codes, leaving."""

from __future__ import annotations

from typing import Any

from counterfoil.access.models import Session
from counterfoil.audit.queries import RecordRow, records_of
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.scope import Scope
from tests.unit.access.world import into


def log_of(seller: Any) -> list[RecordRow]:
    """Oldest first."""
    scope = Scope(seller.platform_id, seller.id, seller.livemode)
    return list(reversed(records_of(scope, PageRequest(limit=100)).rows))


def test_a_link_a_wrong_code_a_sign_in_and_leaving_are_on_record(world, browser):
    seller = world.seller()
    link = world.link(seller)
    into(browser, link, "123456")
    world.wall.wait(5)
    into(browser, link)
    ident = Session.objects.get().id
    world.wall.wait(5)
    browser.post("/logout")

    log = log_of(seller)
    assert [(one.action, one.actor) for one in log] == [
        ("login_link.created", "schedule"),
        ("code.refused", "visitor"),
        ("session.started", "seller"),
        ("session.ended", "seller"),
    ]
    assert [one.created - log[0].created for one in log] == [0, 0, 5, 10]
    assert {one.object_id for one in log[2:]} == {ident}
    assert log[2].network == "127.0.0.0/24"


def test_nothing_is_on_record_of_a_session_that_was_over_already(world, browser):
    seller = world.seller()
    into(browser, world.link(seller))
    Session.objects.all().delete()
    browser.post("/logout")

    assert [one.action for one in log_of(seller)] == ["login_link.created", "session.started"]
