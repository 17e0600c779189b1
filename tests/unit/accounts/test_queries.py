from __future__ import annotations

import dataclasses

import pytest

from counterfoil.accounts import queries
from counterfoil.accounts.countries import own_delay_days
from counterfoil.accounts.queries import (
    account_by_id,
    list_accounts,
    list_external_accounts,
    newest_external_accounts,
    payment_accounts,
    token_by_id,
)
from counterfoil.accounts.wire import account_wire, platform_account_wire
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.kit.refused import ResourceMissing
from counterfoil.platforms.models import Platform
from tests.support.accounts import bank, onboarded_individual
from tests.unit.accounts.world import NOW, World, seen


def test_payments_learn_all_they_need_in_one_query(world, django_assert_num_queries):
    seller = world.create(**onboarded_individual("GB"))["id"]
    world.update(
        seller,
        settings={
            "dashboard": {"timezone": "Europe/London"},
            "payouts": {"schedule": {"delay_days": 9}},
        },
    )
    fresh = world.create(type="standard", country="JP")["id"]

    with django_assert_num_queries(1):
        found = payment_accounts(world.platform.id, False, [seller, fresh, "acct_nobody"])

    assert set(found) == {seller, fresh}
    assert dataclasses.asdict(found[seller]) == {
        "id": seller,
        "country": "GB",
        "default_currency": "gbp",
        "card_payments": "active",
        "transfers": "active",
        "charges_enabled": True,
        "fees_payer": "application_express",
        "losses_payments": "application",
        "delay_days": 9,
        "timezone": "Europe/London",
        "display_name": "Rosen Ceramics",
        "dashboard_type": "express",
        "statement_descriptor": None,
    }
    assert found[fresh].card_payments == "inactive"
    assert found[fresh].charges_enabled is False
    assert found[fresh].delay_days == own_delay_days("JP")


def test_payments_find_no_account_of_others(world):
    seller = world.create(**onboarded_individual())["id"]

    assert payment_accounts(World().platform.id, False, [seller]) == {}
    assert payment_accounts(world.platform.id, True, [seller]) == {}
    assert payment_accounts(world.platform.id, False, []) == {}


def test_an_account_is_found_by_its_own_platform_and_mode_only(world):
    seller = world.create(type="express")["id"]

    assert account_by_id(world.platform.id, False, seller).id == seller
    for platform_id, livemode in ((World().platform.id, False), (world.platform.id, True)):
        with pytest.raises(ResourceMissing, match=f"No such account: '{seller}'"):
            account_by_id(platform_id, livemode, seller)


def test_accounts_are_listed_newest_first_and_page_by_page(world):
    ids = []
    for second in range(5):
        world.now = NOW + second // 2  # two in the same second
        ids.append(world.create(type="express")["id"])
    World().create(type="express")

    def page(**request):
        return list_accounts(world.platform.id, False, PageRequest(**request))

    first = page(limit=2)
    assert [row.id for row in first.rows] == [ids[4], ids[3]]
    assert first.has_more
    cursor = Cursor(first.rows[-1].created, first.rows[-1].id)
    rest = page(limit=3, cursor=cursor)
    assert [row.id for row in rest.rows] == [ids[2], ids[1], ids[0]]
    assert not rest.has_more
    back = page(limit=1, cursor=cursor, direction="newer")
    assert [row.id for row in back.rows] == [ids[4]]


def test_accounts_are_filtered_by_when_they_were_created(world):
    ids = []
    for day in range(3):
        world.now = NOW + day
        ids.append(world.create(type="express")["id"])

    def found(**created):
        page = list_accounts(world.platform.id, False, PageRequest(), created=created)
        return [row.id for row in page.rows]

    assert found(gt=NOW) == [ids[2], ids[1]]
    assert found(gte=NOW + 1, lt=NOW + 2) == [ids[1]]
    assert found(lte=NOW) == [ids[0]]
    assert found(eq=NOW + 2) == [ids[2]]


def test_an_account_shows_its_ten_newest_external_accounts(world, monkeypatch):
    monkeypatch.setattr(queries, "NEWEST", 2)
    seller = world.create(**onboarded_individual())["id"]
    other = world.create(**onboarded_individual())["id"]
    added = []
    for second, number in enumerate(("000111111116", "000111111113"), start=1):
        world.now = NOW + second
        added.append(world.add_external(seller, external_account=bank(account_number=number)))

    newest = newest_external_accounts([seller, other])

    assert [one.last4 for one in newest[seller]] == ["1113", "1116", "6789"]
    assert [one.last4 for one in newest[other]] == ["6789"]
    shown = seen(account_wire(world.row(seller), newest[seller][:2], has_more=True))
    assert shown["external_accounts"]["has_more"]
    assert shown["external_accounts"]["url"] == f"/v1/accounts/{seller}/external_accounts"


def test_external_accounts_are_listed_by_kind(world):
    seller = world.create(**onboarded_individual())["id"]
    world.now += 1
    card = world.add_external(seller, external_account="tok_visa_debit")
    gone = world.add_external(seller, external_account="tok_mastercard_debit")
    world.delete_external(seller, gone["id"])

    def listed(object_=None, **request):
        page = list_external_accounts(seller, PageRequest(**request), object_=object_)
        return [one.object for one in page.rows], page.has_more

    assert listed() == (["card", "bank_account"], False)
    assert listed("card") == (["card"], False)
    assert listed("bank_account") == (["bank_account"], False)
    assert listed(limit=1) == (["card"], True)
    cursor = Cursor(NOW + 1, card["id"])
    assert listed(cursor=cursor) == (["bank_account"], False)


def test_a_token_is_its_platforms_own(world):
    token = world.token(bank_account={k: v for k, v in bank().items() if k != "object"})["id"]

    assert token_by_id(world.platform.id, False, token).id == token
    with pytest.raises(ResourceMissing):
        token_by_id(World().platform.id, False, token)


def test_the_platforms_own_account_is_a_standard_one(world):
    shown = seen(platform_account_wire(Platform.objects.get(id=world.platform.id)))

    assert shown["type"] == "standard"
    assert shown["charges_enabled"]
    assert shown["settings"]["dashboard"]["display_name"] == "Bowls & Co"
    assert shown["controller"] == {"type": "account"}
