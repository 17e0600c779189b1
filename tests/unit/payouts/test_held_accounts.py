"""A bank account that was added soon after the phone was replaced waits for its first payout."""

from __future__ import annotations

import pytest

from counterfoil.accounts.operations import replace_phone
from counterfoil.kit.db import execute, fetch_all
from counterfoil.kit.refused import InvalidRequest
from counterfoil.platforms.settings import PlatformSettings, write_settings
from tests.support.builders import DAY, NOW, Balance

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(world):
    seller = world.seller()
    world.give(seller, 5000)
    return seller


def lose_phone(world, seller) -> str | None:
    return replace_phone(
        platform_id=world.id,
        livemode=False,
        account_id=seller,
        phone="+12125550199",
        now=world.now,
    )


def hold_for(world, days: int) -> None:
    settings = write_settings(PlatformSettings(replaced_contact_hold_days=days))
    execute("UPDATE platforms_platform SET settings = %s WHERE id = %s", [settings, world.id])


def test_the_new_number_stands_on_the_account_and_the_old_one_is_told(world, ada):
    old = lose_phone(world, ada)

    [(phone,)] = fetch_all("SELECT phone FROM accounts_account WHERE id = %s", [ada])
    assert phone == "+12125550199"
    assert old not in (None, phone)
    [(kind,)] = fetch_all(
        "SELECT type FROM events_event WHERE account_id = %s"
        " ORDER BY created DESC, id DESC LIMIT 1",
        [ada],
    )
    assert kind == "account.updated"


def test_nothing_goes_by_hand_to_a_bank_account_that_waits(world, ada):
    world.schedule(ada, "manual")
    known = world.external(ada).id
    lose_phone(world, ada)
    added = world.add_bank(ada, account_number="000333333335")

    with pytest.raises(InvalidRequest, match=f"{added} receives its first payout after") as refusal:
        world.payout(100, on=ada)
    assert (refusal.value.code, refusal.value.param) == ("bank_account_held", "destination")
    assert world.payout(100, on=ada, destination=known).destination_id == known

    world.now += 7 * DAY
    assert world.payout(100, on=ada).destination_id == added


def test_nothing_goes_by_schedule_to_a_bank_account_that_waits(world, ada):
    lose_phone(world, ada)
    world.add_bank(ada, "US", account_number="000123456789", routing_number="021000021")
    paid = len(world.payouts(ada))

    world.run_until(NOW + 6 * DAY)
    assert len(world.payouts(ada)) == paid
    assert world.balance(ada).available == 5000

    world.run_until(NOW + 10 * DAY)
    assert len(world.payouts(ada)) == paid + 1
    assert world.balance(ada) == Balance()


@pytest.mark.parametrize(("days", "later", "waits"), [(7, 6, True), (7, 7, False), (0, 0, False)])
def test_the_marketplace_says_how_long(world, ada, days, later, waits):
    world.schedule(ada, "manual")
    hold_for(world, days)
    lose_phone(world, ada)
    world.now += later * DAY
    world.add_bank(ada, account_number="000333333335")

    if waits:
        with pytest.raises(InvalidRequest, match="receives its first payout after"):
            world.payout(100, on=ada)
    else:
        world.payout(100, on=ada)


def test_a_card_that_waits_takes_no_instant_payout(world, ada):
    lose_phone(world, ada)
    card = world.add_card(ada)

    with pytest.raises(InvalidRequest, match="receives its first payout after"):
        world.payout(100, on=ada, destination=card, method="instant")
