"""`/onboarding/{token}`: from a link to a seller who can be paid, one short form at a time."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from counterfoil.access.account_links import create_account_link
from counterfoil.access.models import SignInCode
from counterfoil.accounts import operations
from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.params import (
    AskQuestion,
    CollectionOptionsParams,
    CreateAccount,
    CreateAccountLink,
)
from counterfoil.accounts.profile import read_profile
from counterfoil.dashboard import once
from counterfoil.dashboard.details.sample_values import BANKS, sample_values
from counterfoil.dashboard.details.steps import details_of
from counterfoil.dashboard.models import Submission
from counterfoil.files.policy import LARGEST
from counterfoil.kit import clock
from counterfoil.platforms.operations import create_platform
from tests.support.reading import english  # noqa: F401 - a fixture

NOW = 1_760_000_000
BACK = "https://platform.example.com/back"
AGAIN = "https://platform.example.com/again"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64 + b"IEND\xaeB`\x82"


class Holder:
    """A seller with an account link, and the browser they open it in."""

    def __init__(self, country: str = "US", **params) -> None:
        platform = create_platform(name="Bazaar", now=NOW).platform
        self.where = {"platform_id": platform.id, "livemode": False}
        made = operations.create_account(
            params=CreateAccount(type="express", country=country), now=NOW, **self.where
        )
        self.id = made.id
        self.browser = Client()
        self.link = self.new_link(**params)

    def new_link(self, **params) -> str:
        addresses = {"return_url": BACK, "refresh_url": AGAIN}
        sent = CreateAccountLink(account=self.id, type="account_onboarding", **addresses | params)
        token, _ = create_account_link(params=sent, now_wall=NOW, **self.where)
        return f"/onboarding/{token}"

    @property
    def account(self) -> Account:
        return Account.objects.get(id=self.id)

    @property
    def profile(self):
        return read_profile(self.account.profile)

    def details(self, asked: str = "currently_due"):
        return details_of(account_id=self.id, asked=asked, now=NOW, **self.where)

    def open(self) -> str:
        """The address of the first form."""
        assert self.browser.post(self.link).status_code == 303
        return self.browser.get("/onboarding").headers["Location"]

    def send(self, step: str, **values):
        address = f"/onboarding/steps/{step}"
        page = self.browser.get(address)
        assert page.status_code == 200, (step, page.headers.get("Location"))
        return self.browser.post(address, values | {"form_key": key_in(page)})

    def prove(self, code: str = "000000"):
        """With the code that every test account takes; the answer to it."""
        self.browser.post("/onboarding/code")
        return self.browser.post("/onboarding/code", {"code": code})

    def fill_in(self, step: str):
        """With the values that the test-mode button would type."""
        found = self.details().step(step)
        assert found is not None
        if found.kind == "bank":
            return self.send(step, **BANKS[self.account.country])
        return self.send(step, **sample_values(self.details(), found))

    def walk(self, kind: str, asked: str = "currently_due") -> list[str]:
        """Through every form until the platform has the seller back; the names of the forms."""
        address, walked = self.open(), []
        while address != BACK:
            assert len(walked) < 20, walked
            address = self.browser.get(address).headers.get("Location", address)
            name = address.rsplit("/", 1)[-1]
            walked.append(re.sub("person_[A-Za-z0-9]+", "person", name))
            if name == "code":
                answer = self.prove()
            elif name == "kind":
                answer = self.send(name, business_type=kind)
            elif name == "people":
                answer = self.send(name, do="all")
            elif name == "terms":
                answer = self.send(name, accepted="yes")
            elif name.endswith("document"):
                answer = self.send(name, do="sample")
            else:
                answer = self.fill_in(name)
            assert answer.status_code == 303, (name, answer.content.decode())
            address = answer.headers["Location"]
        return walked


def key_in(page) -> str:
    return re.findall(r'name="form_key" value="(\w+)"', page.content.decode())[0]


@pytest.fixture(autouse=True)
def wall(db, monkeypatch):
    monkeypatch.setattr(clock, "wall_now", lambda: NOW)
    # What is refused undoes itself and nothing else, also inside a test's transaction.
    monkeypatch.setattr(once, "unit_of_work", transaction.atomic)


@pytest.fixture
def holder() -> Holder:
    return Holder()


# ---- The link ----


def test_looking_at_a_link_uses_nothing_up_and_sends_nothing(holder):
    for _ in range(3):
        page = holder.browser.get(holder.link)
        assert page.status_code == 200
        assert "Bazaar" in page.content.decode()
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert page.headers["Cache-Control"] == "no-store"
        assert not page.cookies.get("onboarding")

    assert holder.open() == "/onboarding/steps/kind"


def test_a_link_opens_once_the_browser_that_opened_it_goes_on_and_others_get_a_new_link(holder):
    holder.open()

    assert holder.browser.get(holder.link).headers["Location"] == "/onboarding"
    assert Client().get(holder.link).headers["Location"] == AGAIN
    assert Client().post(holder.link).headers["Location"] == AGAIN


def test_an_old_link_leads_to_where_a_new_one_is_made(holder, monkeypatch):
    monkeypatch.setattr(clock, "wall_now", lambda: NOW + 300)

    assert holder.browser.get(holder.link).headers["Location"] == AGAIN


def test_without_a_place_for_a_new_link_a_page_says_what_to_do():
    holder = Holder(refresh_url="", return_url="")
    holder.open()

    page = Client().get(holder.link)

    assert page.status_code == 410
    assert "Go back to Bazaar" in page.content.decode()
    assert Client().get("/onboarding/nobody").status_code == 404


def test_nobody_fills_in_forms_without_a_link(holder):
    holder.open()
    for address in ("/onboarding", "/onboarding/steps/kind"):
        assert Client().get(address).status_code == 410
    assert Client().post("/onboarding/steps/kind", {"business_type": "company"}).status_code == 410
    assert holder.account.business_type is None


def test_one_holder_never_reaches_another_ones_account(holder):
    other = Holder()
    holder.open()
    other.open()

    holder.send("kind", business_type="company")

    assert holder.account.business_type == "company"
    assert other.account.business_type is None


# ---- The forms ----


@pytest.mark.parametrize("country", ["US", "GB", "DE"])
@pytest.mark.parametrize("kind", ["individual", "company"])
def test_from_blank_to_payable(country, kind):
    holder = Holder(country)

    walked = holder.walk(kind)

    account = holder.account
    assert (account.charges_enabled, account.payouts_enabled) == (True, True)
    assert account.details_submitted
    assert walked[0] == "kind"
    assert walked[-1] == "terms"
    people = ["individual-name", "individual-birth", "individual-home"]
    if kind == "company":
        people = ["company", "company-address", "representative", "person-birth", "person-home"]
        people.append("people")
    assert walked[1:-1] == [*people, "business", "code", "bank"]
    if kind == "company":
        assert holder.profile.requirements.eventually_due == []


def test_a_link_for_everything_asks_for_what_is_due_later_too():
    holder = Holder("DE", collect="eventually_due")

    walked = holder.walk("individual", "eventually_due")

    assert "individual-document" in walked
    assert holder.profile.requirements.eventually_due == []


def test_who_leaves_finds_what_was_saved_and_goes_on_from_there(holder):
    holder.open()
    holder.send("kind", business_type="individual")
    holder.fill_in("individual-name")

    assert holder.browser.post("/onboarding/leaving").headers["Location"] == BACK
    assert holder.browser.get("/onboarding").status_code == 410

    holder.link = holder.new_link()
    assert holder.open() == "/onboarding/steps/individual-birth"
    assert (
        'value="Jenny"' in holder.browser.get("/onboarding/steps/individual-name").content.decode()
    )


GOOD = {"individual.first_name": "Ada", "individual.last_name": "Byron"}
CONTACT = {"individual.email": "ada@example.com", "individual.phone": "0000000000"}
BORN = {"individual.dob.day": "31", "individual.dob.month": "12", "individual.dob.year": "1985"}
HOME = {
    "individual.address.line1": "Main Street 1",
    "individual.address.city": "Berlin",
    "individual.address.postal_code": "10115",
}


@pytest.mark.parametrize(
    ("country", "step", "values", "word"),
    [
        ("US", "individual-name", GOOD | CONTACT | {"individual.first_name": " "}, "is needed"),
        ("US", "individual-name", GOOD | CONTACT | {"individual.email": "ada@"}, "e-mail address"),
        ("US", "individual-name", GOOD | CONTACT | {"individual.phone": "12"}, "phone number"),
        (
            "US",
            "individual-name",
            GOOD | CONTACT | {"individual.first_name": "A" * 300},
            "too long",
        ),
        ("GB", "individual-birth", BORN | {"individual.dob.day": "32"}, "does not exist"),
        (
            "GB",
            "individual-birth",
            BORN | {"individual.dob.day": "30", "individual.dob.month": "2"},
            "does not exist",
        ),
        ("GB", "individual-birth", BORN | {"individual.dob.year": "2015"}, "18 years"),
        ("GB", "individual-birth", BORN | {"individual.dob.year": "85"}, "four digits"),
        ("GB", "individual-birth", BORN | {"individual.dob.month": "May"}, "as numbers"),
        ("US", "individual-birth", BORN | {"individual.ssn_last_4": "12a4"}, "last four"),
        ("GB", "individual-home", HOME, "like EC1A 1BB"),
        ("DE", "individual-home", HOME | {"individual.address.postal_code": "1011"}, "like 10115"),
        ("DE", "bank", {"account_number": "DE00370400440532013000"}, "not a valid number"),
        ("US", "bank", {"routing_number": "1", "account_number": "000123456789"}, "valid number"),
        ("US", "bank", {"account_number": "000123456789"}, "is needed"),
        ("US", "business", {"business_profile.mcc": "5970"}, "website, or describe"),
        (
            "US",
            "business",
            {"business_profile.mcc": "5970", "business_profile.url": "nowhere"},
            "web address",
        ),
    ],
)
def test_what_cannot_be_right_is_told_beside_its_field_and_stays(country, step, values, word):
    holder = Holder(country)
    holder.open()
    holder.send("kind", business_type="individual")
    holder.prove()
    before = holder.account.profile

    page = holder.send(step, **values)

    assert page.status_code == 422
    text = page.content.decode()
    assert word in text
    assert 'aria-invalid="true"' in text
    for value in values.values():
        assert not value.strip() or value in text
    assert holder.account.profile == before


@pytest.mark.parametrize(
    ("country", "tax_id"),
    [("US", "DE136695976"), ("DE", "12-3456789"), ("GB", "HRB 1"), ("FR", "123")],
)
def test_a_companys_number_of_another_country_is_not_taken(country, tax_id):
    holder = Holder(country)
    holder.open()
    holder.send("kind", business_type="company")
    values = {"company.name": "Bowls", "company.tax_id": tax_id, "company.phone": "0000000000"}

    page = holder.send("company", **values)

    text = page.content.decode()
    assert page.status_code == 422
    assert "This is not a number of a company in this country." in text
    for typed in values.values():
        assert f'value="{typed}"' in text


@pytest.mark.parametrize("name", ["Ada 🏺 Byron", "עדה", "أدا", "A" * 200])
def test_names_of_all_kinds_are_kept_as_they_are_written(holder, name):
    holder.open()
    holder.send("kind", business_type="individual")

    assert holder.send("individual-name", **GOOD | CONTACT | {"individual.last_name": name})

    assert f'value="{name}"' in holder.browser.get("/onboarding/steps/individual-name").text
    assert holder.profile.individual.last_name == name


def test_the_same_form_twice_adds_one_person(holder):
    holder.open()
    holder.send("kind", business_type="company")
    address = "/onboarding/steps/people"
    sent = {
        "form_key": key_in(holder.browser.get(address)),
        "first_name": "Bea",
        "last_name": "Low",
        "roles": ["owner", "director"],
        "do": "add",
    }

    holder.browser.post(address, sent)
    holder.browser.post(address, sent)

    (bea,) = holder.profile.people
    assert (bea.relationship.owner, bea.relationship.director) == (True, True)
    holder.send("people", do=f"without:{bea.id}")
    assert holder.profile.people == []


def test_who_goes_back_and_corrects_something_is_heard(holder):
    """The page before is shown as it was left, with the key that its form had."""
    holder.open()
    holder.send("kind", business_type="individual")
    address = "/onboarding/steps/individual-name"
    sent = GOOD | CONTACT | {"form_key": key_in(holder.browser.get(address))}
    assert holder.browser.post(address, sent).status_code == 303

    corrected = sent | {"individual.first_name": "Augusta"}
    for _ in range(2):
        assert holder.browser.post(address, corrected).status_code == 303

    assert holder.profile.individual.first_name == "Augusta"
    assert Submission.objects.count() == 3


def test_on_two_devices_each_form_keeps_what_the_other_one_gave(holder):
    holder.open()
    holder.send("kind", business_type="individual")
    phone, laptop = holder.browser, Client()
    assert laptop.post(holder.new_link()).status_code == 303

    holder.fill_in("individual-name")
    holder.browser = laptop
    assert "Jenny" in laptop.get("/onboarding/steps/individual-name").text
    holder.fill_in("individual-home")
    holder.browser = phone
    holder.fill_in("individual-birth")
    assert phone.get("/onboarding").headers["Location"].endswith("/business")

    person = holder.profile.individual
    assert (person.first_name, person.address.city) == ("Jenny", "San Francisco")
    assert person.dob.year == 1901


def test_a_device_left_open_changes_nothing_once_all_was_handed_in(holder):
    holder.open()
    holder.send("kind", business_type="individual")
    left_open, address = holder.browser, "/onboarding/steps/individual-name"
    key = key_in(left_open.get(address))
    holder.link, holder.browser = holder.new_link(), Client()
    holder.walk("individual")
    before = holder.account.profile

    answer = left_open.post(address, GOOD | CONTACT | {"form_key": key})

    assert answer.headers["Location"] == "/onboarding"
    assert left_open.get("/onboarding").headers["Location"] == BACK
    assert holder.account.profile == before


def test_a_refused_document_is_told_and_replaced(holder, tmp_path, settings):
    settings.STORAGES = settings.STORAGES | {
        "files": settings.STORAGES["files"] | {"OPTIONS": {"location": tmp_path}}
    }
    holder.open()
    holder.send("kind", business_type="individual")
    holder.fill_in("individual-name")
    unknown = BORN | {"individual.ssn_last_4": "0000"}
    answer = holder.send("individual-birth", **unknown)
    assert answer.headers["Location"].endswith("/individual-home")
    step = "individual-document"

    for name, content, word in (
        ("a.png", b"<html>", "not a JPEG, PNG or PDF"),
        ("a.heic", b"\0\0\0\x18ftypheic", "HEIC"),
        ("empty.png", b"", "empty"),
        ("huge.jpg", b"\xff\xd8\xff" + bytes(LARGEST), "too large"),
        ("cut.png", PNG[:40], "damaged"),
        ("cut.jpg", b"\xff\xd8\xff\xe0 a photograph", "damaged"),
        ("cut.pdf", b"%PDF-1.7 a scan", "damaged"),
    ):
        page = holder.send(step, front=SimpleUploadedFile(name, content))
        assert (page.status_code, word in page.content.decode()) == (422, True)
    assert holder.send(step).status_code == 422
    failing = SimpleUploadedFile("identity_document_failure.png", PNG)
    assert holder.send(step, front=failing).status_code == 303
    page = holder.browser.get(f"/onboarding/steps/{step}").content.decode()
    assert "could not be accepted" in page

    holder.send(step, front=SimpleUploadedFile("passport.png", PNG))

    assert holder.profile.requirements.errors == []


def test_after_all_was_handed_in_only_what_is_due_may_be_changed(holder):
    holder.walk("individual")
    holder.link = holder.new_link()
    holder.browser = Client()

    assert holder.browser.post(holder.link).status_code == 303
    assert holder.browser.get("/onboarding/steps/bank").headers["Location"] == "/onboarding"
    assert holder.browser.get("/onboarding").headers["Location"] == BACK


# ---- Where the money goes ----


def test_the_bank_account_waits_for_a_code_to_the_holders_own_phone(holder):
    holder.open()
    holder.send("kind", business_type="individual")
    holder.fill_in("individual-name")
    bank = "/onboarding/steps/bank"
    for answer in (holder.browser.get(bank), holder.browser.post(bank, BANKS["US"])):
        assert answer.headers["Location"] == "/onboarding/code"
    assert not ExternalAccount.objects.exists()

    page = holder.browser.get("/onboarding/code").content.decode()
    assert "Where your money goes is for you alone to say." in page
    assert not SignInCode.objects.exists()
    holder.browser.post("/onboarding/code")
    assert SignInCode.objects.get().channel == "sms"
    wrong = holder.browser.post("/onboarding/code", {"code": "000001"})
    assert (wrong.status_code, "4 tries left" in wrong.content.decode()) == (422, True)
    assert holder.browser.post("/onboarding/code", {"code": "12"}).status_code == 422
    assert holder.browser.post("/onboarding/code", {"code": "000000"}).headers["Location"] == bank

    assert holder.send("bank", **BANKS["US"]).status_code == 303
    assert holder.browser.get("/onboarding/code").headers["Location"] == bank


def test_a_code_counts_for_the_browser_that_typed_it_alone(holder):
    holder.open()
    holder.send("kind", business_type="individual")
    holder.prove()
    holder.link, holder.browser = holder.new_link(), Client()
    holder.open()

    answer = holder.browser.get("/onboarding/steps/bank")

    assert answer.headers["Location"] == "/onboarding/code"


def test_a_code_to_another_number_than_the_present_one_is_void(holder):
    holder.open()
    holder.send("kind", business_type="individual")
    holder.fill_in("individual-name")
    holder.browser.post("/onboarding/code")
    other = CONTACT | {"individual.phone": "+12015550123"}
    assert holder.send("individual-name", **GOOD, **other).status_code == 303

    page = holder.browser.post("/onboarding/code", {"code": "000000"})

    assert page.status_code == 422
    assert "no longer works" in page.content.decode()


def test_terms_are_accepted_last_and_say_from_where(holder):
    holder.open()
    holder.send("kind", business_type="individual")
    page = holder.send("terms", accepted="yes")
    assert page.status_code == 422
    assert holder.profile.tos_acceptance.date is None

    holder.link, holder.browser = holder.new_link(), Client()
    holder.browser.post(holder.link)
    holder.prove()
    for step in ("individual-name", "individual-birth", "individual-home", "business", "bank"):
        holder.fill_in(step)
    assert holder.send("terms").status_code == 422
    holder.send("terms", accepted="yes")

    assert holder.profile.tos_acceptance.ip == "127.0.0.1"
    assert holder.profile.tos_acceptance.date == NOW


def test_numbers_that_were_given_are_never_shown_again(holder):
    holder.open()
    holder.send("kind", business_type="individual")
    holder.send("individual-birth", **BORN | {"individual.ssn_last_4": "7391"})

    page = holder.browser.get("/onboarding/steps/individual-birth").content.decode()

    assert "7391" not in page
    assert "Leave this empty to keep it" in page


@pytest.mark.parametrize(("wish", "asked"), [("include", True), ("omit", False)])
def test_a_link_asks_for_what_is_only_announced_where_the_platform_wants_that(holder, wish, asked):
    holder.walk("individual")
    document = ["individual.verification.document"]
    sent = AskQuestion(holder.id, "Document", "details", details=document, starts_in_days=90)
    operations.ask_question(params=sent, now=NOW, **holder.where)
    options = CollectionOptionsParams(future_requirements=wish)
    holder.link, holder.browser = holder.new_link(collection_options=options), Client()

    first = holder.open()

    assert first == ("/onboarding/steps/individual-document" if asked else BACK)
    if asked:
        answer = holder.send("individual-document", do="sample")
        assert answer.headers["Location"] == BACK
        assert holder.profile.future_requirements.currently_due == []
