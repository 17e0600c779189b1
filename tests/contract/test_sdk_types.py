"""The validator itself: it accepts what fits the SDK's types and nothing else."""

import re
from collections import Counter
from copy import deepcopy

import pytest
import stripe

from tests.contract.sdk_types import assert_valid, sample, validate, validate_error
from tests.contract.sdk_types.breaking import (
    KINDS,
    REMOVED,
    UNKNOWN,
    WRONG_LITERAL,
    WRONG_TYPE,
    breakages,
)
from tests.contract.sdk_types.by_hand import (
    ALWAYS,
    BALANCE,
    BALANCE_TRANSACTION,
    BANK_ACCOUNT,
    BY_HAND,
    CHARGE,
    EVENT,
    LOGIN_LINK,
)
from tests.contract.sdk_types.presence import PRESENCE
from tests.contract.sdk_types.schema import SdkClass, fields_of, name_of, object_classes
from tests.contract.sdk_types.source import every_class, written_without_optional

OBJECTS_OF_PART_A = (
    "account",
    "application_fee",
    "balance",
    "balance_transaction",
    "bank_account",
    "capability",
    "card",
    "charge",
    "event",
    "login_link",
    "payment_intent",
    "payment_method",
    "person",
    "token",
    "transfer",
)

CARD_ERROR = {
    "error": {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "generic_decline",
        "message": "Your card was declined.",
        "param": "payment_method",
        "charge": "ch_1",
    }
}


# -- what fits


@pytest.mark.parametrize("answer", BY_HAND, ids=lambda answer: answer["object"])
def test_an_answer_written_by_hand_fits(answer):
    assert validate(answer) == []


@pytest.mark.parametrize("full", [False, True], ids=["needed fields", "all fields"])
def test_a_sample_of_every_class_of_the_sdk_fits(full):
    problems = {name: validate(sample(name, full=full), name) for name in object_classes()}

    assert len(problems) > 150
    assert {name: found for name, found in problems.items() if found} == {}


def test_what_the_client_returns_is_checked_like_what_came_over_the_wire():
    charge = stripe.Charge.construct_from(deepcopy(CHARGE), "sk_test_1")
    assert validate(charge) == []

    charge["amount"] = "5000"
    assert validate(charge) == ['$.amount: must be int, is "5000"']


def test_a_decimal_number_travels_as_text():
    plan = sample("plan") | {"amount_decimal": "12.5"}

    assert validate(plan) == []
    assert validate(stripe.Plan.construct_from(deepcopy(plan), "sk_test_1")) == []
    assert validate(plan | {"amount_decimal": "twelve"}) != []
    assert validate(plan | {"amount_decimal": 12.5}) != []


# -- what does not fit


@pytest.mark.parametrize("answer", BY_HAND, ids=lambda answer: answer["object"])
def test_an_answer_written_by_hand_bears_no_missing_field_and_no_other_type(answer):
    answer = deepcopy(answer)
    done = Counter(kind for kind, _ in breakages(answer))

    assert done[REMOVED] >= len(answer)
    assert done[WRONG_TYPE] >= len(answer)
    assert survivors(answer, kinds=(REMOVED, WRONG_TYPE)) == []


@pytest.mark.parametrize("name", OBJECTS_OF_PART_A)
def test_no_breakage_at_any_depth_goes_unnoticed(name):
    answer = sample(name)
    before = deepcopy(answer)
    done = Counter(kind for kind, _ in breakages(answer))

    assert set(done) == set(KINDS)
    assert done[REMOVED] >= len(answer)
    assert survivors(answer) == []
    assert answer == before


def test_no_breakage_of_any_class_of_the_sdk_goes_unnoticed():
    done, unnoticed = Counter(), []
    for cls in every_class():
        needed, answer = set(sample(cls)) | hanging_together(cls), sample(cls, full=True)
        for kind, place in breakages(answer, deep=False):
            may_go = kind == REMOVED and place.removeprefix("$.") not in needed
            done["left out" if may_go else kind] += 1
            if (validate(answer, cls) == []) is not may_go:
                unnoticed.append(f"{name_of(cls)}: {kind} {place}")

    assert unnoticed == []
    assert len(every_class()) > 2000
    assert done[REMOVED] > 8000
    assert done[WRONG_TYPE] > 40_000
    assert done[WRONG_LITERAL] > 1400
    assert done[UNKNOWN] == len(every_class())
    assert done["left out"] > 500


def test_what_the_sdk_does_not_call_optional_must_be_there_and_is_never_null():
    seen = 0
    for cls in every_class():
        answer = sample(cls)
        for name in written_without_optional(cls):
            seen += 1
            assert name in answer, f"{name_of(cls)}.{name}"
            assert validate(answer | {name: None}, cls) == [f"$.{name}: must not be null"]

    assert seen > 3000


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"amount": True}, "$.amount: must be int, is true"),
        ({"amount": 5000.0}, "$.amount: must be int, is 5000.0"),
        ({"captured": 1}, "$.captured: must be bool, is 1"),
        ({"metadata": {"order": 17}}, "$.metadata['order']: must be str, is 17"),
        ({"transfer": None}, "$.transfer: must not be null"),
        ({"object": "charges"}, "$.object: must be one of 'charge', is \"charges\""),
        ({"balance": 1}, "$.balance: is unknown to the SDK"),
    ],
)
def test_a_problem_is_a_sentence_that_names_the_place(change, problem):
    assert validate(CHARGE | change, stripe.Charge) == [problem]


def test_a_literal_beside_text_means_the_literal():
    [problem] = validate(CHARGE | {"status": "done"})

    assert problem == ("$.status: must be one of 'failed', 'pending', 'succeeded', is \"done\"")


def test_a_float_is_no_integer_and_no_text():
    assert validate(BALANCE_TRANSACTION | {"exchange_rate": 1.25}) == []
    assert validate(BALANCE_TRANSACTION | {"exchange_rate": 1}) != []
    assert validate(BALANCE_TRANSACTION | {"exchange_rate": "1.25"}) != []


def test_an_answer_is_held_to_the_class_that_was_expected():
    assert validate(CHARGE, "charge") == []
    assert validate(CHARGE, "transfer") != []
    assert validate({"object": "no_such_object"}) != []
    assert validate({}) != []
    with pytest.raises(LookupError):
        validate(CHARGE, "no_such_object")


def test_every_problem_is_told_at_once():
    with pytest.raises(AssertionError) as told:
        assert_valid(CHARGE | {"amount": "1", "paid": None})

    assert "$.amount: must be int" in str(told.value)
    assert "$.paid: must not be null" in str(told.value)
    assert_valid(CHARGE)


@pytest.mark.parametrize("name", ALWAYS)
def test_an_answer_carries_what_the_published_examples_carry(name):
    answer = sample(name, full=True)
    for field in ALWAYS[name].split():
        without = {key: value for key, value in answer.items() if key != field}
        assert validate(without, name) == [f"$.{field}: is missing"]


# -- what hangs together


def test_the_hash_that_type_names_must_be_there():
    details = {"type": "card"}

    assert validate(CHARGE | {"payment_method_details": details}) == [
        "$.payment_method_details.card: is missing"
    ]


def test_a_bank_account_of_an_account_says_more_than_one_in_a_token():
    in_a_token = {
        name: value
        for name, value in BANK_ACCOUNT.items()
        if name not in ("account", "available_payout_methods", "default_for_currency", "metadata")
    }

    assert validate(in_a_token) == []
    assert validate(in_a_token | {"account": "acct_1"}) == [
        "$.available_payout_methods: is missing",
        "$.default_for_currency: is missing",
        "$.metadata: is missing",
    ]


def test_refunds_are_there_only_when_asked_for():
    page = {"object": "list", "data": [], "has_more": False, "url": "/v1/charges/ch_1/refunds"}

    assert validate(CHARGE | {"refunds": page}) == []
    assert validate(CHARGE | {"refunds": page | {"data": [CHARGE]}}) != []
    assert validate(CHARGE | {"refunds": []}) != []


def test_an_expandable_field_is_an_id_or_the_whole_object():
    def transaction_from(source):
        return BALANCE_TRANSACTION | {"source": source}

    assert validate(transaction_from(CHARGE)) == []
    assert validate(transaction_from(CHARGE | {"amount": "1"})) == [
        '$.source.amount: must be int, is "1"'
    ]
    assert validate(transaction_from(LOGIN_LINK)) != []
    assert validate(transaction_from(17)) != []
    assert validate(CHARGE | {"balance_transaction": BALANCE_TRANSACTION}) == []
    assert validate(CHARGE | {"balance_transaction": LOGIN_LINK}) != []


def test_an_external_account_is_a_bank_account_or_a_card():
    def account_with(*external):
        page = sample("account")["external_accounts"]
        return sample("account") | {"external_accounts": page | {"data": list(external)}}

    assert validate(account_with(BANK_ACCOUNT, sample("card"))) == []
    assert validate(account_with(LOGIN_LINK)) != []
    [problem] = validate(account_with(BANK_ACCOUNT, BANK_ACCOUNT | {"last4": 6789}))
    assert problem == "$.external_accounts.data[1].last4: must be str, is 6789"


def test_the_object_of_an_event_is_checked_by_its_own_name():
    def event_about(thing):
        return EVENT | {"data": {"object": thing, "previous_attributes": {"amount": "anything"}}}

    assert validate(event_about(CHARGE)) == []
    assert validate(event_about(CHARGE | {"paid": "yes"})) == [
        '$.data.object.paid: must be bool, is "yes"'
    ]
    assert validate(event_about({"object": "no_such_object"})) != []


# -- lists and deleted objects


def test_a_list_is_checked_with_all_it_holds():
    page = {"object": "list", "data": [CHARGE, CHARGE], "has_more": False, "url": "/v1/charges"}

    assert validate(page) == validate(page, "charge") == []
    assert validate(page, "transfer") != []
    assert validate(page | {"data": [CHARGE, CHARGE | {"paid": 1}]}) == [
        "$.data[1].paid: must be bool, is 1"
    ]
    assert validate(page | {"total_count": 2}) == ["$.total_count: is unknown to the SDK"]
    for name in page:
        assert validate({key: value for key, value in page.items() if key != name}) != []
        assert validate(page | {name: None}) != []


def test_a_search_result_has_a_next_page_or_none():
    found = {"object": "search_result", "data": [CHARGE], "has_more": False, "url": "/v1/x"}

    assert validate(found | {"next_page": None}) == []
    assert validate(found | {"next_page": "abc", "total_count": 1}) == []
    assert validate(found | {"next_page": 2}) != []
    assert validate(found) == ["$.next_page: is missing"]


def test_a_plain_list_of_objects_is_checked_one_by_one():
    charge = stripe.Charge.construct_from(deepcopy(CHARGE), "sk_test_1")

    assert validate([charge, BALANCE]) == []
    assert validate([charge, BALANCE | {"livemode": None}]) == ["$[1].livemode: must not be null"]


def test_a_deleted_object_says_that_and_nothing_else():
    gone = {"id": "acct_1", "object": "account", "deleted": True}

    assert validate(gone) == validate(gone, "account") == []
    assert validate(gone | {"deleted": False}) != []
    assert validate(gone | {"deleted": 1}) != []
    assert validate(gone | {"email": None}) == ["$.email: is unknown to the SDK"]
    assert validate({"object": "account", "deleted": True}) == ["$.id: is missing"]
    assert (
        validate({"id": "ba_1", "object": "bank_account", "deleted": True, "currency": "usd"}) == []
    )
    assert validate({"id": "ch_1", "object": "charge", "deleted": True}) != []


# -- errors


def test_an_error_fits():
    intent = sample("payment_intent")

    assert validate_error(CARD_ERROR) == []
    assert validate_error({"error": CARD_ERROR["error"] | {"payment_intent": intent}}) == []
    assert validate_error({"error": {"type": "invalid_request_error", "message": "No."}}) == []


@pytest.mark.parametrize(
    "change",
    [
        {"type": "api_connection_error"},
        {"code": "no_such_code"},
        {"code": None},
        {"param": 1},
        {"decline_code": True},
        {"message": None},
        {"message": "  "},
        {"hint": "text"},
        {"payment_intent": {"object": "payment_intent"}},
    ],
    ids=str,
)
def test_an_error_that_does_not_fit_is_found(change):
    assert len(validate_error({"error": CARD_ERROR["error"] | change})) >= 1


def test_an_error_has_a_type_and_a_message_and_stands_alone_in_its_envelope():
    for name in ("type", "message"):
        error = {key: value for key, value in CARD_ERROR["error"].items() if key != name}
        assert validate_error({"error": error}) == [f"$.error.{name}: is missing"]
    assert validate_error(CARD_ERROR | {"status": 402}) == ["$.status: is unknown to the SDK"]
    assert validate_error({"message": "No."}) == ['$: must be {"error": {…}}']
    assert validate_error([]) == ['$: must be {"error": {…}}']


# -- the table of presence


def test_the_table_of_presence_names_only_optional_fields_of_the_sdk():
    classes = {name_of(cls): cls for cls in (*every_class(), stripe.ErrorObject)}
    for key, words in PRESENCE.items():
        named = {name for word in words.split() for name in re.split(r"[@+]", word)}
        named = {re.sub(r"(!?\|null|!)$", "", name) for name in named} - {"*"}
        meant = [
            cls
            for name, cls in classes.items()
            if name == key or (key.startswith(".") and name.endswith(key))
        ]
        assert meant, key
        for cls in meant:
            assert named <= set(fields_of(cls)) - written_without_optional(cls), key


def test_the_table_of_presence_was_made_for_this_version_of_the_api():
    # After an upgrade: compare presence.py with the Node SDK of the same version, then change this.
    assert stripe.api_version == "2026-10-28.endive"


# -- helpers


def hanging_together(cls: SdkClass) -> set[str]:
    """Fields that come and go with one another: in a full sample none may go alone."""
    fields = fields_of(cls).items()
    return {one for name, field in fields if field.beside for one in (name, field.beside[0])}


def survivors(answer, kinds=KINDS) -> list[str]:
    """The breakages that the validator lets pass."""
    return [
        f"{kind} {place}"
        for kind, place in breakages(answer)
        if kind in kinds and validate(answer) == []
    ]
