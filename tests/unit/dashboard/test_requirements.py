"""What is asked of a signed-in seller: the banner on home, `/requirements`, and its forms."""

from __future__ import annotations

import msgspec
import pytest

from counterfoil.access import guard
from counterfoil.accounts import due, operations
from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.accounts.operations.changing import changed_account
from counterfoil.accounts.params import AskQuestion, RejectAccount, UpdateAccount
from counterfoil.accounts.policy import CHARGES_AFTER, GRACE
from counterfoil.accounts.profile import read_profile
from counterfoil.kit.clock import DAY
from counterfoil.kit.db import execute
from tests.support.builders import world  # noqa: F401 - a fixture
from tests.support.selling import Shop

PAGE = "/requirements"


@pytest.fixture
def shop(world, monkeypatch):  # noqa: F811 - a fixture
    shop = Shop(world, monkeypatch)
    shop.switch_on("view_payments")  # and nothing else
    return shop


def where(shop: Shop) -> dict:
    return {
        "platform_id": shop.world.id,
        "livemode": False,
        "account_id": shop.id,
        "now": shop.world.now,
    }


def ask(shop: Shop, **params) -> str:
    sent = AskQuestion(account=shop.id, **{"title": "Do you ship abroad?"} | params)
    _, question, _ = operations.ask_question(
        platform_id=shop.world.id, livemode=False, params=sent, now=shop.world.now
    )
    return question


def trigger(shop: Shop, block: str) -> None:
    operations.ask_for_the_rest(block=block, cause="ch_1", **where(shop))


def run_until(shop: Shop, moment: int) -> None:
    """The platform's clock moves, as far as requirements are concerned."""
    while (at := due.next_due(shop.world.id, False, moment)) is not None:
        due.run_due(shop.world.id, False, at)
    shop.world.now = moment


def account(shop: Shop) -> Account:
    return Account.objects.get(id=shop.id)


def test_where_nothing_is_asked_nothing_is_shown(shop):
    assert "Fill it in" not in shop.page("/").text
    assert "needed by" not in shop.page("/").text
    assert "Nothing is asked of you" in shop.page(PAGE).text


def test_a_question_is_asked_on_home_answered_in_its_form_and_gone(shop):
    question = ask(shop, kind="choice", choices=["Yes", "No"], days=9)
    home = shop.page("/")
    assert "Do you ship abroad?" in home.text
    assert home.links["Fill it in"] == f"{PAGE}/{question}"
    assert "payouts wait until it is given" in home.text

    assert shop.send(f"{PAGE}/{question}", answer="Maybe").status_code == 422
    answer = shop.send(f"{PAGE}/{question}", answer="No")

    assert answer.headers["Location"] == PAGE
    assert "Nothing is asked of you" in shop.page(PAGE).text
    assert shop.browser.get(f"{PAGE}/{question}").status_code == 404


def test_a_deadline_is_missed_and_cured(shop):
    trigger(shop, "nothing")
    assert "Needed by" in shop.page("/").text

    run_until(shop, shop.world.now + GRACE)
    assert "Payouts are paused" in shop.page("/").text
    assert "payments stop as well" in shop.page(PAGE).text
    run_until(shop, shop.world.now + CHARGES_AFTER)
    assert "Payments and payouts are paused" in shop.page("/").text

    step = f"{PAGE}/individual-birth"
    wrong = shop.send(step, **{"individual.id_number": "12"})
    assert wrong.status_code == 422
    shop.send(step, **{"individual.id_number": "000000000"})

    assert account(shop).payouts_enabled
    assert account(shop).charges_enabled
    assert "Payments and payouts are paused" not in shop.page("/").text


def test_only_what_is_due_is_asked_for(shop):
    trigger(shop, "nothing")

    page = shop.page(f"{PAGE}/individual-birth")

    assert "individual.id_number" in page.inputs
    assert "individual.dob.day" not in page.inputs
    assert shop.browser.get(f"{PAGE}/individual-name").status_code == 303
    assert shop.browser.get(f"{PAGE}/nothing").status_code == 404


def test_what_does_not_match_is_told_with_its_reason(shop):
    born = {"day": 2, "month": 2, "year": 1980}
    params = msgspec.convert({"individual": {"dob": born}}, UpdateAccount)
    operations.update_account(params=params, **where(shop))

    page = shop.page(PAGE)
    assert "identity could not be confirmed" in page.text
    shop.send(f"{PAGE}/individual-document", do="sample")

    assert account(shop).payouts_enabled


def test_what_is_due_later_is_a_task_where_the_platform_wants_that(shop):
    shop.switch_on("collect_eventually_due")

    assert "You can give more details already" in shop.page("/").text


def test_a_rejected_account_reads_that_it_is_closed_and_whom_to_ask(shop):
    operations.reject_account(params=RejectAccount(reason="fraud_other"), **where(shop))

    assert "This account is closed" in shop.page("/").text
    assert "fraud" not in shop.page(PAGE).text


def test_who_may_only_read_sees_what_is_asked_and_gives_nothing(shop, monkeypatch):
    question = ask(shop)
    monkeypatch.setitem(guard.ROLES, "owner", frozenset())

    assert "Fill it in" not in shop.page(PAGE).text
    assert shop.browser.get(f"{PAGE}/{question}").status_code == 403


def test_another_sellers_question_is_not_there(shop):
    other = shop.world.seller()
    sent = AskQuestion(account=other, title="Theirs")
    _, question, _ = operations.ask_question(
        platform_id=shop.world.id, livemode=False, params=sent, now=shop.world.now
    )

    assert shop.browser.get(f"{PAGE}/{question}").status_code == 404
    assert "Theirs" not in shop.page(PAGE).text


def test_the_same_answer_twice_is_one_answer(shop):
    question = ask(shop, text="Tell us what it is.")
    address = f"{PAGE}/{question}"
    assert "Tell us what it is." in shop.page(address).text
    key = shop.page(address).inputs["form_key"]
    for _ in range(2):
        shop.browser.post(address, {"form_key": key, "answer": "Bowls"})

    (kept,) = read_profile(account(shop).profile).questions
    assert kept.answer == "Bowls"
    assert shop.world.now - kept.answered_at < DAY


def test_what_is_announced_is_told_ahead_and_may_be_given_already(shop):
    details = ["individual.verification.document"]
    ask(shop, kind="details", details=details, starts_in_days=30, days=10)
    day = "Wed, Dec 3"

    home = shop.page("/")
    assert f"Needed from {day} on: Identity document" in home.text
    assert "Nothing changes before that day" in home.text
    assert f"From {day} on" in shop.page(PAGE).text

    shop.send(f"{PAGE}/individual-document", do="sample")
    assert "Nothing is asked of you" in shop.page(PAGE).text
    run_until(shop, shop.world.now + 60 * DAY)
    assert account(shop).payouts_enabled


def test_what_was_announced_is_needed_by_its_deadline_once_its_day_has_come(shop):
    ask(shop, starts_in_days=30, days=10)
    run_until(shop, shop.world.now + 30 * DAY)

    assert "Needed by Sat, Dec 13: Do you ship abroad?" in shop.page("/").text


def test_the_first_bank_account_asks_for_a_fresh_code(shop):
    ExternalAccount.objects.filter(account_id=shop.id).delete()
    with changed_account(**where(shop)):
        pass
    execute("UPDATE access_session SET fresh_at = fresh_at - 86400")
    numbers = {"routing_number": "110000000", "account_number": "000123456789"}

    answer = shop.send(f"{PAGE}/bank", **numbers)

    assert answer.headers["Location"].startswith("/step-up/")
    assert not ExternalAccount.objects.filter(account_id=shop.id).exists()


def test_whose_a_bank_account_is_can_be_shown_by_a_paper(shop):
    numbers = {"object": "bank_account", "country": "US", "routing_number": "110000000"}
    numbers |= {"account_number": "000999999992"}
    params = msgspec.convert({"external_account": numbers}, UpdateAccount)
    operations.update_account(params=params, **where(shop))
    assert "Whose the bank account is" in shop.page(PAGE).text

    assert shop.send(f"{PAGE}/bank-document", do="sample").status_code == 303

    assert "Nothing is asked of you" in shop.page(PAGE).text


def test_what_does_as_well_is_offered_and_ends_the_task(shop):
    trigger(shop, "nothing")
    page = shop.page(PAGE)
    assert "This does as well: Identity document" in page.text
    form = shop.page(f"{PAGE}/individual-birth")
    assert form.links["This does as well: Identity document"] == f"{PAGE}/individual-document"

    assert shop.send(f"{PAGE}/individual-document", do="sample").headers["Location"] == PAGE

    assert "Nothing is asked of you" in shop.page(PAGE).text
    assert shop.browser.get(f"{PAGE}/individual-document").headers["Location"] == PAGE
