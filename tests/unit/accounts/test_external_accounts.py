from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.test_numbers import bank_account_outcome, card_outcome
from counterfoil.kit.crypt import unseal
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from tests.support.accounts import bank, onboarded_individual
from tests.unit.accounts.world import World

CARD = {
    "object": "card",
    "number": "4000056655665556",
    "exp_month": 8,
    "exp_year": 2030,
    "cvc": "123",
    "currency": "usd",
}


@pytest.fixture
def seller(world) -> str:
    return world.create(**onboarded_individual())["id"]


def defaults(account_id: str) -> dict[str, str]:
    """The last four digits of the default by currency."""
    kept = ExternalAccount.objects.filter(
        account_id=account_id, default_for_currency=True, deleted_at=None
    )
    return {one.currency: one.last4 for one in kept}


def test_a_bank_account_is_shown_by_its_last_four_digits(world, seller):
    added = world.add_external(
        seller, external_account=bank(account_number="000111111116"), metadata={"for": "tips"}
    )

    assert added["object"] == "bank_account"
    assert added["account"] == seller
    assert added["last4"] == "1116"
    assert added["bank_name"] == "STRIPE TEST BANK"
    assert added["routing_number"] == "110000000"
    assert added["status"] == "new"
    assert added["account_holder_name"] == "Jenny Rosen"
    assert added["metadata"] == {"for": "tips"}
    assert added["default_for_currency"] is False
    assert world.event_types(seller)[-1] == "account.external_account.created"


def test_the_number_is_encrypted_and_its_outcome_can_be_told(world, seller):
    added = world.add_external(seller, external_account=bank(account_number="000111111113"))

    row = ExternalAccount.objects.get(id=added["id"])
    assert "000111111113" not in row.sealed_number
    assert bank_account_outcome(unseal(row.sealed_number)) == "account_closed"


def test_a_debit_card_by_number(world, seller):
    added = world.add_external(
        seller, external_account=CARD | {"metadata": {"a": "b"}, "default_for_currency": True}
    )

    assert added["object"] == "card"
    assert (added["brand"], added["funding"], added["last4"]) == ("Visa", "debit", "5556")
    assert added["default_for_currency"]
    assert added["metadata"] == {"a": "b"}
    assert added["cvc_check"] == "pass"
    assert added["available_payout_methods"] == ["standard", "instant"]
    assert defaults(seller) == {"usd": "5556"}


@pytest.mark.parametrize(
    ("token", "last4", "outcome", "status"),
    [
        ("btok_us_verified", "6789", "paid", "verified"),
        ("btok_us_verified_noAccount", "1116", "no_account", "verified"),
        ("btok_us_verified_accountClosed", "1113", "account_closed", "verified"),
        ("btok_us_verified_insufficientFunds", "2227", "insufficient_funds", "verified"),
        ("btok_us_verified_debitNotAuthorized", "3335", "debit_not_authorized", "verified"),
        ("btok_us_verified_invalidCurrency", "4440", "invalid_currency", "verified"),
        ("tok_visa_debit_us_transferSuccess", "5556", "paid", "new"),
        ("tok_visa_debit_us_transferFail", "5572", "could_not_process", "new"),
        ("tok_visa_debit_us_instantPayoutUnsupported", "5555", "paid", "new"),
        ("tok_mastercard_debit_us_transferSuccess", "8210", "paid", "new"),
        ("tok_discover_debit_us_transferSuccess", "1113", "paid", "new"),
        ("tok_visa_debit", "5556", "paid", "new"),
    ],
)
def test_the_published_tokens_stand_for_their_numbers(world, token, last4, outcome, status):
    account = world.create(type="express")
    added = world.add_external(account["id"], external_account=token)

    assert (added["last4"], added["status"]) == (last4, status)
    number = unseal(ExternalAccount.objects.get(id=added["id"]).sealed_number)
    tell = card_outcome if added["object"] == "card" else bank_account_outcome
    assert tell(number) == outcome
    never = token == "tok_visa_debit_us_instantPayoutUnsupported"
    assert ("instant" in added["available_payout_methods"]) is not never


@pytest.mark.parametrize(
    ("numbers", "currency"),
    [
        ({"country": "US", "routing_number": "110000000", "account_number": "000123456789"}, "usd"),
        ({"country": "AU", "routing_number": "110000", "account_number": "000123456"}, "aud"),
        ({"country": "AU", "routing_number": "110000", "account_number": "111111116"}, "aud"),
        ({"country": "CA", "routing_number": "11000-000", "account_number": "000123456789"}, "cad"),
        ({"country": "GB", "routing_number": "10-88-00", "account_number": "00012345"}, "gbp"),
        ({"country": "AT", "account_number": "AT61 1904 3002 3457 3201"}, "eur"),
        ({"country": "BE", "account_number": "BE62510007547061"}, "eur"),
        ({"country": "BG", "account_number": "BG80BNBG96611020345678"}, "eur"),
        ({"country": "AE", "account_number": "AE070331234567890123456"}, "aed"),
        ({"country": "DE", "account_number": "DE89370400440532013000"}, "eur"),
        ({"country": "FR", "account_number": "FR1420041010050500013M02606"}, "eur"),
        ({"country": "IE", "account_number": "IE29AIBK93115212345678"}, "eur"),
        ({"country": "DE", "account_number": "DE62370400440532013001"}, "eur"),
        ({"country": "AT", "account_number": "AT89370400440532013005"}, "eur"),
        ({"country": "GB", "account_number": "GB82WEST12345698765432"}, "gbp"),
        ({"country": "SG", "routing_number": "1100-000", "account_number": "000123456"}, "sgd"),
    ],
)
def test_well_formed_numbers_are_taken_and_bring_their_currency(world, numbers, currency):
    account = world.create(type="express")
    added = world.add_external(
        account["id"], external_account={"object": "bank_account", **numbers}
    )

    assert added["currency"] == currency
    assert added["country"] == numbers["country"]


@pytest.mark.parametrize(
    ("numbers", "param", "code"),
    [
        ({"account_number": "123456780"}, "account_number", "bank_account_unusable"),
        ({"account_number": "12"}, "account_number", "account_number_invalid"),
        ({"routing_number": "110000001"}, "routing_number", "routing_number_invalid"),
        ({"routing_number": "1100"}, "routing_number", "routing_number_invalid"),
        ({"routing_number": None}, "routing_number", "parameter_missing"),
        ({"country": "ZZ"}, "country", "country_unsupported"),
        ({"currency": "xyz"}, "currency", None),
        (
            {"country": "DE", "account_number": "DE89370400440532013009"},
            "account_number",
            "account_number_invalid",
        ),
        (
            {"country": "DE", "account_number": "0532013000"},
            "account_number",
            "account_number_invalid",
        ),
        ({"country": "FR", "account_number": "DE89370400440532013000"}, "country", None),
        (
            {"country": "GB", "routing_number": "1088", "account_number": "00012345"},
            "routing_number",
            "routing_number_invalid",
        ),
        (
            {"country": "GB", "routing_number": "108800", "account_number": "87654321"},
            "account_number",
            "bank_account_unusable",
        ),
    ],
)
def test_numbers_that_cannot_be_are_refused_with_their_parameter(
    world, seller, numbers, param, code
):
    with pytest.raises(InvalidRequest) as refusal:
        world.add_external(seller, external_account=bank(**numbers))

    assert refusal.value.param == f"external_account[{param}]"
    assert refusal.value.code == code
    assert ExternalAccount.objects.filter(account_id=seller).count() == 1


def test_a_real_number_in_test_mode_says_what_to_try(world, seller):
    with pytest.raises(InvalidRequest, match="Try 000123456789 with routing number 110000000"):
        world.add_external(seller, external_account=bank(account_number="9876543210"))


@pytest.mark.parametrize(
    ("changes", "param", "code"),
    [
        ({"number": "4242424242424242"}, "number", "invalid_card_type"),
        ({"number": "4000056655665557"}, "number", "incorrect_number"),
        ({"exp_month": 13}, "exp_month", "invalid_expiry_month"),
        ({"exp_year": 95}, "exp_year", "invalid_expiry_year"),
        ({"exp_year": 2024}, "exp_year", "invalid_expiry_year"),
        ({"exp_month": 9, "exp_year": 25}, "exp_month", "invalid_expiry_month"),
        ({"cvc": "12"}, "cvc", "invalid_cvc"),
        ({"currency": "zzz"}, "currency", None),
    ],
)
def test_cards_that_cannot_be_are_refused(world, seller, changes, param, code):
    with pytest.raises(InvalidRequest) as refusal:
        world.add_external(seller, external_account=CARD | changes)

    assert refusal.value.param == f"external_account[{param}]"
    assert refusal.value.code == code


def test_a_year_of_two_digits_is_of_this_century(world, seller):
    assert world.add_external(seller, external_account=CARD | {"exp_year": 31})["exp_year"] == 2031


class TestLiveMode:
    @pytest.fixture
    def live(self, db) -> World:
        return World(livemode=True)

    def test_cards_are_never_taken(self, live):
        account = live.create(type="express")
        with pytest.raises(InvalidRequest, match="Live mode takes no card data"):
            live.add_external(account["id"], external_account=CARD)

    def test_the_published_tokens_mean_nothing(self, live):
        account = live.create(type="express")
        with pytest.raises(ResourceMissing):
            live.add_external(account["id"], external_account="btok_us_verified")

    def test_any_well_formed_bank_account_is_taken(self, live):
        account = live.create(type="express")
        added = live.add_external(account["id"], external_account=bank(account_number="9876543210"))
        iban = live.add_external(account["id"], external_account=bank("DE"))

        assert (added["last4"], added["bank_name"]) == ("3210", None)
        assert iban["bank_name"] == "Commerzbank"


class TestDefaults:
    def test_the_first_of_a_currency_is_the_default(self, world):
        account = world.create(type="express")
        first = world.add_external(
            account["id"], external_account=bank(), default_for_currency=False
        )
        second = world.add_external(
            account["id"], external_account=bank(account_number="000111111116")
        )
        euro = world.add_external(account["id"], external_account=bank("DE"))

        assert first["default_for_currency"]
        assert not second["default_for_currency"]
        assert euro["default_for_currency"]

    def test_a_new_default_takes_the_old_ones_place(self, world, seller):
        world.add_external(
            seller,
            external_account=bank(account_number="000111111116"),
            default_for_currency=True,
        )
        assert defaults(seller) == {"usd": "1116"}

    def test_an_update_moves_the_default(self, world, seller):
        added = world.add_external(seller, external_account=CARD)
        world.update_external(seller, added["id"], default_for_currency=True)
        assert defaults(seller) == {"usd": "5556"}

    def test_a_default_is_not_given_up_for_nothing(self, world, seller):
        (only,) = ExternalAccount.objects.filter(account_id=seller)
        with pytest.raises(InvalidRequest, match="Make another one the default"):
            world.update_external(seller, only.id, default_for_currency=False)

    def test_the_database_holds_one_default_per_currency(self, world, seller):
        added = world.add_external(seller, external_account=CARD)
        with pytest.raises(IntegrityError), transaction.atomic():
            ExternalAccount.objects.filter(id=added["id"]).update(default_for_currency=True)


class TestDeleting:
    def test_one_that_is_no_default_goes(self, world, seller):
        added = world.add_external(seller, external_account=CARD)

        assert world.delete_external(seller, added["id"]) == {
            "id": added["id"],
            "object": "card",
            "deleted": True,
        }
        assert world.event_types(seller)[-1] == "account.external_account.deleted"
        with pytest.raises(ResourceMissing):
            world.delete_external(seller, added["id"])

    def test_the_default_stays_while_another_could_be_it(self, world, seller):
        (first,) = ExternalAccount.objects.filter(account_id=seller)
        world.add_external(seller, external_account=CARD)
        with pytest.raises(InvalidRequest, match="Make another one the default"):
            world.delete_external(seller, first.id)

    def test_the_only_one_of_the_accounts_currency_stays(self, world, seller):
        (only,) = ExternalAccount.objects.filter(account_id=seller)
        with pytest.raises(InvalidRequest, match="Add another one first"):
            world.delete_external(seller, only.id)

    def test_the_only_one_of_another_currency_goes(self, world, seller):
        euro = world.add_external(seller, external_account=bank("DE"))
        assert world.delete_external(seller, euro["id"])["deleted"]

    def test_a_number_can_come_back_after_it_was_deleted(self, world, seller):
        euro = world.add_external(seller, external_account=bank("DE"))
        world.delete_external(seller, euro["id"])
        assert world.add_external(seller, external_account=bank("DE"))["default_for_currency"]

    def test_losing_the_last_one_disables_the_account(self, world):
        account = world.create(**onboarded_individual("DE", external_account=bank()))
        (dollars,) = account["external_accounts"]["data"]

        world.delete_external(account["id"], dollars["id"])

        row = world.row(account["id"])
        assert not row.payouts_enabled
        assert not row.charges_enabled
        last = [event for event in world.events(account["id"]) if event.type == "account.updated"]
        assert json.loads(last[-1].previous_attributes)["payouts_enabled"] is True


class TestChanging:
    def test_the_holder_may_be_corrected(self, world, seller):
        (bank_account,) = ExternalAccount.objects.filter(account_id=seller)
        shown = world.update_external(
            seller,
            bank_account.id,
            account_holder_name="Jenny Diaz",
            account_holder_type="",
            metadata={"a": "b"},
        )

        assert shown["account_holder_name"] == "Jenny Diaz"
        assert shown["account_holder_type"] is None
        assert shown["metadata"] == {"a": "b"}
        assert world.event_types(seller)[-1] == "account.external_account.updated"

    def test_a_card_may_be_renewed(self, world, seller):
        card = world.add_external(seller, external_account=CARD)
        shown = world.update_external(
            seller, card["id"], exp_month=12, exp_year=35, name="J. Rosen", address_city="Oslo"
        )
        assert (shown["exp_month"], shown["exp_year"]) == (12, 2035)
        assert (shown["name"], shown["address_city"]) == ("J. Rosen", "Oslo")

        with pytest.raises(InvalidRequest) as refusal:
            world.update_external(seller, card["id"], exp_year=2020)
        assert refusal.value.code == "invalid_expiry_year"

    @pytest.mark.parametrize("sent", [{"exp_month": 3}, {"address_city": "Oslo"}])
    def test_a_bank_account_has_nothing_of_a_card(self, world, seller, sent):
        (bank_account,) = ExternalAccount.objects.filter(account_id=seller)
        with pytest.raises(InvalidRequest) as refusal:
            world.update_external(seller, bank_account.id, **sent)
        assert refusal.value.code == "parameter_unknown"

    def test_an_empty_update_revives_an_errored_bank_account(self, world, seller):
        ExternalAccount.objects.filter(account_id=seller).update(status="errored")
        (errored,) = ExternalAccount.objects.filter(account_id=seller)

        assert world.update_external(seller, errored.id)["status"] == "new"

    def test_an_update_that_changes_nothing_tells_nothing(self, world, seller):
        (bank_account,) = ExternalAccount.objects.filter(account_id=seller)
        told, revision = world.event_types(seller), world.row(seller).revision

        world.update_external(seller, bank_account.id, account_holder_name="Jenny Rosen")

        assert world.event_types(seller) == told
        assert world.row(seller).revision == revision


def test_every_change_of_an_external_account_counts_for_the_account(world, seller):
    before = world.row(seller).revision
    card = world.add_external(seller, external_account=CARD)
    world.update_external(seller, card["id"], name="Jenny")
    world.delete_external(seller, card["id"])

    assert world.row(seller).revision == before + 3


def test_the_first_external_account_may_be_what_was_missing(world):
    account = world.create(**onboarded_individual(external_account=None))
    assert account["requirements"]["currently_due"] == ["external_account"]

    world.add_external(account["id"], external_account="btok_us_verified")

    assert world.row(account["id"]).payouts_enabled
    assert world.event_types(account["id"]) == [
        "account.application.authorized",
        "account.external_account.created",
        "account.updated",
        "capability.updated",
        "capability.updated",
    ]


def test_the_same_number_is_not_added_twice(world, seller):
    with pytest.raises(InvalidRequest) as refusal:
        world.add_external(seller, external_account=bank())
    assert refusal.value.code == "bank_account_exists"


def test_another_accounts_external_account_is_not_there(world, seller):
    other = world.create(**onboarded_individual())
    (theirs,) = other["external_accounts"]["data"]
    for stranger, owner in ((world, seller), (World(), other["id"])):
        with pytest.raises(ResourceMissing):
            stranger.update_external(owner, theirs["id"], metadata={"a": "b"})
        with pytest.raises(ResourceMissing):
            stranger.delete_external(owner, theirs["id"])


class TestTokens:
    def numbers(self, **changes: Any) -> dict[str, Any]:
        return {name: value for name, value in bank(**changes).items() if name != "object"}

    def test_a_bank_account_becomes_a_token_for_one_use(self, world, seller):
        token = world.token(bank_account=self.numbers(account_number="000111111116"))

        assert token["id"].startswith("btok_")
        assert token["type"] == "bank_account"
        assert not token["used"]
        assert token["bank_account"]["last4"] == "1116"
        assert "000111111116" not in json.dumps(token)

        added = world.add_external(seller, external_account=token["id"])
        assert added["id"] == token["bank_account"]["id"]
        assert added["fingerprint"] == token["bank_account"]["fingerprint"]

        with pytest.raises(InvalidRequest) as refusal:
            world.update(seller, external_account=token["id"])
        assert refusal.value.code == "token_already_used"

    def test_a_debit_card_becomes_a_token(self, world, seller):
        token = world.token(card={name: CARD[name] for name in CARD if name != "object"})

        assert token["id"].startswith("tok_")
        assert token["card"]["brand"] == "Visa"
        assert world.add_external(seller, external_account=token["id"])["last4"] == "5556"

    def test_a_refused_use_leaves_the_token_usable(self, world, seller):
        token = world.token(bank_account=self.numbers())
        with pytest.raises(InvalidRequest):
            world.add_external(seller, external_account=token["id"])  # it is there already

        other = world.create(type="express")
        assert world.add_external(other["id"], external_account=token["id"])

    def test_a_token_made_for_an_account_serves_that_one_only(self, world, seller):
        other = world.create(type="express")
        token = world.token(
            account_id=seller, bank_account=self.numbers(account_number="000111111113")
        )

        with pytest.raises(ResourceMissing):
            world.add_external(other["id"], external_account=token["id"])
        assert world.add_external(seller, external_account=token["id"])

    def test_another_platforms_token_is_not_there(self, world, seller):
        token = World().token(bank_account=self.numbers())
        with pytest.raises(ResourceMissing) as refusal:
            world.add_external(seller, external_account=token["id"])
        assert refusal.value.param == "external_account"

    @pytest.mark.parametrize("both", [True, False])
    def test_a_token_holds_one_thing(self, world, both):
        card = {name: CARD[name] for name in CARD if name != "object"}
        params = {"bank_account": self.numbers(), "card": card} if both else {}
        with pytest.raises(InvalidRequest, match="Send one of"):
            world.token(**params)

    def test_malformed_numbers_make_no_token(self, world):
        with pytest.raises(InvalidRequest) as refusal:
            world.token(bank_account=self.numbers(routing_number="123456789"))
        assert refusal.value.param == "bank_account[routing_number]"
