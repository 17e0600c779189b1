"""Pages, filters and `expand`, over one world of charges (reference §§1.7, 1.8)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from counterfoil.api import expand
from counterfoil.api.endpoint import all_endpoints
from counterfoil.api.expand import structs_in
from tests.support.builders import World
from tests.unit.api.caller import Api

# Objects that fields name before an endpoint serves them: expanding them is refused.
NOT_SERVED = {"file"}


@pytest.fixture(scope="module")
def seller(shared_world: World) -> str:
    return shared_world.seller()


@pytest.fixture(scope="module")
def charges(shared_world: World, seller: str) -> list[str]:
    """Seven charges, newest first; the fourth and older ones are a day older each."""
    made = []
    for n in range(7):
        shared_world.now -= 86_400 if n > 2 else 0
        made.append(shared_world.charge(1000 + n, to=seller, fee=100 + n))
    ordered = sorted(made, key=lambda row: (row.created, row.id), reverse=True)
    return [row.id for row in ordered]


@pytest.fixture
def api(shared_world: World, charges: list[str]) -> Api:
    return Api(shared_world)


def ids(answer) -> list[str]:
    assert answer.status == 200, answer.json
    assert answer.json["object"] == "list"
    return [one["id"] for one in answer.json["data"]]


def test_a_list_is_newest_first_with_its_own_url(api, charges):
    answer = api.get("charges")

    assert ids(answer) == charges
    assert (answer.json["url"], answer.json["has_more"]) == ("/v1/charges", False)


def test_walking_forwards_and_backwards_meets_every_object_once(api, charges):
    forwards: list[str] = []
    while True:
        after = {"starting_after": forwards[-1]} if forwards else {}
        page = api.get("charges", {"limit": 3} | after)
        forwards += ids(page)
        if not page.json["has_more"]:
            break
    backwards = [charges[-1]]
    while True:
        page = api.get("charges", {"limit": 2, "ending_before": backwards[0]})
        backwards = ids(page) + backwards
        if not page.json["has_more"]:
            break

    assert forwards == charges
    assert backwards == charges


def test_the_page_before_the_first_and_after_the_last_are_empty(api, charges):
    for params in ({"ending_before": charges[0]}, {"starting_after": charges[-1]}):
        page = api.get("charges", params)
        assert (ids(page), page.json["has_more"]) == ([], False)


def test_a_cursor_of_somebody_else_is_unknown(api):
    other = Api(World(name="Other"))
    theirs = other.world.charge(1000).id

    assert api.get("charges", {"starting_after": theirs}).error["code"] == "resource_missing"


@pytest.mark.parametrize(
    ("created", "kept"),
    [
        (lambda at: {"gt": at}, lambda moment, at: moment > at),
        (lambda at: {"gte": at}, lambda moment, at: moment >= at),
        (lambda at: {"lt": at}, lambda moment, at: moment < at),
        (lambda at: {"lte": at}, lambda moment, at: moment <= at),
        (lambda at: at, lambda moment, at: moment == at),
        (lambda at: {"gt": at - 1, "lt": at + 1}, lambda moment, at: moment == at),
    ],
)
def test_created_is_a_moment_or_a_range(api, charges, created, kept):
    rows = api.get("charges").json["data"]
    at = rows[3]["created"]

    answer = api.get("charges", {"created": created(at)})

    assert ids(answer) == [row["id"] for row in rows if kept(row["created"], at)]
    assert 0 < len(ids(answer)) < len(charges)


def test_an_id_becomes_its_object(api, charges):
    charge = api.get(f"charges/{charges[0]}", {"expand": ["balance_transaction"]}).json

    assert charge["balance_transaction"]["object"] == "balance_transaction"
    assert charge["balance_transaction"]["source"] == charges[0]


def test_four_levels_and_several_branches(api, charges, seller):
    charge = api.get(
        f"charges/{charges[0]}",
        {
            "expand": [
                "balance_transaction",
                "transfer.destination_payment.balance_transaction.source",
                "transfer_data.destination",
            ]
        },
    ).json

    payment = charge["transfer"]["destination_payment"]
    assert payment["balance_transaction"]["source"]["id"] == payment["id"]
    assert charge["transfer_data"]["destination"]["object"] == "account"
    assert charge["transfer"]["destination"] == seller


def test_only_what_was_asked_for_is_expanded(api, charges):
    charge = api.get(f"charges/{charges[0]}", {"expand": ["transfer.destination_payment"]}).json

    assert isinstance(charge["transfer"]["destination_payment"]["balance_transaction"], str)
    assert isinstance(charge["balance_transaction"], str)


def test_a_post_answers_expanded(api, charges):
    path = f"charges/{charges[0]}"

    charge = api.post(path, {"description": "x", "expand": ["balance_transaction.source"]}).json

    assert charge["balance_transaction"]["source"]["description"] == "x"


def test_nothing_to_expand_stays_nothing(api):
    declined = api.world.try_charge(1000, source="tok_visa_chargeDeclined").charge.id

    charge = api.get(
        f"charges/{declined}", {"expand": ["balance_transaction", "transfer.destination"]}
    ).json

    assert charge["balance_transaction"] is None


def test_a_list_is_expanded_with_one_query_per_level(api, charges):
    def queries(limit: int, *paths: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = api.get("charges", {"limit": limit, "expand": list(paths)})
        assert len(ids(answer)) == limit
        return len(captured)

    paths = ("data.balance_transaction.source", "data.transfer.destination_payment")

    assert queries(5, *paths) - queries(5) == 4
    assert queries(1, *paths) - queries(1) == 4


def test_every_expandable_field_has_a_loader():
    seen: set[object] = set()
    waiting = [kind for one in all_endpoints() for kind in structs_in(one.returns)]
    names = set()
    while waiting:
        kind = waiting.pop()
        if kind in seen:
            continue
        seen.add(kind)
        plain = getattr(kind, "__origin__", kind)
        table = getattr(plain, "EXPANDABLE", {})
        assert set(table) <= set(plain.__struct_fields__), plain
        names |= set(table.values())
        for field in plain.__struct_fields__:
            waiting += expand._below(kind, field)
        for name in table.values():
            if name in expand._loaders:
                waiting += expand._loaders[name].returns

    assert len(seen) > 20
    assert names - set(expand._loaders) <= NOT_SERVED
