"""Many requests about one account at the same moment."""

from __future__ import annotations

from collections import Counter

from counterfoil.accounts.models import ExternalAccount
from counterfoil.kit.refused import Refused
from tests.support.accounts import bank, onboarded_individual
from tests.support.committed import in_threads
from tests.unit.accounts.world import World

MANY = 6


def test_a_token_is_used_once_whoever_asks(committed_world: World):
    world = committed_world
    sellers = [world.create(type="express")["id"] for _ in range(MANY)]
    numbers = {name: value for name, value in bank().items() if name != "object"}
    token = world.token(bank_account=numbers)["id"]

    def attach(seller: str) -> str | None:
        try:
            world.add_external(seller, external_account=token)
        except Refused as refusal:
            return refusal.code
        return "attached"

    outcomes = in_threads(*[lambda seller=seller: attach(seller) for seller in sellers])

    assert Counter(outcomes) == {"attached": 1, "token_already_used": MANY - 1}
    assert ExternalAccount.objects.count() == 1


def test_changes_of_one_account_wait_for_each_other(committed_world: World):
    world = committed_world
    seller = world.create(**onboarded_individual())["id"]
    before = world.row(seller).revision

    in_threads(
        *[lambda n=n: world.update(seller, metadata={f"key{n}": "x"}) for n in range(MANY)],
        lambda: world.update(seller, individual={"last_name": "Diaz"}),
        lambda: world.add_external(seller, external_account=bank("DE")),
    )

    account = world.update(seller)
    assert set(account["metadata"]) == {f"key{n}" for n in range(MANY)}
    assert account["individual"]["last_name"] == "Diaz"
    assert len(account["external_accounts"]["data"]) == 2
    assert world.row(seller).revision == before + MANY + 2


def test_one_currency_gets_one_default(committed_world: World):
    world = committed_world
    seller = world.create(type="express")["id"]
    numbers = ["000123456789", "000111111116", "000111111113", "000222222227"]

    in_threads(
        *[
            lambda number=number: world.add_external(
                seller, external_account=bank(account_number=number)
            )
            for number in numbers
        ]
    )

    kept = ExternalAccount.objects.filter(account_id=seller)
    assert kept.count() == len(numbers)
    assert kept.filter(default_for_currency=True).count() == 1
