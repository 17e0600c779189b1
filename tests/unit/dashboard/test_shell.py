"""What is around every page: who may see it, what is asked again and again, errors, patterns."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
from django.test import override_settings

import counterfoil.dashboard
from counterfoil.events.operations import EventDraft, record_events
from counterfoil.kit import clock
from counterfoil.kit.scope import Scope
from tests.unit.dashboard.world import NOW, OTHER, PLATFORM, SELLER, pay

TEMPLATES = Path(counterfoil.dashboard.__file__).parent / "templates"


class Happened(msgspec.Struct):
    id: str = "ch_1"


def happens(to: str) -> None:
    scope = Scope(platform_id=PLATFORM, account_id=to, livemode=False)
    record_events([EventDraft("charge.succeeded", scope, Happened(), "ch_1", NOW)])


def revision_of(answer) -> str:
    found = re.search(r'data-revision="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def test_a_page_that_has_not_changed_says_so_in_no_words(seller):
    revision = revision_of(seller.get("/"))

    same = seller.get("/", headers={"X-Revision": revision})
    assert (same.status_code, same.content) == (204, b"")
    assert seller.get("/", headers={"X-Revision": "other"}).status_code == 200


def test_what_happens_to_the_account_changes_its_revision(seller):
    before = revision_of(seller.get("/"))
    happens(to=OTHER)
    assert revision_of(seller.get("/")) == before
    happens(to=SELLER)
    assert revision_of(seller.get("/")) != before


def test_midnight_changes_the_revision(seller, monkeypatch):
    seen = []
    for hour in (13, 23, 24):  # UTC; NOW is ten in the morning
        monkeypatch.setattr(clock, "wall_now", lambda hour=hour: NOW + (hour - 10) * 3600)
        seen.append(revision_of(seller.get("/")))
    assert seen[0] == seen[1] != seen[2]


def test_the_place_one_is_at_is_marked(seller):
    pay("1")
    text = seller.get("/transactions").content.decode()
    assert set(re.findall(r'href="(\S+)" aria-current="page"', text)) == {"/transactions"}


def test_what_is_not_there_leads_on(client, db):
    answer = client.get("/nothing/here")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_what_is_not_there_is_told_in_the_name_of_the_marketplace(seller):
    for address in ("/nothing", "/payouts/po_nothing"):
        html = seller.get(address).content.decode()
        assert "<title>Not found · Bazaar</title>" in html, address


def test_every_pattern_is_shown_in_development_only(client, db):
    with override_settings(DEVELOPMENT=True):
        for asked in ("", "?state=trouble&lang=de", "?state=empty&lang=ar&color=ffee00"):
            assert client.get(f"/patterns{asked}").status_code == 200
    with override_settings(DEVELOPMENT=False):
        assert client.get("/patterns").status_code == 404


def test_every_component_stands_on_patterns():
    shown = "".join(path.read_text() for path in (TEMPLATES / "patterns").iterdir())
    components = {path.name for path in (TEMPLATES / "components").iterdir()}
    assert components == set(re.findall(r'from "components/(\S+)" import', shown))


def test_every_shared_template_is_in_the_readme():
    readme = (TEMPLATES / "README.md").read_text()
    shared = [path for part in ("components", "layouts") for path in (TEMPLATES / part).iterdir()]
    named = [f"{path.parent.name}/{path.name}" for path in shared]
    assert [name for name in named if name not in readme] == []


def test_every_page_leads_out(seller):
    pages = ["/", "/transactions", "/payouts", "/activity", "/reports", "/settings"]
    pages += ["/settings/payouts", "/settings/security", "/settings/security/log"]
    for address in pages:
        answer = seller.get(address)
        assert answer.status_code == 200, address
        assert 'action="/logout"' in answer.content.decode(), address
