"""The content policy of pages, and what one page adds to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import RequestFactory

from counterfoil.config.middleware import PagePolicy


def policy_of(**added: list[str]) -> dict[str, str]:
    response = HttpResponse()
    if added:
        response._csp_update = {name.replace("_", "-"): value for name, value in added.items()}
    answer = PagePolicy(lambda _request: response)(RequestFactory().get("/"))
    return dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))


def test_every_page_has_the_strict_policy():
    policy = policy_of()

    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"


def test_what_one_page_adds_is_that_page_s_alone():
    for host in ("https://a.example", "https://b.example", "https://a.example"):
        assert policy_of(form_action=[host])["form-action"] == f"'self' {host}"

    assert policy_of()["form-action"] == "'self'"


def test_a_stricter_one_stays():
    response = HttpResponse(headers={"Content-Security-Policy": "sandbox"})

    answer = PagePolicy(lambda _request: response)(RequestFactory().get("/"))

    assert answer["Content-Security-Policy"] == "sandbox"
