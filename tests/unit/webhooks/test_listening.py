"""Listeners: endpoints of a command, seen by nobody else."""

from __future__ import annotations

import pytest

from counterfoil.kit.db import fetch_all
from counterfoil.webhooks.delivering import Deliverer
from counterfoil.webhooks.listening import (
    FORGOTTEN_AFTER,
    begin_to_listen,
    listening_secret,
    still_listening,
)
from counterfoil.webhooks.queries import list_endpoints
from counterfoil.webhooks.sweeping import sweep

pytestmark = pytest.mark.django_db


def begin(hooks, url: str) -> list[str]:
    return begin_to_listen(
        platform_id=hooks.world.id,
        livemode=False,
        url=url,
        events=["*"],
        now=hooks.world.now,
        now_wall=hooks.now,
    )


def test_only_the_command_itself_sends_to_a_listener(hooks, heard):
    ids = begin(hooks, heard.url)
    hooks.happen()

    assert hooks.work() == 0
    assert list_endpoints(platform_id=hooks.world.id, livemode=False).rows == []
    told = []
    assert Deliverer(listeners=ids, heard=told.append).drain() == 1
    assert [one.answer.code for one in told] == [200]


def test_a_listener_whose_command_was_killed_is_forgotten(hooks, heard):
    ids = begin(hooks, heard.url)
    hooks.happen()
    assert still_listening(ids, now_wall=hooks.now + 60)

    assert sweep(hooks.now + 60 + FORGOTTEN_AFTER) == 0
    assert sweep(hooks.now + 61 + FORGOTTEN_AFTER) == 2
    assert not still_listening(ids, now_wall=hooks.now)
    assert fetch_all("SELECT id FROM webhooks_delivery") == []


def test_the_secret_of_listeners_can_be_kept_in_a_configuration(hooks):
    secret = listening_secret(hooks.world.id, livemode=False)

    assert secret.startswith("whsec_")
    assert secret == listening_secret(hooks.world.id, livemode=False)
    assert secret != listening_secret(hooks.world.id, livemode=True)
