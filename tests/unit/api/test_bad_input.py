"""What a platform may send wrong: the status, the envelope, a hint, and nothing written."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from django.db import connection

from tests.support.builders import World
from tests.unit.api.caller import CHARGE, Api, Reply, assert_refused


class CarefulApi(Api):
    """Every call made with it must leave every table as it was."""

    def send(self, *call: Any, **how: Any) -> Reply:
        before = all_rows()
        answer = super().send(*call, **how)
        assert all_rows() == before
        return answer


def all_rows() -> dict[str, int]:
    """How many rows each table of the database holds."""
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
        cursor.execute(counted)
        return dict(cursor.fetchall())


@pytest.fixture
def api(shared_world: World) -> CarefulApi:
    return CarefulApi(shared_world)


@pytest.mark.parametrize(
    ("changes", "code", "param", "says"),
    [
        ({"foo": 1}, "parameter_unknown", "foo", "Received unknown parameter: foo"),
        ({"foo": {"bar": 1}}, "parameter_unknown", "foo", "unknown"),
        (
            {"shipping": {"name": "x", "foo": 1, "address": {"city": "y"}}},
            "parameter_unknown",
            "shipping[foo]",
            "shipping[foo]",
        ),
        ({"amount": None}, "parameter_missing", "amount", "Missing required param: amount."),
        ({"currency": None}, "parameter_missing", "currency", "currency"),
        ({"amount": "ten"}, "parameter_invalid_integer", "amount", "Invalid integer: ten"),
        ({"amount": "10.00"}, "parameter_invalid_integer", "amount", "10.00"),
        ({"amount": ""}, "parameter_invalid_empty", "amount", "leave it out"),
        ({"amount": {"value": 5}}, "parameter_invalid_integer", "amount", "one number"),
        ({"amount": [5]}, "parameter_invalid_integer", "amount", "one number"),
        ({"amount": 10**30}, "parameter_invalid_integer", "amount", "Invalid integer"),
        ({"amount": 0}, "parameter_invalid_integer", "amount", "greater than or equal to 1"),
        ({"amount": -1000}, "parameter_invalid_integer", "amount", "greater than or equal to 1"),
        ({"amount": 49}, "amount_too_small", "amount", "at least"),
        ({"amount": 10**12}, "amount_too_large", "amount", "no more than"),
        ({"amount": 2**63 - 1}, "amount_too_large", "amount", "no more than"),
        ({"currency": "zzz"}, None, "currency", "ISO 4217"),
        ({"currency": ""}, "parameter_invalid_empty", "currency", "leave it out"),
        ({"capture": "yes"}, None, "capture", "true or false"),
        ({"metadata": "x"}, None, "metadata", "metadata[…]"),
        ({"shipping": "x"}, None, "shipping", "shipping[…]"),
        ({"description": {"a": 1}}, None, "description", "one value"),
        ({"metadata": {"k" * 41: "v"}}, None, "metadata", "40"),
        ({"expand": ["foo"]}, None, "expand", "This property cannot be expanded (foo)."),
        ({"expand": ["transfer_data"]}, None, "expand", "cannot be expanded"),
        ({"expand": "balance_transaction"}, None, "expand", "expand[]"),
        ({"expand": ["a.b.c.d.e"]}, None, "expand", "more than 4 levels"),
    ],
)
def test_a_wrong_parameter_is_named(api, changes, code, param, says):
    answer = api.post("charges", CHARGE | changes)

    assert_refused(answer, 400, code, param=param, says=says)


@pytest.mark.parametrize("name", ["metadata[a", "metadata]a", "metadata[]x", "metadata[a[b]]", "["])
def test_malformed_brackets_are_named(api, name):
    answer = api.post("charges", f"amount=1000&currency=usd&source=tok_visa&{name}=1")

    assert_refused(answer, 400, "parameter_unknown", param=name, says="close every bracket")


def test_two_shapes_of_one_name(api):
    answer = api.post("charges", "amount=1000&metadata=&metadata[a]=b&currency=usd")

    assert_refused(answer, 400, None, param="metadata[a]", says="two shapes")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"amount=1000&description=%FF", "UTF-8"),
        (b"amount=1000&description=\xff", "UTF-8"),
        (b"amount=1000&description=%00", "NUL"),
        (b"&".join(b"a%d=1" % n for n in range(1001)), "1000"),
    ],
)
def test_a_form_that_cannot_be_read(api, body, says):
    answer = api.send("POST", "charges", body)

    assert (answer.status, answer.error["type"]) == (400, "invalid_request_error")
    assert says in answer.error["message"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", json.dumps(CHARGE)),
        ("multipart/form-data; boundary=x", "--x--"),
        ("text/plain", "amount=1000"),
    ],
)
def test_another_content_type_says_which_one_to_send(api, content_type, body):
    answer = api.send("POST", "charges", body, content_type=content_type)

    assert_refused(answer, 400, None, says="application/x-www-form-urlencoded")


@pytest.mark.parametrize("size", [512 * 1024 + 1, 1_000_000])
def test_a_body_of_a_megabyte_is_too_much(api, size):
    answer = api.send("POST", "charges", b"description=" + b"x" * (size - 12))

    assert_refused(answer, 413, None, says="512 KiB")


def test_half_a_megabyte_is_read(api):
    answer = api.send("POST", "charges", b"description=" + b"x" * (512 * 1024 - 12))

    assert_refused(answer, 400, "parameter_missing", param="amount")


def every_kind_of_call(api: Api, **how: Any) -> list[Reply]:
    return [
        api.post("charges", CHARGE, **how),
        api.get("charges/ch_1", **how),
        api.get("charges", **how),
        api.delete("accounts/acct_1/external_accounts/ba_1", **how),
    ]


@pytest.mark.parametrize(
    ("authorization", "says"),
    [
        (None, "Authorization: Bearer sk_test_"),
        ("", "Authorization: Bearer sk_test_"),
        ("Bearer", "Authorization: Bearer sk_test_"),
        ("Bearer ", "Authorization: Bearer sk_test_"),
        ("Digest abc", "Authorization: Bearer sk_test_"),
        ("Basic !!!", "cannot be decoded"),
        (f"Basic {base64.b64encode(b':').decode()}", "did not provide"),
        ("Bearer nonsense", "Invalid API Key provided: ********"),
        ("Bearer sk_test_" + "x" * 24, "Invalid API Key provided: sk_test_****xxxx"),
        ("Bearer sk_live_" + "y" * 40, "Invalid API Key provided: sk_live_****yyyy"),
        ("Bearer rk_test_" + "z" * 40, "Invalid API Key provided: rk_test_****zzzz"),
        ("Bearer sk_test_é" + "z" * 40, "Invalid API Key provided: ****zzzz"),
    ],
)
def test_a_missing_or_wrong_key(api, authorization, says):
    for answer in every_kind_of_call(api, auth=authorization):
        assert_refused(answer, 401, None, says=says)
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="Counterfoil"'


def test_a_key_is_never_shown_whole(api):
    wrong = "sk_test_" + "secret" * 6

    answer = api.get("charges", auth=f"Bearer {wrong}")

    assert wrong[8:-4] not in answer.body.decode()


def test_a_publishable_key_stays_with_the_client_side(api):
    publishable = api.with_key(api.world.made.publishable_test.text)

    for answer in every_kind_of_call(publishable):
        assert_refused(answer, 403, "secret_key_required", says="sk_")


def test_an_object_of_the_other_mode_is_missing_and_the_message_says_where_it_is(api):
    charge = api.world.charge(1000).id
    live = api.with_key(api.world.made.secret_live.text)

    for answer in (
        live.get(f"charges/{charge}"),
        live.post(f"charges/{charge}", {"description": "x"}),
    ):
        assert_refused(
            answer, 404, "resource_missing", param="id", says="exists in test mode, and this is a"
        )
    assert "exists in" not in live.get("charges/ch_none").error["message"]


@pytest.mark.parametrize("account", ["acct_1", "acct_" + "x" * 300, "é", "nonsense"])
def test_an_account_that_is_not_connected(api, account):
    for header in ("Stripe-Account", "Stripe-Context"):
        for answer in every_kind_of_call(api, headers={header: account}):
            assert_refused(answer, 403, "account_invalid", says=account)
            assert "revoked" in answer.error["message"]


def test_an_account_of_another_mode_or_platform_is_not_connected(api):
    seller = api.world.seller()
    other = Api(World(name="Other"))

    for caller in (api.with_key(api.world.made.secret_live.text), other):
        answer = caller.get("balance", on=seller)
        assert_refused(answer, 403, "account_invalid", says=seller)


def test_two_headers_that_name_different_accounts(api):
    answer = api.get("balance", on="acct_1", headers={"Stripe-Context": "acct_2"})

    assert_refused(answer, 400, None, says="different accounts")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/foo"),
        ("GET", "/v1/charge"),
        ("GET", "/v1/charges/"),
        ("GET", "/v1/"),
        ("GET", "/v1//charges"),
        ("GET", "/v1/charges/ch_1/refund"),
        ("DELETE", "/v1/charges/ch_1"),
        ("DELETE", "/v1/payouts/po_1"),
        ("PUT", "/v1/charges/ch_1"),
        ("PATCH", "/v1/charges"),
        ("GET", "/v1/charges/ch%00"),
        ("GET", "/v1/charges/ch%0A1"),
        ("GET", "/v1/charges/%C3%A9"),
    ],
)
def test_an_unknown_path_or_method(api, method, path):
    for auth in (f"Bearer {api.key}", None):
        answer = api.send(method, path, "", auth=auth)

        assert_refused(answer, 404, None, says="Unrecognized request URL")
        assert f"({method}: /v1/" in answer.error["message"]


@pytest.mark.parametrize(
    ("params", "code", "param"),
    [
        ({"limit": 0}, "parameter_invalid_integer", "limit"),
        ({"limit": 101}, "parameter_invalid_integer", "limit"),
        ({"limit": "all"}, "parameter_invalid_integer", "limit"),
        ({"starting_after": "ch_none"}, "resource_missing", "starting_after"),
        ({"ending_before": "ch_none"}, "resource_missing", "ending_before"),
        ({"starting_after": "a", "ending_before": "b"}, "parameters_exclusive", "ending_before"),
        ({"created": "yesterday"}, "parameter_invalid_integer", "created"),
        ({"created": {"since": 1}}, "parameter_unknown", "created[since]"),
        ({"created": {"gte": "x"}}, "parameter_invalid_integer", "created[gte]"),
        ({"foo": 1}, "parameter_unknown", "foo"),
        ({"expand": ["balance_transaction"]}, None, "expand"),
    ],
)
@pytest.mark.parametrize("path", ["charges", "events", "accounts", "transfers"])
def test_wrong_parameters_of_a_list(api, path, params, code, param):
    assert_refused(api.get(path, params), 400, code, param=param)


def test_a_list_says_how_its_objects_are_expanded(api):
    answer = api.get("charges", {"expand": ["balance_transaction"]})

    assert "data.balance_transaction" in answer.error["message"]


def test_an_id_of_the_path_is_404_and_one_of_a_parameter_400(api):
    seller = api.world.seller()

    in_path = api.get("charges/ch_none")
    in_params = api.post("charges", CHARGE | {"source": "tok_none"})
    nested = api.get(f"accounts/{seller}/external_accounts/ba_none")

    assert_refused(in_path, 404, "resource_missing", param="id", says="No such charge: 'ch_none'")
    assert_refused(in_params, 400, "resource_missing", param="source", says="tok_none")
    assert_refused(nested, 404, "resource_missing", param="id", says="ba_none")
