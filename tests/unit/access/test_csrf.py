"""Forms from elsewhere, and our own under a policy that hides where they come from."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from counterfoil.access.models import Session, SignInCode

OURS = "counterfoil.access.csrf.PageCsrf"


@pytest.fixture
def strict(settings):
    """A browser whose forms are checked as on a real server."""
    settings.PAGE_MIDDLEWARE = [
        OURS if name == "django.middleware.csrf.CsrfViewMiddleware" else name
        for name in settings.PAGE_MIDDLEWARE
    ]
    assert OURS in settings.PAGE_MIDDLEWARE
    settings.CSRF_FAILURE_VIEW = "counterfoil.access.views.session.csrf_failure"
    return Client(enforce_csrf_checks=True)


def hidden(page) -> dict[str, str]:
    name = "csrfmiddlewaretoken"
    return {name: re.search(rf'name="{name}" value="(\w+)"', page.content.decode())[1]}


def test_our_own_form_is_accepted_though_the_browser_hides_its_origin(world, strict):
    link = world.link(world.seller())
    form = hidden(strict.get(link))

    answer = strict.post(link, form, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 303


def test_so_is_one_over_plain_http_where_browsers_say_less(world, strict):
    link = world.link(world.seller())
    form = hidden(strict.get(link))

    assert strict.post(link, form, headers={"Origin": "null"}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_a_good_token(world, strict, headers, caplog):
    link = world.link(world.seller())
    form = hidden(strict.get(link))

    answer = strict.post(link, form, headers=headers)

    assert answer.status_code == 403
    assert "Nothing was done" in answer.content.decode()
    assert "Bazaar" not in answer.content.decode(), "nothing is disclosed"
    assert not SignInCode.objects.exists()
    refused = [line for line in caplog.records if line.name == "django.security.csrf"]
    assert len(refused) == 1, "one line in the log for each, to count them by"


def test_over_tls_an_origin_that_says_nothing_is_refused(world, strict):
    link = world.link(world.seller())
    form = hidden(strict.get(link, secure=True))

    assert strict.post(link, form, headers={"Origin": "null"}, secure=True).status_code == 403


@pytest.mark.parametrize("form", [{}, {"csrfmiddlewaretoken": "a" * 64}])
@pytest.mark.parametrize("path", ["", "/code"])
def test_without_the_token_nothing_is_done_and_a_page_helps(world, strict, form, path):
    link = world.link(world.seller())
    strict.post(link, hidden(strict.get(link)))

    answer = strict.post(f"{link}{path}", {**form, "code": "000000"})

    assert answer.status_code == 403
    assert "Nothing was done" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", ["/logout", "/dev/sellers"])
def test_every_form_is_checked(world, strict, path):
    assert strict.post(path).status_code == 403


def test_signing_in_makes_a_new_token_for_forms(world, strict):
    link = world.link(world.seller())
    form = hidden(strict.get(link))
    strict.post(link, form)
    before = strict.cookies["csrf"].value

    strict.post(f"{link}/code", {**form, "code": "000000"})

    assert Session.objects.exists()
    assert strict.cookies["csrf"].value != before
