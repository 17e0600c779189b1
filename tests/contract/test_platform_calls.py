"""The call sequences of real platforms, as far as part A's endpoints go.

Each test is named after its lines in reference platform-calls.md and sends what those samples
send; what it expects is what the samples' own code relies on. The official Python SDK speaks,
with the `Stripe-Version` of the sample.
"""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
import stripe

from tests.contract.sdk import official_client
from tests.contract.story import Row, rows_of
from tests.support.accounts import address, bank, onboarded_individual

ROCKET_RIDES = "2022-08-01"
FUREVER = "2026-03-25.preview"


@pytest.fixture
def rocket_rides(server, platform) -> stripe.StripeClient:
    return official_client(server.url, platform.secret_key_test, stripe_version=ROCKET_RIDES)


@pytest.fixture
def furever(server, platform) -> stripe.StripeClient:
    return official_client(server.url, platform.secret_key_test, stripe_version=FUREVER)


@pytest.fixture
def pilot(rocket_rides) -> stripe.Account:
    return rocket_rides.v1.accounts.create(onboarded_individual())


# ---- A. Rocket Rides ----


@pytest.mark.parametrize(
    "who",
    [
        {
            "business_type": "individual",
            "individual": {"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"},
        },
        {"business_type": "company", "company": {"name": "Byron Rides"}},
    ],
    ids=["individual", "company"],
)
def test_a1_a_driver_signs_up(rocket_rides, who):
    created = rocket_rides.v1.accounts.create(
        {"type": "express", "country": "US", "email": "ada@example.com", **who}
    )

    assert created.id.startswith("acct_")
    returned = rocket_rides.v1.accounts.retrieve(created.id)
    assert returned.details_submitted is False
    assert returned.business_type == who["business_type"]


def test_a2_the_dashboard_opens_with_a_way_back(rocket_rides, pilot):
    link = rocket_rides.v1.accounts.login_links.create(
        pilot.id, {"redirect_url": "https://platform.example.com/pilots/dashboard"}
    )

    assert "/express/" in link.url


def test_a3_a_new_account_has_a_balance_of_nothing(rocket_rides):
    fresh = rocket_rides.v1.accounts.create({"type": "express", "country": "US"})
    balance = rocket_rides.v1.balance.retrieve({}, {"stripe_account": fresh.id})

    assert (balance.available[0].amount, balance.available[0].currency) == (0, "usd")
    assert balance.pending[0].amount == 0


def test_a4_a_ride_is_charged_and_most_of_it_passed_on(rocket_rides, pilot):
    ride = {
        "amount": 5000,
        "currency": "usd",
        "description": "Rocket Rides",
        "statement_descriptor": "Rocket Rides",
        "transfer_group": "ride_7",
    }
    share = {
        "amount": 4000,
        "currency": "usd",
        "destination": pilot.id,
        "transfer_group": "ride_7",
    }
    rocket_rides.v1.charges.create({**ride, "source": "tok_visa"})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        rocket_rides.v1.transfers.create(share)
    assert (refusal.value.http_status, refusal.value.code) == (400, "balance_insufficient")

    rocket_rides.v1.charges.create({**ride, "source": "tok_bypassPending"})
    transfer = rocket_rides.v1.transfers.create(share)

    assert transfer.transfer_group == "ride_7"
    balance = rocket_rides.v1.balance.retrieve({}, {"stripe_account": pilot.id})
    assert balance.available[0].amount == 4000


def test_a4_a_ride_that_triggers_a_block_is_still_a_charge(rocket_rides):
    charge = rocket_rides.v1.charges.create(
        {"amount": 5000, "currency": "usd", "source": "tok_visa_triggerTransferBlock"}
    )

    assert charge.paid is True


def test_a4_elsewhere_one_charge_on_behalf_of_the_driver(rocket_rides, pilot):
    charge = rocket_rides.v1.charges.create(
        {
            "amount": 5000,
            "currency": "usd",
            "source": "tok_visa",
            "on_behalf_of": pilot.id,
            "transfer_data": {"amount": 4000, "destination": pilot.id},
        }
    )

    assert charge.on_behalf_of == pilot.id
    assert rows_of(rocket_rides, pilot.id) == [Row("payment", 4000, 0, 4000)]


def test_a5_a_real_ride_reaches_the_driver(rocket_rides, pilot):
    before = rocket_rides.v1.balance.retrieve({}, {"stripe_account": pilot.id})
    intent = rocket_rides.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "usd",
            "description": "Rocket Rides",
            "statement_descriptor": "Rocket Rides",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "transfer_data": {"amount": 4000, "destination": pilot.id},
        }
    )

    assert intent.status == "succeeded"
    (transfer,) = rocket_rides.v1.transfers.list({"destination": pilot.id})
    payment = rocket_rides.v1.charges.retrieve(
        transfer.destination_payment, {}, {"stripe_account": pilot.id}
    )
    assert payment.amount == 4000
    after = rocket_rides.v1.balance.retrieve({}, {"stripe_account": pilot.id})
    assert after.pending[0].amount == before.pending[0].amount + 4000


def test_a6_a_driver_sees_what_there_is_to_cash_out(rocket_rides, pilot):
    rocket_rides.v1.charges.create(
        {"amount": 5000, "currency": "usd", "source": "tok_bypassPending"},
        {"stripe_account": pilot.id},
    )
    balance = rocket_rides.v1.balance.retrieve({}, {"stripe_account": pilot.id})

    assert balance.available[0].amount == 5000 - 175


# ---- B. Furever ----


def prefilled(token: str) -> dict:
    """B1.2 to the letter."""
    return {
        "country": "US",
        "email": "groomer@example.com",
        "external_account": token,
        "controller": {
            "fees": {"payer": "application"},
            "losses": {"payments": "application"},
            "stripe_dashboard": {"type": "none"},
            "requirement_collection": "application",
        },
        "business_type": "individual",
        "business_profile": {
            "mcc": "7299",
            "name": "Furever Grooming",
            "product_description": "Dog grooming",
            "support_address": address(),
            "support_email": "support@example.com",
            "support_phone": "0000000000",
            "support_url": "https://furever.dev",
            "url": "https://furever.dev",
        },
        "individual": {
            "first_name": "Ada",
            "last_name": "Byron",
            "id_number": "222222222",
            "ssn_last_4": "2222",
            "dob": {"day": 1, "month": 1, "year": 1902},
            "address": address(),
            "phone": "0000000000",
            "email": "groomer@example.com",
        },
        "company": {"tax_id": "222222222", "name": "Furever Grooming"},
        "settings": {
            "card_payments": {"statement_descriptor_prefix": "FUREVER"},
            "payments": {"statement_descriptor": "FUREVER"},
        },
        "tos_acceptance": {
            "date": int(time.time()),
            "ip": "203.0.113.7",
            "service_agreement": "full",
            "user_agent": "furever",
        },
        "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
    }


def test_b1_a_prefilled_account_is_enabled(furever):
    token = furever.v1.tokens.create(
        {
            "bank_account": {
                "country": "US",
                "currency": "usd",
                "account_holder_name": "Ada Byron",
                "account_holder_type": "individual",
                "routing_number": "110000000",
                "account_number": "000123456789",
            }
        }
    )
    created = furever.v1.accounts.create(prefilled(token.id))

    account = furever.v1.accounts.retrieve(created.id)
    assert account.requirements.disabled_reason is None
    assert (account.charges_enabled, account.payouts_enabled) == (True, True)
    assert account.controller.stripe_dashboard.type == "none"
    assert account.type == "none"
    assert account.external_accounts.data[0].last4 == "6789"
    assert furever.v1.tokens.retrieve(token.id).used is True


@pytest.mark.parametrize(
    ("dashboard", "losses", "payer", "collection"),
    [
        ("express", "application", "application", "stripe"),
        ("full", "stripe", "account", "stripe"),
        ("none", "application", "application", "application"),
    ],
)
def test_b1_an_account_that_is_not_prefilled(furever, dashboard, losses, payer, collection):
    wanted = {"card_payments": {"requested": True}, "transfers": {"requested": True}}
    account = furever.v1.accounts.create(
        {
            "country": "US",
            "business_profile": {"name": "Furever Grooming"},
            "email": "groomer@example.com",
            "controller": {
                "fees": {"payer": payer},
                "losses": {"payments": losses},
                "stripe_dashboard": {"type": dashboard},
                "requirement_collection": collection,
            },
            **({} if dashboard == "full" else {"capabilities": wanted}),
        }
    )

    controller = account.controller
    assert (controller.stripe_dashboard.type, controller.requirement_collection) == (
        dashboard,
        collection,
    )
    assert (account.charges_enabled, account.details_submitted) == (False, False)


def test_b2_only_an_express_dashboard_has_login_links(furever):
    account = furever.v1.accounts.create(
        prefilled(furever.v1.tokens.create({"bank_account": bank_of_token()}).id)
    )

    with pytest.raises(stripe.InvalidRequestError) as refusal:
        furever.v1.accounts.login_links.create(account.id)

    assert refusal.value.http_status == 400


def test_b3_test_payments_are_available_at_once(furever):
    """B3.8 and B3.9."""
    seller = furever.v1.accounts.create(onboarded_individual())
    on_seller = {"stripe_account": seller.id}
    assert furever.v1.charges.list({"limit": 1}, on_seller).data == []

    amounts = [5000 + 19_500 * number for number in range(10)]
    for amount in amounts:
        intent = furever.v1.payment_intents.create(
            {
                "amount": amount,
                "currency": "usd",
                "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
                "confirm": True,
                "payment_method": "pm_card_bypassPending",
                "description": "Grooming",
                "receipt_email": "owner@example.com",
            },
            on_seller,
        )
        assert intent.status == "succeeded"

    balance = furever.v1.balance.retrieve({}, on_seller)
    # 2.9 % + 30, half up, of each amount.
    fees = sum((amount * 29 + 500) // 1000 + 30 for amount in amounts)
    assert balance.available[0].amount == sum(amounts) - fees
    assert balance.pending[0].amount == 0


def test_b3_an_amount_may_stay_uncaptured(furever):
    """B3.12."""
    seller = furever.v1.accounts.create(onboarded_individual())
    intent = furever.v1.payment_intents.create(
        {
            "amount": 5000,
            "currency": "usd",
            "payment_method_types": ["card"],
            "confirmation_method": "manual",
            "confirm": True,
            "statement_descriptor": "FUREVER",
            "payment_method": "pm_card_bypassPendingInternational",
            "capture_method": "manual",
        },
        {"stripe_account": seller.id},
    )

    assert (intent.status, intent.amount_capturable) == ("requires_capture", 5000)
    assert rows_of(furever, seller.id) == []


def test_b3_a_bank_account_is_attached_by_a_token_of_the_account(furever):
    """B3.15."""
    seller = furever.v1.accounts.create(prefilled_with_bank(furever))
    token = furever.v1.tokens.create(
        {"bank_account": bank_of_token(account_number="000111111116")},
        {"stripe_account": seller.id},
    )
    added = furever.v1.accounts.external_accounts.create(seller.id, {"external_account": token.id})

    assert (added.last4, added.account) == ("1116", seller.id)


def test_b3_a_capability_is_requested_later(furever):
    """B3.16."""
    params = prefilled_with_bank(furever)
    del params["capabilities"]
    seller = furever.v1.accounts.create(params)
    assert seller.capabilities.to_dict() == {}
    with pytest.raises(stripe.InvalidRequestError):
        furever.v1.charges.create(
            {"amount": 1000, "currency": "usd", "source": "tok_visa"},
            {"stripe_account": seller.id},
        )

    asked = furever.v1.accounts.update(
        seller.id,
        {"capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}}},
    )

    assert asked.capabilities.to_dict() == {"card_payments": "active", "transfers": "active"}


def test_b6_a_fleet_of_accounts_is_paged(furever):
    """B6.19 and B6.20."""
    fleet = [
        furever.v1.accounts.create(
            onboarded_individual(
                settings={"payouts": {"schedule": {"interval": "manual"}}},
                metadata={},
                business_profile={
                    "name": "Furever Grooming",
                    "mcc": "7299",
                    "url": "https://accessible.stripe.com",
                    "annual_revenue": {
                        "amount": 100_000,
                        "currency": "usd",
                        "fiscal_year_end": "2025-12-31",
                    },
                    "estimated_worker_count": 3,
                },
            )
        )
        for _ in range(3)
    ]

    walked = [each.id for each in furever.v1.accounts.list({"limit": 2}).auto_paging_iter()]
    assert walked == [account.id for account in reversed(fleet)]
    assert {account.settings.payouts.schedule.interval for account in fleet} == {"manual"}


def test_b6_a_flag_is_set_and_removed(furever):
    """B6.21."""
    seller = furever.v1.accounts.create({"type": "express", "metadata": {"city": "Oslo"}})

    flagged = furever.v1.accounts.update(seller.id, {"metadata": {"flag": "true"}})
    assert flagged.metadata.to_dict() == {"city": "Oslo", "flag": "true"}
    cleared = furever.v1.accounts.update(seller.id, {"metadata": {"flag": ""}})
    assert cleared.metadata.to_dict() == {"city": "Oslo"}


def test_b6_direct_charges_some_of_them_declined_are_read_back(furever):
    """B6.25 and B6.26."""
    seller = furever.v1.accounts.create(onboarded_individual())
    on_seller = {"stripe_account": seller.id}
    began = int(time.time()) - 3600
    for method in ("pm_card_visa", "pm_card_visa_chargeDeclined", "pm_card_visa"):
        with suppress(stripe.CardError):
            furever.v1.payment_intents.create(
                {
                    "amount": 1000,
                    "currency": "usd",
                    "payment_method": method,
                    "confirm": True,
                    "application_fee_amount": 123,
                },
                on_seller,
            )

    charges = furever.v1.charges.list({"created": {"gte": began}, "limit": 2}, on_seller)
    assert [(each.status, each.disputed, each.refunded) for each in charges.auto_paging_iter()] == [
        ("succeeded", False, False),
        ("failed", False, False),
        ("succeeded", False, False),
    ]


# ---- C. dj-stripe ----


def test_c_a_sync_reads_every_account_its_own_included(client, platform, seller):
    client.v1.charges.create(
        {
            "amount": 1000,
            "currency": "usd",
            "source": "tok_visa",
            "application_fee_amount": 123,
            "transfer_data": {"destination": seller.id},
        }
    )
    own = client.v1.accounts.retrieve_current()
    ids = {own.id, *(each.id for each in client.v1.accounts.list().auto_paging_iter())}
    assert ids == {platform.platform_id, seller.id}
    assert own.settings.dashboard.display_name == platform.name

    seen: dict[str, set[str]] = {}
    for account in ids:
        options = {"stripe_account": account}
        v1 = client.v1
        lists = [
            v1.balance_transactions.list({}, options),
            v1.charges.list({"expand": ["data.balance_transaction"]}, options),
            v1.transfers.list({"expand": ["data.balance_transaction"]}, options),
            v1.application_fees.list({"expand": ["data.charge.balance_transaction"]}, options),
            v1.events.list({}, options),
            v1.payment_intents.list({}, options),
            v1.accounts.external_accounts.list(account, {}, options),
        ]
        seen[account] = {each.object for page in lists for each in page.auto_paging_iter()}

    assert seen[seller.id] == {"balance_transaction", "charge", "event", "bank_account"}
    assert seen[platform.platform_id] == {
        "application_fee",
        "balance_transaction",
        "charge",
        "event",
        "transfer",
    }


# ---- D. Derived checks (D1, D10 and D12 stand in test_sdk_*.py; D2 in tests/browser) ----


def test_d3_the_platform_describes_a_destination_payment(client, seller):
    payment = destination_payment(client, seller, {})
    on_seller = {"stripe_account": seller.id}
    assert payment.description is None

    client.v1.charges.update(payment.id, {"description": "Ride to the moon"}, on_seller)

    read = client.v1.charges.retrieve(payment.id, {}, on_seller)
    assert read.description == "Ride to the moon"


def test_d4_a_payments_description_is_given_with_the_intent(client, seller):
    payment = destination_payment(
        client, seller, {"payment_data": {"description": "Ride to the moon"}}
    )

    assert payment.description == "Ride to the moon"


def destination_payment(client, seller, transfer_data: dict) -> stripe.Charge:
    """The seller's `py_` of a destination charge."""
    intent = client.v1.payment_intents.create(
        {
            "amount": 1000,
            "currency": "usd",
            "payment_method": "pm_card_visa",
            "confirm": True,
            "transfer_data": {"destination": seller.id, **transfer_data},
            "expand": ["latest_charge.transfer"],
        }
    )
    ident = intent.latest_charge.transfer.destination_payment
    return client.v1.charges.retrieve(ident, {}, {"stripe_account": seller.id})


def bank_of_token(**changes: str) -> dict:
    """A bank account as `POST /v1/tokens` takes it: without `object`."""
    given = bank(**changes)
    del given["object"]
    return given


def prefilled_with_bank(client) -> dict:
    return prefilled(client.v1.tokens.create({"bank_account": bank_of_token()}).id)
