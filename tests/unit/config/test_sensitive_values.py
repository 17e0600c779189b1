"""Bank numbers, tax ids and birth dates: encrypted where they have to be kept, and nowhere else.

An account is filled over the API and at its pages with values that cannot be mistaken for anything
else. Afterwards no table, log, event, export, message or error may hold one of them.
"""

from __future__ import annotations

import io
import logging
import re
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.management import call_command
from django.test import Client

from counterfoil.config import resealing
from counterfoil.dashboard.once import form_key
from counterfoil.dashboard.operations import give_details
from counterfoil.kit import crypt
from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import execute, fetch_all
from counterfoil.outbox.running import run_due
from counterfoil.platforms.settings import Features, PlatformSettings, write_settings
from tests.support.accounts import onboarded_company, onboarded_individual
from tests.support.builders import World
from tests.support.committed import committed_database  # noqa: F401 - a fixture
from tests.support.dumping import every_text, texts_by_column
from tests.unit.api.caller import Api

OLD, NEW = "old-key-" * 4, "new-key-" * 4
BORN = {"day": 27, "month": 3, "year": 1937}
# Whole numbers, each as it was written and as its digits alone.
NUMBERS = {
    "id_number": "987-65-4329",
    "id_number_secondary": "S7654321D",
    "tax_id": "918273645",
    "vat_id": "DE918273644",
    "registration_number": "HRB918273",
    "wrong tax id": "91-82x7364",
    "test bank": "000999999992",
    "test IBAN": "DE89370400440532013004",
    "mistyped IBAN": "DE00370400440532013009",
    "another test bank": "000333333335",
    "real bank": "314159265359",
    "real IBAN": "DE75512108001245126199",
    "typed tax id": "00-0000001",
    "typed number": "234-56-7891",
    "card": "4000056655665556",
}
BIRTH = re.compile(r"\b1937\b")


@pytest.fixture
def api(committed_database, tmp_path, settings) -> Api:  # noqa: F811 - a fixture
    settings.DATA_DIR = tmp_path / "data"
    settings.STORAGES = settings.STORAGES | {
        "files": settings.STORAGES["files"] | {"OPTIONS": {"location": settings.DATA_DIR / "files"}}
    }
    api = Api(World(now=wall_now()))
    every = PlatformSettings(features=Features(**dict.fromkeys(Features.__struct_fields__, True)))
    execute("UPDATE platforms_platform SET settings = %s", [write_settings(every)])
    return api


def fill(api: Api) -> list[str]:
    """Say every secret in every way; what was answered to mistakes."""
    _have_signing_secrets(api)
    seller = _over_the_api(api)
    return [
        *_mistakes_over_the_api(api, seller),
        *_at_the_forms(api),
        *_signed_in(api, seller),
    ]


def _have_signing_secrets(api: Api) -> None:
    wanted = {"url": "http://localhost/hook", "enabled_events": ["invoice.paid"]}
    hook = api.post("webhook_endpoints", wanted, key="hook").json
    api.post(f"counterfoil/webhook_endpoints/{hook['id']}/secret", key="other secret")


def _over_the_api(api: Api) -> str:
    person = onboarded_individual()["individual"] | {
        "dob": BORN,
        "id_number": NUMBERS["id_number"],
        "id_number_secondary": NUMBERS["id_number_secondary"],
    }
    bank = onboarded_individual()["external_account"]
    bank |= {"account_number": NUMBERS["test bank"]}
    sent = onboarded_individual(individual=person, external_account=bank)
    made = [api.post("accounts", sent, key="person") for _ in range(2)]
    assert (made[0].status, made[0].body) == (200, made[1].body)
    company = onboarded_company("DE")["company"] | {
        name: NUMBERS[name] for name in ("tax_id", "vat_id", "registration_number")
    }
    company |= {"registration_date": {"day": 2, "month": 2, "year": 2002}}
    iban = onboarded_company("DE")["external_account"] | {"account_number": NUMBERS["test IBAN"]}
    firm = api.post("accounts", onboarded_company("DE", company=company, external_account=iban))
    owner = {"first_name": "Bea", "dob": BORN, "relationship": {"owner": True}}
    added = api.post(f"accounts/{firm.json['id']}/persons", owner, key="owner")
    assert added.status == 200
    changed = {"dob": BORN, "id_number": NUMBERS["tax_id"], "metadata": {"a": "b"}}
    api.post(f"accounts/{firm.json['id']}/persons/{added.json['id']}", changed, key="changed")
    tokened = {name: value for name, value in bank.items() if name != "object"}
    assert api.post("tokens", {"bank_account": tokened}, key="token").status == 200
    about = {"business_type": "individual", "individual": person}
    assert api.post("tokens", {"account": about}, key="details").status == 200
    card = {"number": NUMBERS["card"], "exp_month": 12, "exp_year": 2040, "cvc": "123"}
    assert api.post("tokens", {"card": card | {"currency": "usd"}}, key="card").status == 200
    real = bank | {"routing_number": "021000021", "account_number": NUMBERS["real bank"]}
    live = api.with_key(api.world.made.secret_live.text)
    seller = sent | {"individual": person | {"phone": "+12015550123"}, "external_account": real}
    assert live.post("accounts", seller, key="live").status == 200
    european = iban | {"account_number": NUMBERS["real IBAN"]}
    firm = onboarded_company(
        "DE", company=company | {"phone": "+493012345678"}, external_account=european
    )
    assert live.post("accounts", firm).status == 200
    return made[0].json["id"]


def _mistakes_over_the_api(api: Api, seller: str) -> list[str]:
    real = {"object": "bank_account", "country": "US", "routing_number": "021000021"}
    iban = {"country": "DE", "account_number": NUMBERS["mistyped IBAN"]}
    wrong = [
        (f"accounts/{seller}", {"individual": {"dob": BORN | {"month": 13}}}),
        (f"accounts/{seller}", {"individual": {"dob": BORN | {"day": 0}}}),
        (f"accounts/{seller}", {"individual": {"id_number": NUMBERS["wrong tax id"]}}),
        (f"accounts/{seller}", {"company": {"tax_id": NUMBERS["wrong tax id"]}}),
        (
            f"accounts/{seller}/external_accounts",
            {"external_account": real | {"account_number": NUMBERS["real bank"]}},
        ),
        (
            f"accounts/{seller}/external_accounts",
            {"external_account": iban | {"object": "bank_account"}},
        ),
        ("tokens", {"bank_account": iban}),
    ]
    answers = [api.post(path, sent, key=f"wrong-{at}") for at, (path, sent) in enumerate(wrong)]
    assert {answer.status for answer in answers} == {400}
    return [answer.body.decode() for answer in answers]


def _at_the_forms(api: Api) -> list[str]:
    """Hosted onboarding, well typed, mistyped and in the middle of a fault of ours."""
    account = api.post("accounts", {"type": "express", "country": "US"}).json["id"]
    link = {"account": account, "type": "account_onboarding"}
    address = {"return_url": "https://example.com/", "refresh_url": "https://example.com/"}
    opened = api.post("account_links", link | address).json["url"]
    browser = Client(raise_request_exception=False)
    browser.post("/onboarding/" + opened.rpartition("/")[2])

    def send(step: str, **values: str):
        return browser.post(f"/onboarding/steps/{step}", values | {"form_key": form_key()})

    assert send("kind", business_type="individual").status_code == 303
    birth = {f"individual.dob.{part}": str(value) for part, value in BORN.items()}
    number = {"individual.id_number": NUMBERS["typed number"], "individual.ssn_last_4": "7891"}
    assert send("individual-birth", **birth, **number).status_code == 303
    # What was mistyped stays in the form, so this answer is not looked at.
    send("individual-birth", **birth | {"individual.dob.month": "13"}, **number)
    for typed in ({}, {"code": "000000"}):
        browser.post("/onboarding/code", typed)
    bank = {"routing_number": "110000000", "account_number": NUMBERS["another test bank"]}
    send("bank", **bank | {"routing_number": "1"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(give_details, "give_bank", _fail)
        fault = send("bank", **bank)
    assert fault.status_code == 500
    assert send("bank", **bank).status_code == 303
    assert send("kind", business_type="company").status_code == 303
    firm = {"company.name": "Bowls", "company.phone": "0000000000"}
    assert send("company", **firm, **{"company.tax_id": NUMBERS["typed tax id"]}).status_code == 303
    gone = send("nothing", **bank)
    assert gone.status_code == 404
    return [fault.content.decode(), gone.content.decode()]


def _fail(*_args: object, **_more: object) -> None:
    raise RuntimeError("a fault of ours")


def _signed_in(api: Api, seller: str) -> list[str]:
    """A bank account changed at the pages, which is kept until one shows who one is; an export."""
    link = api.post(f"accounts/{seller}/login_links").json["url"]
    link = link[link.index("/express/") :]
    browser = Client()
    assert browser.post(link).status_code == 303
    browser.post(f"{link}/code", {"code": "000000"})
    assert browser.post("/settings/security/factors", {"kind": "totp"}).status_code == 303
    execute("UPDATE access_session SET fresh_at = fresh_at - 86400")
    sent = {"country": "US", "routing_number": "110000000", "form_key": form_key()}
    sent |= {"account_number": NUMBERS["another test bank"], "step": "add"}
    held = browser.post("/settings/payouts/accounts/new", sent)
    assert held.headers["Location"].startswith("/step-up/")
    assert fetch_all("SELECT 1 FROM access_heldform WHERE body IS NOT NULL")
    asked = {"form_key": form_key(), "format": "csv"}
    file = browser.post("/exports/new?of=transactions", asked)
    assert file.status_code == 200
    pages = ["/", "/settings", "/settings/payouts", "/settings/security/log", "/activity"]
    read = [browser.get(page).content.decode() for page in pages]
    return [b"".join(file.streaming_content).decode(), *read]


def _files(folder: Path) -> str:
    kept = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(f"{path.name} {path.read_bytes().decode('latin-1')}" for path in kept)


def test_a_sensitive_value_is_readable_nowhere_but_where_it_was_asked_for(api, caplog):
    caplog.set_level(logging.DEBUG)
    answers = fill(api)
    while run_due(wall_now()):
        pass

    sellers = [
        ident for (ident,) in fetch_all("SELECT id FROM accounts_account WHERE NOT livemode")
    ]
    keys = (api, api.with_key(api.world.made.secret_live.text))
    events = [
        by.get("events", {"limit": 100}, on=one).body.decode() for by in keys for one in sellers
    ]
    places = {
        "database": every_text(),
        "log": caplog.text,
        "data directory": _files(configured.DATA_DIR),
        "events": "\n".join(events),
        "errors and pages": "\n".join(answers),
    }

    assert "account.updated" in places["events"]
    assert "a fault of ours" in places["log"]
    for place, text in places.items():
        for what, number in NUMBERS.items():
            assert number not in text, (what, place)
            assert re.sub("[^A-Z0-9]", "", number) not in text, (what, place)
        assert not BIRTH.search(text), place


def test_all_comes_under_another_key_while_nothing_else_changes(api, settings, monkeypatch):
    settings.ENCRYPTION_KEYS = (OLD,)
    fill(api)
    before, plain = _sealed(), _opened()
    assert before.keys() == {str(column) for column in resealing.COLUMNS}
    settings.ENCRYPTION_KEYS = (NEW, OLD)

    # Stopped in the middle, it goes on where it was.
    monkeypatch.setattr(resealing, "BATCH", 2)
    with monkeypatch.context() as patch:
        patch.setattr(resealing, "_replace", _stopped_after(2))
        with pytest.raises(KeyboardInterrupt):
            call_command("reseal", stdout=io.StringIO())
    call_command("reseal", stdout=io.StringIO())

    settings.ENCRYPTION_KEYS, settings.SECRET_KEY = (NEW,), "lost-" * 8
    assert _opened() == plain
    assert not {one for found in before.values() for one in found} & {
        one for found in _sealed().values() for one in found
    }
    again = io.StringIO()
    call_command("reseal", stdout=again)
    assert set(re.findall(r"^ *(\d+) of", again.getvalue(), re.MULTILINE)) == {"0"}


def test_a_lost_key_is_told(api, settings):
    settings.ENCRYPTION_KEYS = (OLD,)
    fill(api)
    settings.ENCRYPTION_KEYS = (NEW,)
    told = io.StringIO()

    with pytest.raises(SystemExit, match="1"):
        call_command("reseal", stdout=told)

    assert "rows that no key opens" in told.getvalue()


SEALING = {
    "access/factors.py",
    "access/holding.py",
    "access/self_serve.py",
    "accounts/operations/attaching.py",
    "accounts/operations/detail_tokens.py",
    "accounts/operations/telling.py",
    "accounts/operations/tokens.py",
    "accounts/profile.py",
    "api/idempotency.py",
    "messaging/operations.py",
    "webhooks/listening.py",  # a row of webhooks_endpoint, as any other
    "webhooks/operations/endpoints.py",
}


def test_whoever_seals_something_is_known_here():
    """A new one: name its column in `config/resealing.py`, write it in `fill`, then say so here."""
    source = Path("src/counterfoil")
    found = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        if re.search(r"(?<!def )\bseal\(", path.read_text())
    }

    assert found == SEALING


def _sealed() -> dict[str, list[str]]:
    """Every sealed value in the database, by where it stands: found by looking everywhere."""
    found = {name: crypt._SEALED.findall(text) for name, text in texts_by_column().items()}
    return {name: values for name, values in found.items() if values}


def _opened() -> dict[str, list[str]]:
    return {name: sorted(map(crypt.unseal, values)) for name, values in _sealed().items()}


def _stopped_after(count: int):
    replaced = 0
    usual = resealing._replace

    def replace(*args):
        nonlocal replaced
        replaced += 1
        if replaced > count:
            raise KeyboardInterrupt
        return usual(*args)

    return replace
