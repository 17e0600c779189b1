"""Pages in the language that a browser asks for, or that its person chose."""

from __future__ import annotations


def language_of(answer) -> str:
    text = answer.content.decode()
    return text[text.index('lang="') + 6 :].split('"')[0]


def test_a_page_is_in_the_language_that_the_browser_asks_for(seller):
    assert language_of(seller.get("/")) == "en-US"
    assert language_of(seller.get("/", headers={"Accept-Language": "de-AT, en;q=0.5"})) == "de"
    assert language_of(seller.get("/", headers={"Accept-Language": "xx"})) == "en-US"
    answer = seller.get("/", headers={"Accept-Language": "de"})
    assert "Accept-Language" in answer.headers["Vary"]


def test_a_choice_outlasts_what_the_browser_asks_for(seller):
    answer = seller.post("/language", {"language": "de", "next": "/transactions"})
    assert (answer.status_code, answer["Location"]) == (302, "/transactions")
    assert language_of(seller.get("/", headers={"Accept-Language": "en"})) == "de"


def test_choosing_leads_nowhere_else(seller):
    answer = seller.post("/language", {"language": "de", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
