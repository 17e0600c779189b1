"""One key, one execution, one answer (reference §1.6)."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from counterfoil.api import idempotency
from counterfoil.api.endpoint import PREFIX, Call, find
from counterfoil.api.endpoint import _endpoints as endpoints
from counterfoil.api.models import IdempotencyRecord
from counterfoil.kit.clock import wall_now
from counterfoil.kit.refused import BalanceInsufficient
from counterfoil.payments.models import Charge
from tests.support.accounts import onboarded_individual
from tests.support.committed import in_threads
from tests.unit.api.caller import CHARGE, assert_refused

KEY = "6f1cb1f2-0b0c-4f8c-8f0e-5a0d8f4c6d5e"


def replaced(monkeypatch: pytest.MonkeyPatch, method: str, path: str, function: Any) -> Counter:
    """Let an endpoint run another function; counts its runs."""
    endpoint, _ = find(method, path)
    runs: Counter = Counter()

    def counted(call: Call, *arguments: Any) -> Any:
        runs["runs"] += 1
        return function(endpoint.function, call, *arguments)

    name = (method, *path.removeprefix(PREFIX).split("/"))
    monkeypatch.setitem(endpoints, name, replace(endpoint, function=counted))
    return runs


def test_the_same_request_again_gets_the_same_answer(api):
    first = api.post("charges", CHARGE, key=KEY)
    again = api.post("charges", CHARGE, key=KEY)

    assert first.status == again.status == 200
    assert first.body == again.body
    assert Charge.objects.count() == 1
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert again.headers["Request-Id"] != first.headers["Request-Id"]
    assert first.headers["Idempotency-Key"] == again.headers["Idempotency-Key"] == KEY


def test_the_order_of_parameters_does_not_matter(api):
    first = api.post("charges", CHARGE, key=KEY)
    again = api.post("charges", dict(reversed(CHARGE.items())), key=KEY)

    assert first.body == again.body


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 2000},
        {"description": "more"},
        {"expand": ["balance_transaction"]},
        {"metadata": {"a": "b"}},
    ],
)
def test_the_same_key_with_other_parameters_is_refused(api, other):
    api.post("charges", CHARGE, key=KEY)

    answer = api.post("charges", CHARGE | other, key=KEY)

    assert_refused(answer, 400, None, kind="idempotency_error", says="use a new one")
    assert Charge.objects.count() == 1


def test_the_same_key_on_another_path_is_refused(api):
    charge = api.post("charges", CHARGE, key=KEY).json["id"]

    answer = api.post(f"charges/{charge}", {}, key=KEY)

    assert_refused(answer, 400, None, kind="idempotency_error", says=KEY)


def test_requests_without_a_key_are_all_different(api):
    first, again = api.post("charges", CHARGE), api.post("charges", CHARGE)

    assert first.json["id"] != again.json["id"]
    assert IdempotencyRecord.objects.count() == 0


def test_keys_belong_to_an_account_and_a_mode(api):
    seller = api.world.seller()
    live = api.with_key(api.world.made.secret_live.text)

    answers = [
        api.post("charges", CHARGE, key=KEY),
        api.post("charges", CHARGE, key=KEY, on=seller),
        live.post("charges", CHARGE, key=KEY),
    ]

    assert not any("Idempotent-Replayed" in answer.headers for answer in answers)
    assert IdempotencyRecord.objects.count() == 3


@pytest.mark.parametrize("key", ["k" * 256, "k\x7f", "é"])
def test_a_key_that_cannot_be_one(api, key):
    answer = api.post("charges", CHARGE, key=key)

    assert_refused(answer, 400, None, says="at most 255 printable ASCII")
    assert "Idempotency-Key" not in answer.headers
    assert Charge.objects.count() == 0


def test_the_longest_key_serves(api):
    assert api.post("charges", CHARGE, key="k" * 255).status == 200


def test_gets_have_no_use_for_keys(api):
    api.get("charges", key=KEY)

    assert IdempotencyRecord.objects.count() == 0


def test_a_failed_validation_leaves_the_key_free(api):
    for wrong in ({"amount": "x"}, {"amount": 0}, {"amount": 10}, {"currency": "zzz"}, {"foo": 1}):
        assert api.post("charges", CHARGE | wrong, key=KEY).status == 400
    assert IdempotencyRecord.objects.count() == 0

    assert api.post("charges", CHARGE, key=KEY).status == 200


def test_a_refusal_of_the_moment_is_kept(api, monkeypatch):
    def short(_original: Any, _call: Call, _params: Any) -> None:
        Charge.objects.update(description="half done")
        raise BalanceInsufficient("Not enough.")

    api.world.charge(1000)
    runs = replaced(monkeypatch, "POST", "/v1/transfers", short)
    params = {"amount": 5, "currency": "usd", "destination": "acct_1"}

    first = api.post("transfers", params, key=KEY)
    again = api.post("transfers", params, key=KEY)

    assert_refused(first, 400, "balance_insufficient")
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert runs == {"runs": 1}
    assert Charge.objects.get().description is None  # undone with everything else


def test_a_decline_keeps_its_charge_and_is_kept(api):
    params = CHARGE | {"source": "tok_visa_chargeDeclined"}

    first = api.post("charges", params, key=KEY)
    again = api.post("charges", params, key=KEY)

    assert first.status == again.status == 402
    assert first.body == again.body
    assert first.error["type"] == "card_error"
    assert first.error["code"] == "card_declined"
    assert Charge.objects.get().id == first.error["charge"]


def test_a_mistake_of_ours_is_kept_and_tells_nothing(api, monkeypatch, caplog):
    def broken(_original: Any, call: Call, _params: Any) -> None:
        Charge.objects.update(description="half done")
        raise RuntimeError(f"secret of {call.caller.platform_name}")

    api.world.charge(1000)
    runs = replaced(monkeypatch, "POST", "/v1/charges", broken)

    first = api.post("charges", CHARGE, key=KEY)
    again = api.post("charges", CHARGE, key=KEY)

    request_id = first.headers["Request-Id"]
    assert_refused(first, 500, None, kind="api_error", says=request_id)
    assert "secret" not in first.body.decode()
    assert first.headers["Stripe-Should-Retry"] == "false"
    assert again.body == first.body
    assert runs == {"runs": 1}
    assert Charge.objects.get().description is None
    record = next(one for one in caplog.records if one.name == "counterfoil.api.edge")
    assert request_id in record.getMessage()
    assert "secret of Bazaar" in str(record.exc_info)


def test_a_key_at_work_is_refused_at_once(api, monkeypatch):
    """Two requests with one key at one moment: one works, the other hears so and can retry."""
    entered, leave = threading.Event(), threading.Event()

    def slow(original: Any, call: Call, params: Any) -> Any:
        entered.set()
        assert leave.wait(20)
        return original(call, params)

    runs = replaced(monkeypatch, "POST", "/v1/charges", slow)

    def first() -> Any:
        return api.post("charges", CHARGE, key=KEY)

    def second() -> Any:
        assert entered.wait(20)
        try:
            return api.post("charges", CHARGE, key=KEY)
        finally:
            leave.set()

    done, refused = in_threads(first, second)

    assert done.status == 200
    assert_refused(refused, 409, "idempotency_key_in_use", says="send this one again")
    assert refused.headers["Stripe-Should-Retry"] == "true"
    assert runs == {"runs": 1}
    assert api.post("charges", CHARGE, key=KEY).body == done.body


def test_many_at_once_make_one_charge(api):
    answers = in_threads(*[lambda: api.post("charges", CHARGE, key=KEY)] * 8)

    assert Counter(answer.status for answer in answers).keys() <= {200, 409}
    assert len({answer.json["id"] for answer in answers if answer.status == 200}) == 1
    assert Charge.objects.count() == 1


def test_many_keys_at_once_make_a_charge_each(api):
    answers = in_threads(
        *[lambda key=f"key-{n}": api.post("charges", CHARGE, key=key) for n in range(8)]
    )

    assert {answer.status for answer in answers} == {200}
    assert Charge.objects.count() == 8


def test_an_answer_kept_by_somebody_else_meanwhile_is_replayed(api, monkeypatch):
    """The look at the key can miss an answer that is committed a moment later."""
    kept = api.post("charges", CHARGE, key=KEY)
    really = idempotency.look
    looks = iter([lambda slot: None, really])
    monkeypatch.setattr(idempotency, "look", lambda slot: next(looks)(slot))

    answer = api.post("charges", CHARGE, key=KEY)

    assert answer.body == kept.body
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert Charge.objects.count() == 1


def test_giving_way_in_the_database_leaves_the_key_free(api, monkeypatch):
    class LockNotAvailable(Exception):
        sqlstate = "55P03"
        sqlite_errorname = "SQLITE_BUSY"

    def busy(_original: Any, _call: Call, _params: Any) -> None:
        raise OperationalError("canceling statement due to lock timeout") from LockNotAvailable()

    with monkeypatch.context() as patched:
        replaced(patched, "POST", "/v1/charges", busy)
        answer = api.post("charges", CHARGE, key=KEY)

    assert_refused(answer, 429, "lock_timeout", says="send this request again")
    assert answer.headers["Stripe-Should-Retry"] == "true"
    assert api.post("charges", CHARGE, key=KEY).status == 200


def test_other_trouble_in_the_database_is_not_kept(api, monkeypatch):
    def gone(_original: Any, _call: Call, _params: Any) -> None:
        raise OperationalError("server closed the connection")

    with monkeypatch.context() as patched:
        replaced(patched, "POST", "/v1/charges", gone)
        answer = api.post("charges", CHARGE, key=KEY)

    assert_refused(answer, 500, None, kind="api_error")
    assert "closed" not in answer.body.decode()
    assert api.post("charges", CHARGE, key=KEY).status == 200


def test_a_decline_without_a_key_keeps_its_charge_too(api):
    answer = api.post("charges", CHARGE | {"source": "tok_visa_chargeDeclined"})

    assert answer.status == 402
    assert Charge.objects.get().status == "failed"


def test_events_name_the_request_and_its_key(api):
    request_id = api.post("charges", CHARGE, key=KEY).headers["Request-Id"]

    event = api.get("events").json["data"][0]

    assert event["request"] == {"id": request_id, "idempotency_key": KEY}


def test_answers_older_than_a_day_are_forgotten(api, monkeypatch):
    monkeypatch.setattr(idempotency, "_FORGOTTEN_AT_ONCE", 2)
    now = wall_now()
    for n in range(3):
        api.post("charges", CHARGE, key=f"old-{n}")
    IdempotencyRecord.objects.update(created=now - 86_401)
    IdempotencyRecord.objects.filter(key="old-2").update(created=now - 86_400)
    api.post("charges", CHARGE, key="new")

    forgotten = [idempotency.forget_old(now_wall=now) for _ in range(2)]

    assert forgotten == [2, 0]
    assert set(IdempotencyRecord.objects.values_list("key", flat=True)) == {"old-2", "new"}


def test_a_post_pays_two_statements_for_its_key(api):
    def statements(key: str | None) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.post("charges", CHARGE, key=key).status == 200
        return len(captured)

    statements(None)  # whatever only the first request does

    assert statements(KEY) - statements(None) == 2


WRONG_NUMBER = {
    "type": "card",
    "card": {"number": "4242424242424241", "exp_month": 1, "exp_year": 40},
}


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("payment_methods/pm_card_visa_chargeDeclined/attach", {"customer": "{customer}"}),
        ("payment_methods", WRONG_NUMBER),
        ("customers/{customer}", {"source": "tok_visa_chargeDeclined"}),
        (
            "payment_intents",
            {"amount": 1000, "currency": "usd", "payment_method_data": WRONG_NUMBER},
        ),
    ],
)
def test_a_card_that_is_refused_before_anything_was_written_is_refused_under_the_key_too(
    api, path, params
):
    customer = api.post("customers", {"name": "Ada"}).json["id"]
    path = path.format(customer=customer)
    params = {name: customer if value == "{customer}" else value for name, value in params.items()}
    without = api.post(path, params)

    first = api.post(path, params, key=KEY)
    again = api.post(path, params, key=KEY)

    assert (first.status, first.error) == (without.status, without.error)
    assert first.status == 402
    assert first.body == again.body
    assert again.headers["Idempotent-Replayed"] == "true"


def person() -> dict[str, Any]:
    sent = onboarded_individual()
    sent["individual"]["dob"] = {"day": 23, "month": 11, "year": 1957}
    return sent


def test_what_is_kept_of_a_person_cannot_be_read_in_the_database(api):
    """And the same request again still gets the whole answer."""
    first = api.post("accounts", person(), key=KEY)
    assert first.json["individual"]["dob"]["year"] == 1957

    record = IdempotencyRecord.objects.get(key=KEY)
    assert "1957" not in record.body
    assert first.json["email"] not in record.body
    again = api.post("accounts", person(), key=KEY)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_refusal_about_a_person_is_kept_as_closely(api):
    sent = {"individual": person()["individual"]}
    first = api.post("accounts/acct_unknown", sent, key=KEY)
    assert first.status == 404

    assert "acct_unknown" not in IdempotencyRecord.objects.get(key=KEY).body
    assert api.post("accounts/acct_unknown", sent, key=KEY).body == first.body


def test_what_was_sent_cannot_be_guessed_from_its_digest(api, settings):
    """Nine digits of a known person are soon tried; without our key nothing can be."""
    api.post("charges", CHARGE, key=KEY)
    with_ours = IdempotencyRecord.objects.get(key=KEY).digest
    form = {name: str(value) for name, value in CHARGE.items()}
    unkeyed = blake2b(
        b"POST /v1/charges " + idempotency._sorted_json(form), digest_size=16
    ).hexdigest()

    slots = [idempotency.slot(KEY, api.world.caller, "POST", "/v1/charges", form) for _ in range(2)]
    assert slots[0].digest == slots[1].digest == with_ours
    assert with_ours != unkeyed
