"""A form that arrives after its session is over waits for whoever sent it, and for nobody else."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from counterfoil.access.guard import SellerRequest, signed_in
from counterfoil.access.models import HeldForm
from counterfoil.access.stepup import takes_up
from counterfoil.access.sweeping import sweep
from counterfoil.config.urls import urlpatterns as ours
from tests.unit.access.world import into

done: list[dict[str, list[str]]] = []
OVERNIGHT = 13 * 3600


@signed_in
@takes_up
def change(request: SellerRequest) -> HttpResponse:
    if request.method == "POST":
        done.append(dict(request.POST.lists()))
    return HttpResponse("done")


handler403 = handler404 = handler500 = "counterfoil.dashboard.views.errors.not_found"
urlpatterns = [path("change", change, name="refund"), *ours]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture(autouse=True)
def _clean():
    done.clear()


@pytest.fixture
def seller(world, browser):
    """Signed in yesterday evening."""
    seller = world.seller()
    into(browser, world.link(seller))
    world.wall.wait(OVERNIGHT)
    return seller


def sent(browser: Client, **headers: str) -> HttpResponse:
    return browser.post("/change?a=1", {"amount": "11.18", "why": ["x", "y"]}, headers=headers)


def offered(browser: Client) -> str:
    assert browser.get("/").headers["Location"] == "/left-form"
    return browser.get("/left-form").content.decode()


def go_on(browser: Client, page: str) -> HttpResponse:
    action = re.search(r'<form method="post" action="(/change[^"]*)"', page)
    token = re.search(r'name="held" value="([^"]+)"', page)
    return browser.post(action[1], {"held": token[1]})


def test_what_was_typed_goes_on_after_signing_in(world, browser, seller):
    sweep(world.wall.now)  # a worker has been there since
    answer = sent(browser)
    assert answer.headers["Location"] == "/login"
    assert "What you sent last was not done." in browser.get("/login").content.decode()
    assert "11.18" not in HeldForm.objects.get().body
    assert done == []

    into(browser, world.link(seller))
    page = offered(browser)
    assert "You were refunding a customer." in page
    assert done == []
    assert go_on(browser, page).content == b"done"
    assert done == [{"amount": ["11.18"], "why": ["x", "y"]}]
    go_on(browser, page)
    assert len(done) == 1
    assert browser.get("/").status_code == 200


def test_whoever_does_not_want_to_go_on_leaves_it(world, browser, seller):
    sent(browser)
    into(browser, world.link(seller))
    page = offered(browser)
    assert browser.get("/").status_code == 200  # asked once
    assert browser.post("/left-form").headers["Location"] == "/"

    assert not HeldForm.objects.exists()
    go_on(browser, page)
    assert done == []


def test_it_is_shown_to_nobody_else_in_the_same_browser(world, browser, seller):
    sent(browser)
    into(browser, world.link(world.seller(email="eve@example.com")))

    assert browser.get("/").status_code == 200
    assert browser.get("/left-form").headers["Location"] == "/"
    assert done == []


def test_another_browser_of_the_same_person_does_not_see_it(world, browser, seller):
    sent(browser)
    other = Client()
    into(other, world.link(seller))

    assert other.get("/").status_code == 200


def test_after_an_hour_it_is_gone(world, browser, seller):
    sent(browser)
    world.wall.wait(3601)
    into(browser, world.link(seller))

    assert browser.get("/").status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Mode": "cors"}, {"Sec-Fetch-Mode": "same-origin", "X-Draft": "1"}]
)
def test_what_a_script_sends_while_one_types_is_not_kept(world, browser, seller, headers):
    sent(browser, **headers)

    assert not HeldForm.objects.exists()


def test_a_form_in_a_sheet_is_kept_too(world, browser, seller):
    answer = sent(browser, **{"HX-Request": "true", "Sec-Fetch-Mode": "cors"})

    assert answer.headers["HX-Redirect"] == "/login"
    assert HeldForm.objects.count() == 1


def test_who_signed_out_on_purpose_leaves_nothing(world, browser, seller):
    into(browser, world.link(seller))
    cookies = browser.cookies.output()
    browser.post("/logout")
    browser.cookies.load(cookies.replace("Set-Cookie: ", ""))
    sent(browser)

    assert not HeldForm.objects.exists()


def test_one_form_of_a_session_waits_at_a_time(browser, seller):
    cookie = browser.cookies["session"].value
    for _ in range(2):
        browser.cookies["session"] = cookie
        sent(browser)

    assert HeldForm.objects.count() == 1
