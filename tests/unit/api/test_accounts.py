"""Accounts, their external accounts, login links and tokens over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.sdk_types import assert_valid
from tests.support.accounts import bank, onboarded_individual
from tests.support.builders import World
from tests.unit.api.caller import Api, Reply, StraightApi, assert_refused


@pytest.fixture
def api(shared_world: World) -> Api:
    return Api(shared_world)


@pytest.fixture(scope="module")
def seller(shared_world: World) -> str:
    return shared_world.seller()


def shown(answer: Reply) -> Any:
    assert answer.status == 200, answer.json
    assert_valid(answer.json)
    return answer.json


def another_bank() -> dict[str, Any]:
    return bank(account_number="000333333335")


def test_an_account_is_created_read_changed_and_listed(api):
    created = shown(api.post("accounts", onboarded_individual()))
    path = f"accounts/{created['id']}"

    changed = shown(api.post(path, {"metadata": {"ride": "7"}, "email": "ada@example.com"}))
    cleared = shown(api.post(path, {"metadata": {"ride": ""}}))

    assert created["charges_enabled"] is True
    assert (changed["metadata"], changed["email"]) == ({"ride": "7"}, "ada@example.com")
    assert cleared["metadata"] == {}
    assert shown(api.get(path)) == cleared
    listed = shown(api.get("accounts", {"limit": 1}))
    assert listed["data"] == [cleared]


def test_the_list_is_walked_and_filtered(api, seller):
    other = shown(api.post("accounts", onboarded_individual()))

    everybody = [one["id"] for one in shown(api.get("accounts", {"limit": 100}))["data"]]
    after = shown(api.get("accounts", {"starting_after": other["id"]}))["data"]
    none = shown(api.get("accounts", {"created": {"lt": 1000}}))["data"]

    assert everybody[0] == other["id"]
    assert seller in everybody
    assert api.world.id not in everybody
    assert [one["id"] for one in after] == everybody[1:]
    assert none == []


def test_everybody_can_read_the_account_the_call_is_for(api, seller):
    platform = shown(api.get("account"))

    assert platform["id"] == api.world.id
    assert shown(api.get(f"accounts/{api.world.id}")) == platform
    assert shown(api.get("account", on=seller))["id"] == seller
    assert shown(api.get(f"accounts/{seller}", on=seller))["id"] == seller


def test_an_account_reaches_no_other(api, seller):
    other = api.world.seller()

    for answer in (
        api.get(f"accounts/{other}", on=seller),
        api.post(f"accounts/{other}", {"email": "x@example.com"}, on=seller),
        api.get(f"accounts/{other}/external_accounts", on=seller),
        api.post(f"accounts/{other}/login_links", {}, on=seller),
        api.get(f"accounts/{api.world.id}", on=seller),
        Api(World(name="Other")).get(f"accounts/{other}"),
    ):
        assert_refused(answer, 404, "resource_missing", param="account")
    assert shown(api.get("accounts", on=seller))["data"] == []


def test_only_a_platform_creates_accounts(api, seller):
    answer = api.post("accounts", onboarded_individual(), on=seller)

    assert_refused(answer, 403, "platform_account_required", says="without Stripe-Account")


def test_a_platform_does_not_change_itself(api):
    answer = api.post(f"accounts/{api.world.id}", {"email": "x@example.com"})

    assert_refused(answer, 400, None, param="account")


def test_an_external_account_is_added_by_token_changed_and_removed(api):
    account = api.world.seller()
    path = f"accounts/{account}/external_accounts"
    numbers = {name: value for name, value in another_bank().items() if name != "object"}
    token = shown(api.post("tokens", {"bank_account": numbers}))

    added = shown(api.post(path, {"external_account": token["id"], "metadata": {"a": "b"}}))
    changed = shown(api.post(f"{path}/{added['id']}", {"default_for_currency": True}))
    read = shown(api.get(f"{path}/{added['id']}", {"expand": ["account"]}))
    first = next(one for one in shown(api.get(path))["data"] if one["id"] != added["id"])
    removed = api.delete(f"{path}/{first['id']}")

    assert added["metadata"] == {"a": "b"}
    assert changed["default_for_currency"] is True
    assert read["account"]["id"] == account
    assert removed.json == {"id": first["id"], "object": "bank_account", "deleted": True}
    assert [one["id"] for one in shown(api.get(path))["data"]] == [added["id"]]
    assert_refused(api.get(f"{path}/{first['id']}"), 404, "resource_missing", param="id")
    assert shown(api.get(f"tokens/{token['id']}"))["used"] is True


def test_external_accounts_are_filtered_by_kind_and_walked(api):
    account = api.world.seller()
    path = f"accounts/{account}/external_accounts"
    shown(api.post(path, {"external_account": another_bank()}))

    first = shown(api.get(path, {"limit": 1}))
    after = shown(api.get(path, {"limit": 1, "starting_after": first["data"][0]["id"]}))

    assert (first["has_more"], after["has_more"]) == (True, False)
    assert first["url"] == f"/v1/{path}"
    assert shown(api.get(path, {"object": "card"}))["data"] == []
    assert len(shown(api.get(path, {"object": "bank_account"}))["data"]) == 2
    assert_refused(api.get(path, {"object": "cheque"}), 400, None, param="object")
    assert shown(api.get(f"accounts/{api.world.id}/external_accounts"))["data"] == []


@pytest.mark.parametrize("redirect", [{}, {"redirect_url": "https://platform.example/drivers"}])
def test_a_login_link_is_an_address_of_ours(api, seller, redirect):
    host = {"Host": "localhost:8000"}

    link = shown(api.post(f"accounts/{seller}/login_links", redirect, headers=host))

    assert link["object"] == "login_link"
    assert link["url"].startswith(f"http://localhost:8000/express/{seller}/")


def test_a_link_never_takes_its_host_from_a_stranger(api, seller, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    straight = StraightApi(api.world)
    _, _, forged = straight.post(f"accounts/{seller}/login_links", headers={"Host": "evil.example"})
    settings.PUBLIC_URL = "https://pay.example"
    _, _, public = straight.post(f"accounts/{seller}/login_links", headers={"Host": "evil.example"})

    assert b"evil" not in forged + public
    assert b"http://localhost:80/express/" in forged
    assert b"https://pay.example/express/" in public


def test_an_account_that_has_not_finished_gets_no_link(api):
    newcomer = api.world.newcomer()

    answer = api.post(f"accounts/{newcomer}/login_links", {})

    assert_refused(
        answer,
        400,
        None,
        says="Cannot create a login link for an account that has not completed onboarding.",
    )


def test_a_token_may_be_made_by_the_client_side(api):
    client = api.with_key(api.world.made.publishable_test.text)
    numbers = {name: value for name, value in bank().items() if name != "object"}

    token = shown(client.post("tokens", {"bank_account": numbers}))

    assert (token["object"], token["type"]) == ("token", "bank_account")
    assert "000123456789" not in str(token)
    assert client.get(f"tokens/{token['id']}").status == 403


def test_after_an_account_link_the_platform_changes_settings_but_not_who_the_seller_is(api):
    seller = shown(api.post("accounts", onboarded_individual()))["id"]
    link = {
        "account": seller,
        "type": "account_onboarding",
        "return_url": "https://example.com/back",
        "refresh_url": "https://example.com/again",
    }
    made = shown(api.post("account_links", link))
    assert "/onboarding/" in made["url"]

    locked = {"individual": {"first_name": "Eve"}}
    assert_refused(api.post(f"accounts/{seller}", locked), 400, None, param="individual")
    bank_account = {"external_account": another_bank()}
    path = f"accounts/{seller}/external_accounts"
    assert_refused(api.post(path, bank_account), 400, None, param="external_account")
    assert_refused(api.post(f"accounts/{seller}/persons", {"first_name": "Eve"}), 400, None)
    present = shown(api.get(path))["data"][0]["id"]
    for theirs in ({"account_holder_name": "Eve"}, {"default_for_currency": True}):
        answer = api.post(f"{path}/{present}", theirs)
        assert_refused(answer, 400, None, param="external_account")
    assert_refused(api.delete(f"{path}/{present}"), 400, None, param="external_account")
    noted = shown(api.post(f"{path}/{present}", {"metadata": {"seen": "yes"}}))
    assert noted["metadata"] == {"seen": "yes"}
    assert shown(api.post(f"accounts/{seller}", {"metadata": {"a": "1"}}))["metadata"] == {"a": "1"}


def test_another_accounts_people_capabilities_and_links_are_out_of_reach(api, seller):
    other = shown(api.post("accounts", onboarded_individual()))["id"]
    link = {"account": other, "type": "account_onboarding"}

    for answer in (
        api.get(f"accounts/{other}/persons", on=seller),
        api.get(f"accounts/{other}/capabilities", on=seller),
        api.post(f"accounts/{other}/reject", {"reason": "other"}, on=seller),
        api.delete(f"accounts/{other}", on=seller),
    ):
        assert_refused(answer, 404, "resource_missing", param="account")
    answer = api.post("account_links", link, on=seller)
    assert_refused(answer, 400, "resource_missing", param="account")


def test_a_session_takes_known_components_only(api):
    seller = shown(api.post("accounts", onboarded_individual()))["id"]

    def ask(**components: Any) -> Reply:
        return api.post("account_sessions", {"account": seller, "components": components})

    assert shown(ask(payments={"enabled": True}))["livemode"] is False
    for wrong, param in (
        ({"capital": {"enabled": True}}, "components[capital]"),
        (
            {"payments": {"enabled": True, "features": {"x": True}}},
            "components[payments][features][x]",
        ),
    ):
        assert_refused(ask(**wrong), 400, "parameter_unknown", param=param)
    assert_refused(ask(payments={"enabled": False}), 400, None, param="components")
