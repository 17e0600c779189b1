"""What must never be readable in the database (design §5)."""

from __future__ import annotations

import json

from counterfoil.accounts.models import Account
from counterfoil.accounts.profile import read_profile
from tests.support.accounts import onboarded_company, onboarded_individual
from tests.support.dumping import every_text


def test_identity_and_bank_numbers_are_nowhere_in_the_database(world):
    person = onboarded_individual()["individual"] | {
        "id_number": "987-65-4329",
        "ssn_last_4": "4329",
        "id_number_secondary": "S1234567D",
    }
    account = world.create(**onboarded_individual(individual=person))
    company = onboarded_company()["company"] | {"tax_id": "918273645", "vat_id": "DE918273645"}
    world.create(**onboarded_company(company=company))
    world.update(account["id"], individual={"id_number": "987654328"}, email="new@example.com")

    stored = every_text()

    assert account["id"] in stored
    for secret in ("987-65-4329", "987654329", "987654328", "S1234567D", "918273645"):
        assert secret not in stored
    assert "000123456789" not in stored


def test_birth_dates_are_encrypted_and_left_out_of_events(world):
    account = world.create(**onboarded_individual())
    world.update(account["id"], individual={"dob": {"day": 1, "month": 1, "year": 1902}})

    assert not {"1901", "1902"} & set(every_text().replace(",", " ").replace(":", " ").split())
    profile = read_profile(Account.objects.get(id=account["id"]).profile)
    assert profile.individual.dob.year == 1902
    for event in world.events(account["id"]):
        shown = json.loads(event.object).get("individual")
        assert shown is None or shown["dob"] == {"day": None, "month": None, "year": None}
