"""Cards that make a seller's requirements act (reference test-data §6; platform-calls D11)."""

from __future__ import annotations

import pytest

from counterfoil.accounts.models import Account
from counterfoil.kit.clock import wall_now
from counterfoil.outbox.running import run_due
from tests.support.builders import World


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.mark.parametrize(
    ("token", "charges", "payouts", "currently_due"),
    [
        ("tok_visa", True, True, False),
        ("tok_visa_triggerNextRequirements", True, True, True),
        ("tok_visa_triggerChargeBlock", False, False, True),
        ("tok_visa_triggerPayoutBlock", True, False, True),
        ("tok_visa_triggerTransferBlock", True, False, True),
    ],
)
@pytest.mark.parametrize("way", ["direct", "on_behalf_of", "plain"])
def test_a_trigger_acts_on_the_account_that_the_customer_pays(
    world, token, charges, payouts, currently_due, way
):
    seller = world.seller()
    if way == "direct":
        world.charge(1000, on=seller, source=token)
    elif way == "on_behalf_of":
        world.charge(1000, source=token, on_behalf_of=seller)
    else:
        world.charge(1000, source=token, transfer_data={"destination": seller})

    while run_due(wall_now()):
        pass

    account = Account.objects.get(id=seller)
    assert (account.charges_enabled, account.payouts_enabled) == (
        (True, True) if way == "plain" else (charges, payouts)
    )
    due = '"currently_due":["individual.id_number"]' in account.profile
    assert due == (currently_due and way != "plain")
