"""Papers that are handed in: they outrank the values that did not match."""

from __future__ import annotations

import pytest

from counterfoil.files.operations import create_file
from counterfoil.kit.refused import InvalidRequest, ResourceMissing
from counterfoil.kit.scope import Scope
from tests.support.accounts import address, onboarded_individual
from tests.unit.accounts.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def world(db: None, tmp_path, settings) -> World:
    settings.STORAGES = settings.STORAGES | {
        "files": settings.STORAGES["files"] | {"OPTIONS": {"location": tmp_path}}
    }
    return World()


def uploaded(world: World, account_id: str, name: str, purpose: str = "identity_document") -> str:
    scope = Scope(world.platform.id, account_id, False)
    file = create_file(scope=scope, purpose=purpose, filename=name, content=PNG, now=world.now)
    return file.id


def unknown_birth(world: World) -> dict:
    params = onboarded_individual()
    params["individual"]["dob"] = {"day": 2, "month": 2, "year": 1980}
    return world.create(**params)


def hand_in(world: World, account_id: str, front: str, paper: str = "document") -> dict:
    return world.update(account_id, individual={"verification": {paper: {"front": front}}})


@pytest.mark.parametrize(
    ("name", "problem"),
    [("passport.png", None), ("identity_document_failure.png", "document_failed_other")],
)
def test_a_document_proves_who_somebody_is_or_is_refused_with_its_reason(world, name, problem):
    account = unknown_birth(world)
    assert account["requirements"]["past_due"] == ["individual.verification.document"]

    after = hand_in(world, account["id"], uploaded(world, account["id"], name))

    assert after["payouts_enabled"] == (problem is None)
    assert after["individual"]["verification"]["document"]["details_code"] == problem
    codes = [error["code"] for error in after["requirements"]["errors"]]
    assert codes == ([] if problem is None else ["verification_document_failed_other"])


def test_a_refused_document_is_replaced(world):
    account = unknown_birth(world)["id"]
    hand_in(world, account, "file_identity_document_failure")

    assert hand_in(world, account, "file_identity_document_success")["payouts_enabled"]


def test_a_second_document_proves_where_somebody_lives(world):
    params = onboarded_individual()
    params["individual"]["address"] = address(line1="address_no_match")
    account = world.create(**params)["id"]

    after = hand_in(world, account, "file_identity_document_success", "additional_document")

    assert after["charges_enabled"]


def test_a_file_of_somebody_else_or_for_something_else_proves_nothing(world):
    account, other = unknown_birth(world)["id"], unknown_birth(world)["id"]

    with pytest.raises(ResourceMissing):
        hand_in(world, account, uploaded(world, other, "passport.png"))
    with pytest.raises(InvalidRequest, match="dispute_evidence"):
        hand_in(world, account, uploaded(world, account, "a.png", "dispute_evidence"))
    with pytest.raises(ResourceMissing):
        hand_in(world, account, "file_nobody")
