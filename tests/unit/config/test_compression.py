"""Pages travel compressed to whoever takes that; the API's answers do not."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from tests.support.builders import World

GZIP = {"HTTP_ACCEPT_ENCODING": "gzip, br"}


@pytest.mark.django_db
def test_a_page_is_compressed_for_whoever_takes_that():
    # Without a form: its token differs each time.
    plain = Client().get("/nowhere")
    small = Client().get("/nowhere", **GZIP)

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2


@pytest.mark.django_db
def test_an_answer_of_the_api_is_not():
    world = World()
    answer = Client().get("/v1/charges", HTTP_AUTHORIZATION=f"Bearer {world.key}", **GZIP)
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
