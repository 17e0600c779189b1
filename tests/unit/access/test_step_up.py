"""Before what matters one shows once more who one is, and what was begun goes on by itself."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from counterfoil.access import sessions
from counterfoil.access.guard import SellerRequest, signed_in
from counterfoil.access.models import HeldForm, Session
from counterfoil.access.stepup import needs_fresh, takes_up
from counterfoil.audit.queries import records_of
from counterfoil.config.urls import urlpatterns as ours
from counterfoil.kit.pages import PageRequest
from counterfoil.kit.scope import Scope
from tests.unit.access.world import into

done: list[dict[str, list[str]]] = []


@signed_in
@takes_up
@needs_fresh("bank_account")
def change(request: SellerRequest) -> HttpResponse:
    """Something that matters."""
    if request.method == "POST":
        done.append({key: values for key, values in request.POST.lists() if key != "held"})
    return HttpResponse("done")


handler403 = handler404 = handler500 = "counterfoil.dashboard.views.errors.not_found"
urlpatterns = [path("change", change), *ours]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _clean():
    done.clear()


@pytest.fixture
def seller(world, browser):
    """Signed in, long enough ago."""
    seller = world.seller()
    into(browser, world.link(seller))
    world.wall.wait(601)
    return seller


@pytest.fixture
def live(world, browser):
    """The same in live mode, where codes are real."""
    seller = world.seller(livemode=True)
    link = world.link(seller)
    browser.post(link)
    browser.post(f"{link}/code", {"code": world.code()})
    world.wall.wait(601)
    return seller


def begin(browser: Client, data=None, address="/change") -> str:
    answer = browser.post(address, data or {"name": ["Ada", "Béla"], "empty": ""})
    assert answer.status_code == 303, answer.content
    assert done == []
    return answer["Location"]


def go_on(browser: Client, page) -> HttpResponse:
    """What the script does on the page that says Confirmed."""
    text = page.content.decode()
    action = re.search(r'<form method="post" action="([^"]*)"', text)[1]
    token = re.search(r'name="held" value="([^"]*)"', text)[1]
    return browser.post(action.replace("&amp;", "&"), {"held": token})


def test_whoever_has_just_signed_in_is_not_asked(world, browser):
    into(browser, world.link(world.seller()))
    world.wall.wait(599)

    assert browser.post("/change", {"a": "1"}).content == b"done"


def test_reading_asks_nothing(browser, seller):
    assert browser.get("/change").content == b"done"


def test_what_was_begun_goes_on_once_after_a_code(browser, seller):
    waiting = begin(browser, address="/change?currency=eur")
    assert "Send the code" in browser.get(waiting).content.decode()
    browser.post(waiting, {"again": "sms"})
    answer = browser.post(waiting, {"code": "000000"})
    page = browser.get(answer["Location"])

    assert go_on(browser, page).content == b"done"
    assert done == [{"name": ["Ada", "Béla"], "empty": [""]}]
    again = go_on(browser, page)
    assert (again.status_code, again["Location"]) == (303, waiting)
    assert browser.get(waiting).status_code == 410
    assert len(done) == 1


def test_a_get_sends_nothing(world, browser, live):
    waiting = begin(browser)
    sent = len(world.post())
    browser.get(waiting)
    assert len(world.post()) == sent

    browser.post(waiting, {"again": "email"})
    assert world.post()[0]["to"] == "ada@example.com"


def test_live_mode_wants_the_code_that_was_sent(world, browser, live):
    waiting = begin(browser)
    browser.post(waiting, {"again": "sms"})
    code = world.code()
    wrong = browser.post(waiting, {"code": "000000" if code != "000000" else "111111"})
    assert (wrong.status_code, "4 tries left" in wrong.content.decode()) == (422, True)

    answer = browser.post(waiting, {"code": code})
    assert answer.status_code == 303
    assert HeldForm.objects.get().confirmed_at == world.wall.now


def test_a_code_for_one_session_is_none_for_another(world, browser, live):
    other = Client()
    link = world.link(live)
    other.post(link)
    other.post(f"{link}/code", {"code": world.code()})
    world.wall.wait(601)
    mine, theirs = begin(browser), begin(other)
    browser.post(mine, {"again": "sms"})
    code = world.code()
    other.post(theirs, {"again": "sms"})

    assert other.post(theirs, {"code": code}).status_code == 422
    assert other.get(mine).status_code == 410
    assert other.post(mine, {"code": code}).status_code == 410


def test_a_kept_form_serves_its_own_session_at_its_own_address_only(world, browser, seller):
    waiting = begin(browser)
    token = waiting.rsplit("/", 1)[1]
    assert browser.post("/change", {"held": token}).status_code == 303, "not confirmed yet"
    browser.post(waiting, {"again": "sms"})
    browser.post(waiting, {"code": "000000"})
    other = Client()
    into(other, world.link(seller))

    assert other.post("/change", {"held": token})["Location"] == waiting
    assert browser.post("/change?x=1", {"held": token})["Location"] == waiting
    assert done == []
    assert browser.post("/change", {"held": token}).content == b"done"


def test_confirming_puts_the_session_under_a_new_token(browser, seller):
    before = Session.objects.get()
    cookie = browser.cookies["session"].value
    waiting = begin(browser)
    browser.post(waiting, {"again": "sms"})
    browser.post(waiting, {"code": "000000"})
    after = Session.objects.get()

    assert before.id == after.id
    assert after.sha256 == sessions.session_hash(browser.cookies["session"].value)
    assert (after.fresh_at - before.fresh_at, after.fresh_by) == (601, "code")
    old = Client()
    old.cookies["session"] = cookie
    assert old.get("/change").status_code == 303


def test_what_is_kept_cannot_be_read_in_the_table(browser, seller):
    begin(browser, {"account_number": "000123456789"})

    row = HeldForm.objects.get()
    assert "000123456789" not in (row.body or "")
    assert "csrf" not in (row.body or "")


def test_a_form_waits_for_minutes_only(world, browser, seller):
    waiting = begin(browser)
    world.wall.wait(901)

    assert browser.get(waiting).status_code == 410
    assert browser.post(waiting, {"code": "000000"}).status_code == 410


def test_files_are_not_kept_and_the_page_comes_back(browser, seller):
    waiting = begin(browser, {"document": SimpleUploadedFile("a.txt", b"x")})
    browser.post(waiting, {"again": "sms"})
    answer = browser.post(waiting, {"code": "000000"})

    assert browser.get(answer["Location"])["Location"] == "/"
    assert HeldForm.objects.get().body is None
    assert browser.post("/change", {"a": "1"}).content == b"done"


def test_a_form_sent_from_a_sheet_leaves_the_whole_page(browser, seller):
    answer = browser.post("/change", {"a": "1"}, headers={"HX-Request": "true"})

    assert answer["HX-Redirect"].startswith("/step-up/")
    assert done == []


def test_it_is_on_record(browser, seller):
    waiting = begin(browser)
    browser.post(waiting, {"again": "sms"})
    browser.post(waiting, {"code": "123123"})
    browser.post(waiting, {"code": "000000"})

    scope = Scope(seller.platform_id, seller.id, livemode=False)
    confirmed, refused, *_ = records_of(scope, PageRequest(limit=9)).rows
    assert (confirmed.action, confirmed.after) == (
        "identity.confirmed",
        {"by": "code", "for": "bank_account"},
    )
    assert (refused.action, refused.actor) == ("code.refused", "seller")
    assert confirmed.object_id == Session.objects.get().id


def test_guesses_run_out(world, browser, live):
    waiting = begin(browser)
    browser.post(waiting, {"again": "sms"})
    code = world.code()
    for _ in range(5):
        browser.post(waiting, {"code": f"{(int(code) + 1) % 1_000_000:06d}"})

    assert browser.post(waiting, {"code": code}).status_code == 422
    assert HeldForm.objects.get().confirmed_at is None


def test_sends_run_out_in_live_mode(world, browser, live):
    waiting = begin(browser)
    answers = [browser.post(waiting, {"again": "sms"}).status_code for _ in range(9)]
    while world.post() and answers[-1] != 429 and len(answers) < 20:
        answers.append(browser.post(waiting, {"again": "sms"}).status_code)

    assert answers[-1] == 429


def test_a_test_account_without_contacts_types_the_six_zeros(world, browser):
    into(browser, world.link(world.seller(phone=None, email=None)))
    world.wall.wait(601)
    waiting = begin(browser)
    browser.post(waiting, {})

    assert browser.post(waiting, {"code": "000000"}).status_code == 303
