"""Live accounts, which an operator verifies by command."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from counterfoil.kit.db import fetch_all
from tests.support.accounts import onboarded_individual
from tests.unit.accounts.world import World

BANK = {
    "object": "bank_account",
    "country": "US",
    "currency": "usd",
    "routing_number": "021000021",
    "account_number": "000111222333",
}
PERSON = {
    "first_name": "Ada",
    "last_name": "Byron",
    "dob": {"day": 10, "month": 12, "year": 1985},
    "address": {
        "line1": "1 Main Street",
        "city": "New York",
        "state": "NY",
        "postal_code": "10001",
    },
    "phone": "+1 212 555 0167",
    "ssn_last_4": "1234",
}


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("accounts", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def live(db: None) -> World:
    return World(livemode=True)


def seller(world: World, **changes) -> dict:
    details = onboarded_individual(external_account=BANK, individual=PERSON)
    return world.create(**details | changes)


def test_a_verified_account_may_be_paid(live):
    account = seller(live)
    assert account["id"] in told("list")

    said = told("verify", account["id"])

    row = live.row(account["id"])
    assert (row.charges_enabled, row.payouts_enabled) == (True, True)
    assert said == f"{account['id']} verified: charges enabled, payouts enabled\n"
    assert live.event_types(account["id"])[-3:] == [
        "account.updated",
        "capability.updated",
        "capability.updated",
    ]
    assert told("list") == "No live account is waiting.\n"
    kept = fetch_all(
        "SELECT action, actor, object_id FROM audit_record WHERE account_id = %s ORDER BY id",
        [account["id"]],
    )
    assert kept == [("account.verified", "operator", account["id"])]


def test_verifying_twice_tells_nothing_new(live):
    account = seller(live)
    told("verify", account["id"])
    events, revision = live.event_types(account["id"]), live.row(account["id"]).revision

    told("verify", account["id"])

    assert live.event_types(account["id"]) == events
    assert live.row(account["id"]).revision == revision


def test_somebody_else_on_a_verified_account_waits_again(live):
    account = seller(live)
    told("verify", account["id"])

    moved = live.update(account["id"], individual={"address": {"line1": "2 Side Street"}})
    assert moved["charges_enabled"]
    renamed = live.update(account["id"], individual={"last_name": "Lovelace"})

    assert not renamed["charges_enabled"]
    assert renamed["requirements"]["disabled_reason"] == "requirements.pending_verification"
    assert account["id"] in told("list")


def test_whoever_has_not_given_everything_cannot_be_verified(live):
    account = seller(live, individual=PERSON | {"phone": ""})

    with pytest.raises(CommandError, match=r"before it has given: individual\.phone"):
        told("verify", account["id"])


def test_the_command_knows_live_accounts_only(live):
    test_account = World().create(**onboarded_individual())

    with pytest.raises(CommandError, match="is a test account"):
        told("verify", test_account["id"])
    with pytest.raises(CommandError, match="No such account"):
        told("verify", "acct_unknown")
    with pytest.raises(CommandError, match="Which account"):
        told("verify")
    assert told("list") == "No live account is waiting.\n"
