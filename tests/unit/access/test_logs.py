"""Nothing that lets anybody in is ever logged."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from counterfoil.access import codes


@pytest.fixture
def lines(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def test_no_token_code_or_cookie_is_logged(world, lines, monkeypatch):
    browser = Client(enforce_csrf_checks=False, raise_request_exception=False)
    seller = world.seller(livemode=True)
    token = world.token(seller)
    link = f"/express/{seller.id}/{token}"

    browser.get(link)
    browser.post(link)
    code = world.code()
    browser.post(f"{link}/code", {"code": "12"})  # 422
    for _ in range(5):
        browser.post(f"{link}/code", {"again": "sms"})  # 429 in the end
    browser.put(link)  # 405
    browser.get(f"/express/acct_other/{token}")  # 404
    Client(enforce_csrf_checks=True).post(link)  # 403
    with monkeypatch.context() as broken:
        broken.setattr(codes, "_exchange", lambda *args, **kwargs: 1 / 0)
        assert browser.post(f"{link}/code", {"code": code}).status_code == 500
    accepted = browser.post(f"{link}/code", {"code": world.code()})
    browser.get(link)  # 410
    cookie = accepted.cookies["session"].value

    logged = "\n".join(
        [line.getMessage() + (line.exc_text or "") for line in lines.records] + [lines.text]
    )
    assert f"/express/{seller.id}/…" in logged  # lines were logged, without the token
    assert "ZeroDivisionError" in logged
    for secret in (token, code, cookie, "5551230067"):
        assert secret not in logged
