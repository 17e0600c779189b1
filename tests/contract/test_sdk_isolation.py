"""Nobody reaches what is somebody else's, whichever way the official SDK asks."""

from __future__ import annotations

import pytest
import stripe

from tests.contract.sdk import official_client
from tests.support.accounts import onboarded_individual


@pytest.fixture
def stranger(server, another_platform) -> stripe.StripeClient:
    """Another platform on the same server."""
    return official_client(server.url, another_platform.secret_key_test)


@pytest.fixture
def ours(client, seller) -> dict[str, str]:
    """One object of each kind: a destination charge with all that it makes."""
    charge = client.v1.charges.create(
        {
            "amount": 1000,
            "currency": "usd",
            "source": "tok_visa",
            "application_fee_amount": 123,
            "transfer_data": {"destination": seller.id},
        }
    )
    intent = client.v1.payment_intents.create({"amount": 1000, "currency": "usd"})
    (fee,) = client.v1.application_fees.list()
    return {
        "charge": charge.id,
        "payment_intent": intent.id,
        "transfer": charge.transfer,
        "balance_transaction": charge.balance_transaction,
        "application_fee": fee.id,
        "event": client.v1.events.list({"limit": 1}).data[0].id,
        "account": seller.id,
    }


def test_d12_another_platforms_account_is_out_of_reach(stranger, seller):
    calls = [
        lambda options: stranger.v1.balance.retrieve({}, options),
        lambda options: stranger.v1.charges.list({}, options),
        lambda options: stranger.v1.charges.create(
            {"amount": 1000, "currency": "usd", "source": "tok_visa"}, options
        ),
        lambda options: stranger.v1.accounts.retrieve(seller.id, {}, options),
        lambda options: stranger.v1.events.list({}, options),
    ]
    for call in calls:
        with pytest.raises(stripe.PermissionError) as refusal:
            call({"stripe_account": seller.id})
        assert (refusal.value.http_status, refusal.value.error.code) == (403, "account_invalid")


def test_an_account_that_does_not_exist_is_refused_in_the_same_words(client, stranger, seller):
    said = []
    for speaker, account in ((stranger, seller.id), (client, "acct_1nobody")):
        with pytest.raises(stripe.PermissionError) as refusal:
            speaker.v1.balance.retrieve({}, {"stripe_account": account})
        words = refusal.value.user_message.split("'")
        said.append((words[0].split("****")[0], *words[2:]))

    assert said[0] == said[1]


def test_another_platforms_objects_are_missing_like_any_unknown_id(stranger, ours):
    v1 = stranger.v1
    reads = {
        "charge": v1.charges,
        "payment_intent": v1.payment_intents,
        "transfer": v1.transfers,
        "balance_transaction": v1.balance_transactions,
        "application_fee": v1.application_fees,
        "event": v1.events,
        "account": v1.accounts,
    }
    for name, service in reads.items():
        unknown = ours[name][:-6] + "aaaaaa"
        said = []
        for ident in (ours[name], unknown):
            with pytest.raises(stripe.InvalidRequestError) as refusal:
                service.retrieve(ident)
            assert (refusal.value.http_status, refusal.value.code) == (404, "resource_missing")
            said.append(refusal.value.user_message.replace(ident, "…"))
        assert said[0] == said[1], name
        assert service.list().data == [], name


def test_another_platforms_objects_cannot_be_changed(client, stranger, ours):
    v1 = stranger.v1
    writes = [
        lambda: v1.charges.update(ours["charge"], {"description": "mine"}),
        lambda: v1.payment_intents.confirm(
            ours["payment_intent"], {"payment_method": "pm_card_visa"}
        ),
        lambda: v1.payment_intents.cancel(ours["payment_intent"]),
        lambda: v1.transfers.update(ours["transfer"], {"description": "mine"}),
        lambda: v1.accounts.update(ours["account"], {"email": "mine@example.com"}),
        lambda: v1.accounts.login_links.create(ours["account"]),
        lambda: v1.accounts.external_accounts.list(ours["account"]),
        lambda: v1.transfers.create(
            {"amount": 100, "currency": "usd", "destination": ours["account"]}
        ),
        lambda: v1.charges.create(
            {
                "amount": 1000,
                "currency": "usd",
                "source": "tok_visa",
                "transfer_data": {"destination": ours["account"]},
            }
        ),
    ]
    events_before = [event.id for event in client.v1.events.list({"limit": 100})]
    for write in writes:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            write()
        assert refusal.value.code == "resource_missing"

    assert [event.id for event in client.v1.events.list({"limit": 100})] == events_before
    assert client.v1.charges.retrieve(ours["charge"]).description is None
    assert client.v1.payment_intents.retrieve(ours["payment_intent"]).status != "canceled"
    assert stranger.v1.charges.list().data == []


def test_what_is_the_sellers_is_not_the_platforms(client, seller):
    on_seller = {"stripe_account": seller.id}
    direct = client.v1.charges.create(
        {"amount": 1000, "currency": "usd", "source": "tok_visa"}, on_seller
    )

    assert client.v1.charges.retrieve(direct.id, {}, on_seller).id == direct.id
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.charges.retrieve(direct.id)
    assert refusal.value.http_status == 404
    assert client.v1.charges.list().data == []
    assert client.v1.balance_transactions.list().data == []


def test_one_seller_does_not_reach_another(client, seller, another_seller):
    charge = client.v1.charges.create(
        {"amount": 1000, "currency": "usd", "source": "tok_visa"}, {"stripe_account": seller.id}
    )
    on_another = {"stripe_account": another_seller.id}

    reads = [
        lambda: client.v1.charges.retrieve(charge.id, {}, on_another),
        lambda: client.v1.balance_transactions.retrieve(charge.balance_transaction, {}, on_another),
        lambda: client.v1.accounts.retrieve(seller.id, {}, on_another),
        lambda: client.v1.accounts.external_accounts.list(seller.id, {}, on_another),
    ]
    for read in reads:
        with pytest.raises(stripe.InvalidRequestError) as refusal:
            read()
        assert refusal.value.http_status == 404


def test_the_platforms_own_id_means_the_platform_itself(client, platform):
    client.v1.charges.create({"amount": 1000, "currency": "usd", "source": "tok_visa"})
    itself = {"stripe_account": platform.platform_id}

    assert len(client.v1.charges.list({}, itself).data) == 1
    assert client.v1.accounts.retrieve_current({}, itself).id == platform.platform_id


def test_test_and_live_mode_are_separate_worlds(server, platform, client, seller, ours):
    live = official_client(server.url, platform.secret_key_live)

    for service in (live.v1.charges, live.v1.accounts, live.v1.events, live.v1.transfers):
        assert service.list().data == []
    with pytest.raises(stripe.InvalidRequestError) as missing:
        live.v1.charges.retrieve(ours["charge"])
    assert missing.value.http_status == 404
    with pytest.raises(stripe.PermissionError):
        live.v1.balance.retrieve({}, {"stripe_account": seller.id})
    assert live.v1.balance.retrieve().pending[0].amount == 0
    person = {**onboarded_individual()["individual"], "phone": "+15552345678"}
    theirs = live.v1.accounts.create(onboarded_individual(individual=person))
    assert [account.id for account in client.v1.accounts.list()] == [seller.id]
    assert [account.id for account in live.v1.accounts.list()] == [theirs.id]
