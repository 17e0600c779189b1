"""Accounts, where they are paid, what they may see, tokens."""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.contract.walk.walker import Walker, keeps_metadata
from tests.support.accounts import address, bank, controlled, onboarded_company

WEEKLY = {"interval": "weekly", "weekly_anchor": "friday"}
ASK = "/v1/counterfoil/information_requests"
ISSUE = "/v1/test_helpers/demo/merchant_issue"
PAPERS = {"bank_account_ownership_verification": {"files": ["file_identity_document_success"]}}
DEBIT_CARD = {"object": "card", "number": "4000056655665556", "exp_month": 8, "exp_year": 2040}


def walk(walker: Walker) -> None:
    _accounts(walker)
    _persons(walker)
    _capabilities(walker)
    _links(walker)
    _standing(walker)
    _external_accounts(walker)
    _tokens(walker)
    _balance_settings(walker)
    _settings(walker)


def _accounts(walker: Walker) -> None:
    accounts = walker.v1.accounts
    company = accounts.create(
        controlled(onboarded_company())
        | {
            "default_currency": "usd",
            "documents": PAPERS,
            "metadata": {"a": "1"},
            "settings": {
                "payouts": {"schedule": {"interval": "weekly", "weekly_anchor": "friday"}}
            },
        }
    )
    person = walker.new_seller(email="second@example.com", individual=_person())
    keeps_metadata(partial(accounts.update, company.id))
    changed = accounts.update(company.id, _everything())
    assert changed.business_profile.name == "Rosen and Daughters"
    assert changed.company.name == "Rosen and Daughters Ltd"
    assert changed.settings.payouts.schedule.interval == "monthly"
    assert changed.settings.dashboard.timezone == "America/New_York"
    assert accounts.update(person, {"individual": {"maiden_name": "Lovelace"}}).id == person

    assert accounts.retrieve(company.id).email == "accounts@example.com"
    assert walker.ours("get", "account", account=person)["id"] == person
    listed = accounts.list({"limit": 2, "created": {"gte": 1}})
    assert len(listed.data) == 2
    everyone = [one.id for one in accounts.list({"limit": 1}).auto_paging_iter()]
    assert set(everyone) >= {company.id, person, walker.seller}
    after = accounts.list({"starting_after": everyone[0], "limit": 1}).data
    assert accounts.list({"ending_before": after[0].id}).data[0].id == everyone[0]
    link = accounts.login_links.create(person, {"redirect_url": "https://example.com/back"})
    assert f"/express/{person}/" in link.url


def _persons(walker: Walker) -> None:
    company = walker.v1.accounts.create(onboarded_company()).id
    persons = walker.v1.accounts.persons
    roles = dict.fromkeys(("authorizer", "director", "executive", "legal_guardian", "owner"), True)
    details = _person() | {
        "additional_tos_acceptances": {
            "account": {"date": 1_700_000_000, "ip": "203.0.113.9", "user_agent": "Lynx"}
        },
        "full_name_aliases": ["A. B."],
        "gender": "female",
        "id_number": "000000000",
        "id_number_secondary": "12",
        "maiden_name": "Milbanke",
        "metadata": {"a": "1"},
        "nationality": "GB",
        "political_exposure": "none",
        "registered_address": address(),
        "relationship": roles | {"percent_ownership": 50, "representative": True, "title": "CEO"},
        "verification": {"document": {"front": "file_identity_document_success"}},
    }
    ada = persons.create(company, details)
    assert (ada.verification.status, ada.relationship.percent_ownership) == ("verified", 50)
    bea = persons.create(company, {"first_name": "Bea", "relationship": {"owner": True}})
    changed = persons.update(company, bea.id, details | {"first_name": "Bea"})
    assert changed.relationship.representative
    keeps_metadata(partial(persons.update, company, bea.id))
    assert persons.retrieve(company, ada.id).relationship.representative is False
    listed = partial(persons.list, company)
    assert [one.id for one in listed({"limit": 1}).auto_paging_iter()] == [bea.id, ada.id]
    assert [one.id for one in listed({"starting_after": bea.id}).data] == [ada.id]
    assert [one.id for one in listed({"ending_before": ada.id}).data] == [bea.id]
    chosen = listed({"relationship": {"representative": True}}).data
    assert [one.id for one in chosen] == [bea.id]
    assert persons.delete(company, ada.id).deleted


def _capabilities(walker: Walker) -> None:
    seller = walker.new_seller()
    capabilities = walker.v1.accounts.capabilities
    assert [one.id for one in capabilities.list(seller).data] == ["card_payments", "transfers"]
    assert capabilities.retrieve(seller, "treasury").status == "unrequested"
    asked = capabilities.update(seller, "tax_reporting_us_1099_k", {"requested": True})
    assert asked.status == "inactive", "the whole number is missing"
    walker.v1.accounts.update(seller, {"individual": {"id_number": "000000000"}})
    assert capabilities.retrieve(seller, "tax_reporting_us_1099_k").status == "active"


def _links(walker: Walker) -> None:
    seller = walker.new_seller()
    link = walker.v1.account_links.create(
        {
            "account": seller,
            "type": "account_onboarding",
            "refresh_url": "https://example.com/again",
            "return_url": "https://example.com/back",
            "collect": "currently_due",
            "collection_options": {"fields": "eventually_due", "future_requirements": "omit"},
        }
    )
    assert "/onboarding/" in link.url
    features = {"refund_management": False}
    session = walker.v1.account_sessions.create(
        {
            "account": seller,
            "components": {"payments": {"enabled": True, "features": features}},
        }
    )
    assert session.client_secret.startswith("accs_secret__")
    assert session.components.payments.features.capture_payments is True
    assert session.components.payments.features.refund_management is False


def _standing(walker: Walker) -> None:
    seller, accounts = walker.new_seller(), walker.v1.accounts
    refused = accounts.reject(seller, {"reason": "fraud_other", "payouts_action": "pause"})
    assert refused.requirements.disabled_reason == "rejected.platform_fraud"
    assert accounts.unreject(seller).payouts_enabled
    question = {
        "account": seller,
        "kind": "choice",
        "title": "Do you ship abroad?",
        "text": "It decides which cards we take.",
        "choices": ["Yes", "No"],
        "days": 7,
    }
    asked = walker.client.raw_request("post", ASK, **question).data
    assert asked["requirement"] in accounts.retrieve(seller).requirements.currently_due
    issue = {"account": seller, "issue_type": "additional_info"}
    raised = walker.client.raw_request("post", ISSUE, **issue).data
    assert raised["requirement"] in accounts.retrieve(seller).requirements.currently_due
    document = "individual.verification.document"
    ahead = {"account": seller, "title": "An identity document", "kind": "details"}
    ahead |= {"details": [document], "starts_in_days": 30}
    announced = walker.client.raw_request("post", ASK, **ahead).data
    assert announced["requirements"] == [document]
    future = accounts.retrieve(seller).future_requirements
    assert (future.currently_due, future.current_deadline) == ([document], announced["starts_at"])
    assert accounts.delete(seller).deleted


def _person() -> dict[str, Any]:
    return {
        "first_name": "Ada",
        "last_name": "Byron",
        "email": "second@example.com",
        "phone": "0000000000",
        "dob": {"day": 1, "month": 1, "year": 1901},
        "address": address(),
        "ssn_last_4": "0000",
    }


def _everything() -> dict[str, Any]:
    """An update that names every top-level parameter."""
    return {
        "business_profile": {"name": "Rosen and Daughters", "support_email": "help@example.com"},
        "business_type": "company",
        "capabilities": {"transfers": {"requested": True}},
        "company": {"name": "Rosen and Daughters Ltd", "address": address()},
        "default_currency": "usd",
        "documents": PAPERS,
        "email": "accounts@example.com",
        "external_account": bank(),
        "metadata": {"b": "2"},
        "settings": {
            "dashboard": {"timezone": "America/New_York"},
            "payouts": {"schedule": {"interval": "monthly", "monthly_anchor": 31}},
        },
        "tos_acceptance": {"date": 1_700_000_000, "ip": "203.0.113.9"},
    }


def _external_accounts(walker: Walker) -> None:
    seller = walker.new_seller()
    external = walker.v1.accounts.external_accounts
    first = external.list(seller).data[0]
    added = external.create(
        seller,
        {
            "external_account": bank(account_number="000111111116"),
            "default_for_currency": True,
            "metadata": {"a": "1"},
        },
    )
    card = external.create(seller, {"external_account": DEBIT_CARD})
    assert (added.default_for_currency, card.default_for_currency) == (True, False)
    changed = external.update(
        seller,
        added.id,
        {
            "account_holder_name": "Jenny Rosen",
            "account_holder_type": "individual",
            "account_type": "checking",
            "default_for_currency": True,
        },
    )
    assert (changed.account_holder_name, changed.account_type) == ("Jenny Rosen", "checking")
    keeps_metadata(partial(external.update, seller, added.id))
    changed = external.update(
        seller,
        card.id,
        {
            "exp_month": 9,
            "exp_year": 2041,
            "name": "Jenny Rosen",
            "address_city": "San Francisco",
            "address_country": "US",
            "address_line1": "1 Main Street",
            "address_line2": "Flat 2",
            "address_state": "CA",
            "address_zip": "94111",
        },
    )
    assert (changed.exp_month, changed.exp_year, changed.address_zip) == (9, 2041, "94111")
    assert external.retrieve(seller, card.id) == changed

    everything = [one.id for one in external.list(seller, {"limit": 1}).auto_paging_iter()]
    assert set(everything) == {first.id, added.id, card.id}
    cards = external.list(seller, {"object": "card"})
    assert [one.id for one in cards.data] == [card.id]
    newer = external.list(seller, {"ending_before": everything[2]})
    assert [one.id for one in newer.data] == everything[:2]
    assert external.delete(seller, first.id).deleted is True


def _tokens(walker: Walker) -> None:
    tokens = walker.v1.tokens
    to_bank = tokens.create({"bank_account": _without_object(bank())})
    card = tokens.create({"card": _without_object(DEBIT_CARD)})
    assert (to_bank.type, card.type) == ("bank_account", "card")
    assert tokens.retrieve(card.id).used is False
    _detail_tokens(walker)


def _detail_tokens(walker: Walker) -> None:
    v1 = walker.v1

    def account_token(**details: Any) -> str:
        accepted = {"tos_shown_and_accepted": True}
        return v1.tokens.create({"account": details | accepted}).id

    made = v1.accounts.create(
        {
            "type": "express",
            "account_token": account_token(business_type="company", company={"name": "Rosen"}),
        }
    )
    assert made.company.name == "Rosen"
    token = account_token(company={"phone": "0000000000"})
    assert v1.accounts.update(made.id, {"account_token": token}).tos_acceptance.date
    person = v1.tokens.create({"person": {"first_name": "Bea"}}).id
    bea = v1.accounts.persons.create(made.id, {"person_token": person})
    person = v1.tokens.create({"person": {"last_name": "Low"}}).id
    changed = v1.accounts.persons.update(made.id, bea.id, {"person_token": person})
    assert (changed.first_name, changed.last_name) == ("Bea", "Low")


def _without_object(params: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if name != "object"}


def _balance_settings(walker: Walker) -> None:
    settings = walker.v1.balance_settings
    changed = settings.update(
        {
            "payments": {
                "debit_negative_balances": True,
                "payouts": {
                    "minimum_balance_by_currency": {"usd": 100},
                    "schedule": {"interval": "weekly", "weekly_payout_days": ["monday", "friday"]},
                    "statement_descriptor": "BOWLS",
                },
                "settlement_timing": {"delay_days_override": 5},
            }
        },
        walker.on_seller,
    )
    assert changed.payments.payouts.schedule.weekly_payout_days == ["monday", "friday"]
    manual = {"payments": {"payouts": {"schedule": {"interval": "manual"}}}}
    settings.update(manual, walker.on_seller)
    cleared = {
        "payments": {
            "payouts": {"minimum_balance_by_currency": ""},
            "settlement_timing": {"delay_days_override": ""},
        }
    }
    settings.update(cleared, walker.on_seller)
    shown = settings.retrieve({}, walker.on_seller)
    assert shown.payments.payouts.schedule.interval == "manual"

    path = f"counterfoil/payout_pauses/{walker.seller}"
    assert walker.ours("post", path, reason="Under review")["payments"]["payouts"]["status"] == (
        "disabled"
    )
    assert walker.ours("delete", path)["payments"]["payouts"]["status"] == "enabled"


def _settings(walker: Walker) -> None:
    before = walker.ours("get", "counterfoil/settings")
    changed = walker.ours(
        "post",
        "counterfoil/settings",
        features={"view_payments": True},
        tariffs={"US": {"basis_points": 290, "fixed": 30}},
        dispute_fees={"usd": {"received": 1500}},
        instant_payouts={"basis_points": 200},
        exchange={"values": {"eur": "1.10"}},
        settlement_currencies=["eur"],
        topup_bank_details={"usd": "Bazaar Inc., account 1234"},
        large_refunds={"usd": 50_000},
        replaced_contact_hold_days=7,
        second_factor="encouraged",
        support={
            "email": "help@bazaar.example",
            "phone": "+1 212 555 0100",
            "url": "https://bazaar.example/help",
        },
    )
    assert changed["features"] == before["features"] | {"view_payments": True}
    own = walker.ours(
        "post", "counterfoil/settings", account=walker.seller, features={"view_payments": False}
    )
    assert own["own_features"] == {"view_payments": False}
