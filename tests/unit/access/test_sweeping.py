from __future__ import annotations

from counterfoil.access import sweeping
from counterfoil.access.models import LoginLink, SendSlot, Session, SignInCode
from counterfoil.access.sweeping import LINKS_KEPT, sweep, sweep_when_due
from counterfoil.kit.clock import DAY
from tests.unit.access.world import into


def rows() -> list[int]:
    return [model.objects.count() for model in (LoginLink, SignInCode, SendSlot, Session)]


def test_what_still_means_something_stays(world, browser):
    seller = world.seller()
    into(browser, world.link(seller))
    browser.post(world.link(seller))
    before = rows()

    assert sweep(world.wall.now) == 0
    assert rows() == before == [2, 1, 4, 1]


def test_what_is_over_goes(world, browser):
    seller = world.seller()
    into(browser, world.link(seller))
    browser.post(world.link(seller))

    assert sweep(world.wall.now + 1800) == 4
    assert rows() == [2, 1, 0, 1]
    assert sweep(world.wall.now + 12 * 3600) == 0  # it still says whose forms come too late
    assert sweep(world.wall.now + 600 + DAY) == 1
    assert rows() == [2, 0, 0, 1]
    assert sweep(world.wall.now + 12 * 3600 + DAY) == 1
    assert rows() == [2, 0, 0, 0]
    assert sweep(world.wall.now + 300 + LINKS_KEPT) == 2
    assert rows() == [0, 0, 0, 0]


def test_a_worker_sweeps_every_ten_minutes(world, monkeypatch):
    swept = []
    monkeypatch.setattr(sweeping, "_next_sweep", 0)
    monkeypatch.setattr(sweeping, "sweep", lambda now: swept.append(now) or 3)

    assert [sweep_when_due(at) for at in (1000, 1001, 1599, 1600)] == [3, 0, 0, 3]
    assert swept == [1000, 1600]
