"""When payouts run and where they go, as the seller changes it."""

from __future__ import annotations

from datetime import date

import pytest

from counterfoil.access import guard
from counterfoil.accounts.models import ExternalAccount
from counterfoil.accounts.payout_schedule import next_run
from counterfoil.accounts.profile import Schedule, read_profile
from counterfoil.accounts.queries import account_by_id
from counterfoil.dashboard import schedules
from counterfoil.dashboard.account_fields import countries, fields_of
from counterfoil.kit import clock
from counterfoil.kit.clock import date_start
from tests.support.builders import NOW, world  # noqa: F401 - a fixture
from tests.support.reading import english  # noqa: F401 - a fixture
from tests.support.selling import Shop

SETTINGS = "/settings/payouts"
SCHEDULE = "/settings/payouts/schedule"
NEW = "/settings/payouts/accounts/new"
GOOD = {"country": "US", "routing_number": "110000000", "account_number": "000999999991"}


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    return Shop(world, monkeypatch)


def schedule_of(shop):
    account = account_by_id(shop.world.id, False, shop.id)
    return read_profile(account.profile).settings.schedule


# ---- In words ----


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        (Schedule(), "Every business day"),
        (Schedule("manual"), "By hand: you ask for each payout"),
        (Schedule("weekly", weekly_anchor="friday"), "Every week on Friday"),
        (
            Schedule("weekly", weekly_payout_days=["thursday", "monday"]),
            "Every week on Monday and Thursday",
        ),
        (Schedule("monthly", monthly_anchor=1), "Every month on day 1"),
        (Schedule("monthly", monthly_payout_days=[31, 1, 15]), "Every month on days 1, 15, and 31"),
    ],
)
def test_a_schedule_in_words(english, schedule, words):  # noqa: F811 - a fixture
    assert schedules.words(schedule) == words


def test_the_next_days_are_those_of_the_engine():
    schedule = Schedule("weekly", weekly_payout_days=["tuesday"])
    runs = schedules.next_runs(schedule, country="US", bank_country="US", now=NOW, count=3)

    # The 11th is a holiday: done on the 12th, in the bank on the 13th.
    assert [run.on for run in runs] == [
        date(2025, 11, 4),
        date(2025, 11, 12),
        date(2025, 11, 18),
    ]
    assert runs[1].arrives == date(2025, 11, 13)
    assert date_start(runs[0].on) == next_run(schedule, country="US", after=NOW)


# ---- Changing it ----


def test_the_days_are_shown_before_anything_is_saved(shop):
    answer = shop.send(SCHEDULE, step="show", interval="weekly", weekday=["tuesday"])
    text = answer.content.decode()

    assert answer.status_code == 200
    assert "Every week on Tuesday" in text
    assert "Wed, Nov 12" in text
    assert schedule_of(shop).interval == "daily"


@pytest.mark.parametrize(
    ("sent", "interval", "days"),
    [
        ({"interval": "weekly", "weekday": ["friday", "monday"]}, "weekly", ["monday", "friday"]),
        ({"interval": "monthly", "day": ["31", "15"]}, "monthly", [15, 31]),
        ({"interval": "manual", "weekday": ["monday"]}, "manual", None),
        ({"interval": "daily"}, "daily", None),
    ],
)
def test_a_schedule_is_changed(shop, sent, interval, days):
    assert shop.done(SCHEDULE, step="save", **sent) == SETTINGS

    schedule = schedule_of(shop)
    assert schedule.interval == interval
    assert days in (schedule.weekly_payout_days, schedule.monthly_payout_days)
    assert f"Saved: {schedules.words(schedule)}." in shop.page(SETTINGS).text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"interval": "weekly"}, "Choose at least one day."),
        ({"interval": "weekly", "weekday": ["sunday"]}, "Choose at least one day."),
        ({"interval": "monthly", "day": ["32", "0", "x"]}, "Choose at least one day."),
        ({"interval": "hourly"}, "Choose when payouts are made."),
        ({}, "Choose when payouts are made."),
    ],
)
def test_a_schedule_that_is_none_is_told_beside_the_place(shop, sent, words):
    assert words in shop.refused(SCHEDULE, step="save", **sent).text
    assert schedule_of(shop).interval == "daily"


@pytest.mark.parametrize(
    ("country", "offered"),
    [("JP", {"weekly", "monthly", "manual"}), ("US", {"daily", "weekly", "monthly", "manual"})],
)
def test_each_country_offers_its_own(world, monkeypatch, country, offered):  # noqa: F811 - a fixture
    shop = Shop(world, monkeypatch, country)
    html = shop.get(SCHEDULE).content.decode()

    found = {name for name in ("daily", "weekly", "monthly", "manual") if f'"{name}"' in html}
    assert found == offered
    if country == "JP":
        assert "not every schedule is offered" in html
        shop.refused(SCHEDULE, step="save", interval="daily")


def test_only_where_the_platform_lets_them(shop, monkeypatch):
    key = shop.page(SCHEDULE).inputs["form_key"]
    shop.switch_on()

    assert shop.get(SCHEDULE).status_code == 404
    assert shop.send(SCHEDULE, key=key, step="save", interval="manual").status_code == 404
    assert "Bazaar sets the schedule." in shop.page(SETTINGS).text
    assert "Change" not in shop.page("/").links
    monkeypatch.setattr(guard, "ROLES", {"owner": frozenset()})
    assert shop.get(SCHEDULE).status_code == 403
    assert schedule_of(shop).interval == "daily"


# ---- Bank accounts ----


def accounts(shop):
    rows = ExternalAccount.objects.filter(account_id=shop.id, deleted_at=None).order_by("created")
    return {row.last4: (row.status, row.default_for_currency) for row in rows}


def test_a_bank_account_is_added_and_payouts_go_there(shop):
    assert shop.done(NEW, step="add", default="yes", **GOOD) == SETTINGS

    assert accounts(shop) == {"6789": ("new", False), "9991": ("new", True)}
    assert "Account ·· 9991 was added." in shop.page(SETTINGS).text


def test_one_can_be_added_beside_the_default(shop):
    shop.done(NEW, step="add", **GOOD)

    assert accounts(shop) == {"6789": ("new", True), "9991": ("new", False)}


def test_adding_it_twice_adds_it_once(shop):
    key = shop.page(NEW).inputs["form_key"]
    for _ in range(2):
        assert shop.done(NEW, key=key, step="add", **GOOD) == SETTINGS
    assert len(accounts(shop)) == 2

    page = shop.refused(NEW, step="add", **GOOD)
    assert "You have added this account already." in page.text


def test_each_country_has_its_own_fields(shop):
    def fields(country):
        return set(shop.page(f"{NEW}?country={country}").inputs) & {
            "routing_number",
            "account_number",
        }

    assert fields("US") == {"routing_number", "account_number"}
    assert fields("DE") == {"account_number"}
    for country, word in {
        "GB": "Sort code",
        "CA": "Transit and institution number",
        "AU": "BSB",
        "DE": "IBAN",
        "JP": "Bank and branch code",
    }.items():
        assert word in shop.page(f"{NEW}?country={country}").text
    assert "Routing number" in shop.page(f"{NEW}?country=XX").text


@pytest.mark.parametrize(
    ("country", "routing", "number"),
    [
        ("GB", "10-88-00", "00012345"),
        ("CA", "11000-000", "000123456789"),
        ("AU", "110-000", "000123456"),
        ("DE", "", "DE89 3704 0044 0532 0130 00"),
    ],
)
def test_numbers_as_people_write_them(shop, country, routing, number):
    shop.done(NEW, step="add", country=country, routing_number=routing, account_number=number)

    assert number[-4:].replace(" ", "")[-2:] in "".join(accounts(shop))


def test_the_bank_behind_an_iban_is_shown(shop):
    answer = shop.send(NEW, step="look", country="DE", account_number="DE89370400440532013000")

    assert "This is an account at Commerzbank" in answer.content.decode()
    assert len(accounts(shop)) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"account_number": ""}, "This is needed."),
        ({"routing_number": ""}, "This is needed."),
        ({"routing_number": "123"}, "This is not a valid number. Nine digits"),
        ({"account_number": "12"}, "This is not a valid number. Four to seventeen digits."),
        ({"account_number": "000123450000"}, "Test mode takes test numbers only"),
        (
            {"country": "DE", "account_number": "DE00370400440532013000"},
            "This is not a valid number. It begins with two letters",
        ),
        ({"country": "DE", "account_number": "GB82WEST12345698765432"}, "not"),
    ],
)
def test_numbers_that_cannot_be_are_told_beside_them(shop, changes, words):
    sent = GOOD | changes
    page = shop.refused(NEW, step="add", **sent)

    assert words in page.text
    assert page.inputs["account_number"] == sent["account_number"]
    assert len(accounts(shop)) == 1


def change(shop, ident, what):
    key = shop.page(NEW).inputs["form_key"]
    return shop.send(f"/settings/payouts/accounts/{ident}/{what}", key=key)


def test_another_one_becomes_the_default_and_the_former_can_go(shop):
    first = shop.world.external(shop.id).id
    shop.done(NEW, step="add", **GOOD)
    (second,) = {row.id for row in externals(shop)} - {first}

    assert change(shop, second, "default")["Location"] == SETTINGS
    assert accounts(shop) == {"6789": ("new", False), "9991": ("new", True)}
    assert shop.done(f"/settings/payouts/accounts/{first}/removal") == SETTINGS
    assert accounts(shop) == {"9991": ("new", True)}


def externals(shop):
    return list(ExternalAccount.objects.filter(account_id=shop.id, deleted_at=None))


def test_the_last_one_stays(shop):
    ident = shop.world.external(shop.id).id

    assert "Remove" not in shop.page(SETTINGS).links
    page = shop.refused(f"/settings/payouts/accounts/{ident}/removal")
    assert "Payouts need this one." in page.text
    assert len(accounts(shop)) == 1


def test_one_that_the_bank_refused_is_explained_and_confirmed(shop):
    shop.world.schedule(shop.id, "manual")
    shop.world.give(shop.id, 9000)
    shop.world.fail_payout(shop.world.payout(1000, on=shop.id))
    page = shop.page(SETTINGS)
    assert "Refused by the bank" in page.text
    assert "nothing more is sent there" in page.text

    answer = change(shop, shop.world.external(shop.id).id, "confirmation")
    assert answer["Location"] == SETTINGS
    assert accounts(shop) == {"6789": ("new", True)}


@pytest.mark.parametrize("what", ["default", "confirmation", "removal"])
def test_others_accounts_are_not_there(shop, what):
    other = shop.world.seller()
    ident = shop.world.external(other).id

    assert change(shop, ident, what).status_code == 404
    assert shop.world.external(other).default_for_currency


def test_a_role_without_the_permission_changes_nothing(shop, monkeypatch):
    ident = shop.world.external(shop.id).id
    monkeypatch.setattr(guard, "ROLES", {"owner": frozenset()})

    for address in (NEW, f"/settings/payouts/accounts/{ident}/removal"):
        assert shop.get(address).status_code == 403
    for what in ("default", "confirmation", "removal"):
        answer = shop.browser.post(f"/settings/payouts/accounts/{ident}/{what}")
        assert answer.status_code == 403
    page = shop.page(SETTINGS)
    assert "Add a bank account" not in page.links


def test_every_country_has_a_form(english):  # noqa: F811 - a fixture
    known = countries()

    assert ("DE", "Germany") in known
    assert len(known) > 100
    assert all(fields_of(code).number for code, _name in known)


# ---- Showing once more who one is ----


def test_bank_accounts_are_changed_by_somebody_who_has_just_shown_who_they_are(shop, monkeypatch):
    (bank,) = ExternalAccount.objects.all()
    key = shop.page(NEW).inputs["form_key"]
    browser, later = shop.browser, shop.world.now + 601
    monkeypatch.setattr(clock, "wall_now", lambda: later)
    tries = {NEW: {"step": "add", **GOOD}} | {
        f"{SETTINGS}/accounts/{bank.id}/{verb}": {}
        for verb in ("default", "confirmation", "removal")
    }

    for address, fields in tries.items():
        answer = browser.post(address, {"form_key": key, **fields})
        assert (answer.status_code, answer["Location"][:9]) == (303, "/step-up/"), address
    assert [one.id for one in ExternalAccount.objects.all()] == [bank.id]


def test_a_bank_account_that_waited_for_the_code_is_added_once(shop, monkeypatch):
    key = shop.page(NEW).inputs["form_key"]
    browser, later = shop.browser, shop.world.now + 601
    monkeypatch.setattr(clock, "wall_now", lambda: later)
    waiting = browser.post(NEW, {"form_key": key, "step": "add", **GOOD})["Location"]
    browser.post(waiting, {"again": "sms"})
    browser.post(waiting, {"code": "000000"})
    token = waiting.rsplit("/", 1)[1]
    answers = [browser.post(NEW, {"held": token})["Location"] for _ in range(2)]

    assert answers == [SETTINGS, waiting]
    assert ExternalAccount.objects.count() == 2


# ---- Debit cards ----

CARD = "/settings/payouts/cards/new"
DEBIT = {"number": "4000 0566 5566 5556", "expires": "04/29", "name": "Ada Byron"}


def test_a_debit_card_is_added_beside_the_bank_account(shop):
    assert shop.page(SETTINGS).links["Add a debit card"] == CARD
    key = shop.page(CARD).inputs["form_key"]
    for _ in range(2):
        assert shop.done(CARD, key=key, **DEBIT) == SETTINGS

    assert accounts(shop) == {"6789": ("new", True), "5556": ("new", False)}
    page = shop.page(SETTINGS).text
    assert "Card ·· 5556 was added." in page
    assert "expires 04/29" in page
    assert "You have added this card already." in shop.refused(CARD, **DEBIT).text
    assert shop.done(CARD, **DEBIT | {"number": "5200828282828210", "default": "yes"}) == SETTINGS
    assert accounts(shop)["8210"] == ("new", True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"number": "4242424242424242"}, "This card takes no payouts"),
        ({"number": "4000056655665557"}, "This is not a card number."),
        ({"number": "4000-05x"}, "This is not a card number."),
        ({"number": ""}, "This is needed."),
        ({"expires": "04/24"}, "This card has expired."),
        ({"expires": "13/29"}, "This card has expired."),
        ({"expires": "April"}, "such as 04/29"),
    ],
)
def test_what_is_no_debit_card_is_told_beside_it_and_stays_typed(shop, changes, words):
    page = shop.refused(CARD, **DEBIT | changes)

    assert words in page.text
    assert page.inputs["number"] == (DEBIT | changes)["number"]
    assert page.inputs["name"] == "Ada Byron"
    assert accounts(shop) == {"6789": ("new", True)}


def test_live_mode_and_other_countries_take_no_card_and_say_why(shop, world, monkeypatch):  # noqa: F811
    abroad = Shop(world, monkeypatch, "DE")
    assert "Only accounts in the United States" in abroad.page(CARD).text
    shop.go_live()
    page = shop.page(CARD)
    assert "Card numbers are not taken here" in page.text
    assert "number" not in page.inputs
    assert "Add a debit card" not in shop.page(SETTINGS).links

    sent = shop.browser.post(CARD, {"form_key": "x" * 22, **DEBIT})
    assert sent.status_code == 422
    assert DEBIT["number"].replace(" ", "") not in sent.content.decode()
    assert accounts(shop) == {"6789": ("new", True)}
