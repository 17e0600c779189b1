"""A copy of everything about an account: made by a worker, for whoever shows who they are."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from counterfoil.access.models import Session
from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import read_profile
from counterfoil.audit.models import Record
from counterfoil.dashboard.exports import operations
from counterfoil.dashboard.models import Export
from counterfoil.dashboard.once import form_key
from counterfoil.messaging.outbox_files import newest_messages
from counterfoil.outbox.running import run_due
from tests.support.builders import DAY, world  # noqa: F401 - a fixture
from tests.support.selling import Shop
from tests.unit.dashboard.test_disputes import disputed

PAGE = "/settings/data"


@pytest.fixture
def shop(world, monkeypatch, settings, tmp_path):  # noqa: F811 - a fixture
    settings.DATA_DIR = tmp_path
    return Shop(world, monkeypatch, email="ada@example.com")


def made(shop: Shop) -> Export:
    shop.done(PAGE)
    assert operations.make_next(shop.world.now) == 1
    return Export.objects.get(kind="everything", state="done")


def fetched(shop: Shop, export: Export):
    return shop.browser.post(f"{PAGE}/{export.id}")


def archive(answer) -> zipfile.ZipFile:
    assert answer.status_code == 200, answer.status_code
    assert answer["Content-Type"] == "application/zip"
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def stale(shop: Shop) -> None:
    Session.objects.filter(account_id=shop.id).update(fresh_at=shop.world.now - DAY)


def test_it_holds_what_the_pages_show(shop):
    shop.world.charge(5000, on=shop.id, source="tok_bypassPending")
    disputed(shop.world, shop.id)

    book = archive(fetched(shop, made(shop)))

    assert book.testzip() is None
    transactions = list(
        csv.DictReader(io.StringIO(book.read("transactions.csv").decode("utf-8-sig")))
    )
    assert [row["Type"] for row in transactions[:-1]] == [
        "Disputes and adjustments",
        "Payments",
        "Payments",
    ]
    assert {"payments.csv", "payouts.csv", "README.txt"} <= set(book.namelist())
    account = json.loads(book.read("account.json"))
    assert (account["id"], account["email"]) == (shop.id, "ada@example.com")
    (case,) = json.loads(book.read("disputes.json"))
    assert case["amount"] == 10_000
    assert any(row["action"] == "data.asked" for row in json.loads(book.read("record.json")))
    assert any(row["type"] == "charge.succeeded" for row in json.loads(book.read("events.json")))
    assert len(json.loads(book.read("sessions.json"))) >= 1


def test_what_is_kept_encrypted_is_not_in_it(shop):
    born = read_profile(Account.objects.get(id=shop.id).profile).individual.dob
    assert born.year

    book = archive(fetched(shop, made(shop)))

    text = b"".join(book.read(name) for name in book.namelist()).decode()
    assert "000123456789" not in text
    assert '"sealed' not in text
    people = json.loads(book.read("people.json"))
    assert people[0]["dob"] == {"day": None, "month": None, "year": None}
    assert json.loads(book.read("account.json"))["individual"]["dob"]["year"] is None


def test_asking_and_fetching_both_wait_for_a_proof_of_who_is_there(shop):
    stale(shop)
    asked = shop.browser.post(PAGE, {"form_key": form_key()})
    assert asked.headers["Location"].startswith("/step-up/")
    assert not Export.objects.exists()

    Session.objects.filter(account_id=shop.id).update(fresh_at=shop.world.now)
    export = made(shop)
    stale(shop)

    assert fetched(shop, export).headers["Location"].startswith("/step-up/")
    assert shop.get(f"/exports/{export.id}/file").status_code == 404


def test_it_is_on_record_and_every_contact_hears_of_it(shop, settings):
    made(shop)
    run_due(shop.world.now)

    told = [one["to"] for one in newest_messages(settings.DATA_DIR, limit=9)]
    assert "ada@example.com" in told
    assert Record.objects.filter(account_id=shop.id, action="data.asked").count() == 1


def test_one_at_a_time_and_for_one_day(shop):
    address = shop.done(PAGE)
    assert shop.browser.post(PAGE, {"form_key": form_key()}).headers["Location"] == address
    assert "A copy is being made" in shop.page(PAGE).text
    assert Export.objects.count() == 1

    operations.make_next(shop.world.now)
    assert "The copy is ready" in shop.page(address).text
    assert shop.page(PAGE).links["To the copy that is ready"] == address
    operations.forget_old(shop.world.now + DAY)

    assert Export.objects.count() == 0
    assert shop.get(address).status_code == 404


def test_nobody_else_fetches_it_and_lists_are_not_fetched_here(shop):
    export = made(shop)
    assert shop.as_other().post(f"{PAGE}/{export.id}").status_code == 404

    Export.objects.update(kind="transactions", format="csv")
    assert fetched(shop, export).status_code == 404
