"""What is known about a seller, changed in the settings by the forms that onboarding has."""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.access import guard
from counterfoil.accounts.models import Account
from counterfoil.accounts.operations import create_person
from counterfoil.accounts.params import PersonParams
from counterfoil.accounts.profile import Profile, read_profile
from counterfoil.dashboard.details.states import state_of, states
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.selling import Shop

BUSINESS, PEOPLE, PUBLIC = "/settings/business", "/settings/people", "/settings/public"
ADDRESS = "business_profile.support_address"


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch)


@pytest.fixture
def company(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch, company=True)


def profile(shop: Shop) -> Profile:
    return read_profile(Account.objects.get(id=shop.id).profile)


def somebody(shop: Shop, first_name: str, **parts: object) -> str:
    sent = {"first_name": first_name, "last_name": "Byron", "relationship": parts}
    return create_person(
        platform_id=shop.world.id,
        livemode=False,
        account_id=shop.id,
        params=msgspec.convert(sent, PersonParams),
        now=shop.world.now,
    ).id


# ---- Business details ----


def test_what_was_given_is_shown_without_numbers_and_can_be_changed(shop):
    page = shop.page(BUSINESS)
    assert "Individual" in page.text
    assert "Jenny" in page.text
    step = "/settings/details/individual-home"

    form = shop.get(step).content.decode()
    assert '<option value="CA" selected>California</option>' in form
    shop.done(
        step,
        **{
            "individual.address.line1": "1 New Street",
            "individual.address.city": "Austin",
            "individual.address.state": "TX",
            "individual.address.postal_code": "73301",
        },
    )

    assert profile(shop).individual.address.line1 == "1 New Street"
    assert "1 New Street" in shop.page(BUSINESS).text


def test_a_number_that_was_given_stays_when_its_field_is_left_empty(shop):
    step = "/settings/details/individual-birth"
    page = shop.page(step)
    assert "Given. Leave this empty to keep it." in page.text

    shop.done(
        step,
        **{
            f"individual.dob.{part}": page.inputs[f"individual.dob.{part}"]
            for part in ("day", "month", "year")
        },
    )

    assert profile(shop).individual.ssn_last_4_provided
    assert Account.objects.get(id=shop.id).payouts_enabled


def test_where_codes_go_is_not_changed_on_these_forms(shop, company):
    before = Account.objects.get(id=shop.id).phone
    page = shop.page("/settings/details/individual-name")
    assert "individual.phone" not in page.inputs
    assert "individual.email" not in page.inputs

    shop.done(
        "/settings/details/individual-name",
        **{
            "individual.first_name": "Ada",
            "individual.last_name": "Byron",
            "individual.phone": "+12125550199",
            "individual.email": "thief@example.com",
        },
    )

    after = Account.objects.get(id=shop.id)
    assert (after.phone, profile(shop).individual.first_name) == (before, "Ada")
    assert after.email != "thief@example.com"
    assert "company.phone" not in company.page("/settings/details/company").inputs


@pytest.mark.parametrize("step", ["bank", "terms", "kind", "public", "nothing"])
def test_forms_that_are_not_for_changing_are_not_there(shop, step):
    assert shop.get(f"/settings/details/{step}").status_code == 404


def test_a_state_is_chosen_or_typed_as_people_know_it(shop):
    assert state_of("california", "US") == "CA"
    assert state_of("Bavaria", "US") is None
    assert ("NSW", "New South Wales") in states("AU")
    assert all(not code.isdigit() for code, _ in states("MY"))
    refused = shop.refused(
        "/settings/details/individual-home",
        **{
            "individual.address.line1": "1 New Street",
            "individual.address.city": "Austin",
            "individual.address.state": "Bavaria",
            "individual.address.postal_code": "73301",
        },
    )
    assert "Choose the state or province" in refused.text


# ---- People ----


def test_somebody_is_added_changed_and_taken_out(company):
    company.done(
        "/settings/details/people", do="add", first_name="Ada", last_name="Byron", roles=["owner"]
    )
    (ada,) = [one for one in profile(company).people if one.first_name == "Ada"]
    assert "Ada Byron" in company.page(PEOPLE).text
    assert "Owner" in company.page(f"{PEOPLE}/{ada.id}").text

    part = f"/settings/details/{ada.id}-part"
    assert "0 to 100" in company.refused(part, roles=["owner"], percent="150").text
    company.done(part, roles=["director", "owner"], percent="25,5", title="Founder")
    (ada,) = [one for one in profile(company).people if one.id == ada.id]
    assert (ada.relationship.director, ada.relationship.percent_ownership) == (True, 25.5)

    company.done(f"{PEOPLE}/{ada.id}/removal")
    assert [one for one in profile(company).people if one.id == ada.id] == []


def test_whoever_represents_the_company_may_own_it_too_and_stays_until_somebody_else_does(company):
    first = somebody(company, "Ada", representative=True)
    second = somebody(company, "Charles", director=True)
    company.done(f"/settings/details/{first}-part", roles=["owner"])
    assert "Representative · Owner" in company.page(f"{PEOPLE}/{first}").text
    assert "has to stay" in company.refused(f"{PEOPLE}/{first}/removal").text

    company.done(f"/settings/details/{second}-part", roles=["representative", "director"])

    assert "Representative · Director" in company.page(f"{PEOPLE}/{second}").text
    company.done(f"{PEOPLE}/{first}/removal")


def test_an_individual_has_no_people(shop):
    assert shop.get(PEOPLE).status_code == 404
    assert "Management" not in shop.page("/settings").text


# ---- Public details ----


def test_what_customers_see_is_drawn_before_it_is_saved(shop):
    words = "settings.payments.statement_descriptor"
    typed = {"business_profile.name": "Bowls & Co", words: "adas bowls"}

    drawn = shop.browser.post(PUBLIC, {"form_key": "x" * 22, "do": "look", **typed})

    assert "ADAS BOWLS" in drawn.content.decode()
    assert profile(shop).business_profile.name != "Bowls & Co"
    shop.done(PUBLIC, **typed, **{"business_profile.support_email": "help@example.com"})
    assert profile(shop).settings.statement_descriptor == "ADAS BOWLS"
    assert profile(shop).business_profile.support_email == "help@example.com"
    assert "Bowls & Co · ADAS BOWLS" in shop.page("/settings").text


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("settings.payments.statement_descriptor", "Bowl", "5 to 22"),
        ("settings.payments.statement_descriptor", "Bowls * Co", "5 to 22"),
        ("settings.payments.statement_descriptor", "1234567", "5 to 22"),
        ("business_profile.support_email", "ada", "not an e-mail address"),
        ("business_profile.support_phone", "12", "not a phone number"),
        ("business_profile.support_url", "no page", "not a web address"),
        (f"{ADDRESS}.postal_code", "ABC", "not a postal code"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_lost(shop, field, typed, words):
    page = shop.refused(PUBLIC, **{"business_profile.name": "Bowls & Co", field: typed})

    assert words in page.text
    assert page.inputs["business_profile.name"] == "Bowls & Co"
    assert page.inputs[field] == typed


# ---- Who may ----


def test_a_role_that_may_not_change_the_account_reads_it(shop, monkeypatch):
    monkeypatch.setitem(guard.ROLES, "owner", frozenset())

    assert shop.get(BUSINESS).status_code == 200
    assert "/settings/details/" not in shop.get(BUSINESS).content.decode()
    for address in (PUBLIC, "/settings/profile", "/settings/details/business"):
        assert shop.get(address).status_code == 403


def test_the_marketplace_says_who_it_is_and_what_it_sees(shop):
    assert "has not said here how to reach it" in shop.page("/settings/marketplace").text
