"""A walk over every endpoint of `/v1` that exists, with every parameter it takes."""

from __future__ import annotations

import msgspec

from counterfoil.api import resources  # noqa: F401 - importing declares the endpoints
from counterfoil.api.endpoint import all_endpoints, find
from tests.contract.sdk import Answer, Witness, official_client
from tests.contract.walk import accounts, hooks, moving, payments, telling
from tests.contract.walk.walker import Walker
from tests.support.accounts import onboarded_individual

# It answers with a file and not with JSON: `telling.contents` fetches it.
CONTENTS = ("GET", "files/<file>/contents")


def test_every_endpoint_answers_as_the_sdk_expects(server, platform):
    witness = Witness()
    client = official_client(server.url, platform.secret_key_test, witness=witness)
    live = official_client(server.url, platform.secret_key_live, witness=witness)
    seller = client.v1.accounts.create(onboarded_individual())
    walker = Walker(client, live, seller.id, lambda: server.run("worker", "--once"))

    for stretch in (payments, accounts, moving, telling, hooks):
        stretch.walk(walker)
    telling.contents(walker, server.url, platform.secret_key_test)

    called = calls(witness.answers)
    called.setdefault(CONTENTS, set())
    served = {(one.method, one.path): names_of(one.params) for one in all_endpoints()}
    assert set(called) == set(served), "endpoints without a step, or steps without an endpoint"
    missing = {f"{m} {p}": names - called[m, p] for (m, p), names in served.items()}
    assert {where: names for where, names in missing.items() if names} == {}
    assert server.check()["violations"] == []


def calls(answers: list[Answer]) -> dict[tuple[str, str], set[str]]:
    """What succeeded: endpoint, and the parameters it was sent in all."""
    found: dict[tuple[str, str], set[str]] = {}
    for answer in answers:
        if answer.status == 200:
            endpoint, _ = find(answer.method, answer.path)
            found.setdefault((endpoint.method, endpoint.path), set()).update(answer.sent)
    return found


def names_of(params: type[msgspec.Struct] | None) -> set[str]:
    if params is None:
        return set()
    return {field.encode_name for field in msgspec.structs.fields(params)} - {"expand"}
