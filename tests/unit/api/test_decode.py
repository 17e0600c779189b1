"""Texts to typed parameters: what is taken, what is refused, and how it is said."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from counterfoil.api.decode import nothing_expected, params_decoder
from counterfoil.api.errors import InvalidParameters
from counterfoil.api.forms import parse


class Inner(msgspec.Struct):
    name: str
    line2: str | None = None


class Bank(msgspec.Struct, tag_field="object", tag="bank_account"):
    number: str


class Card(msgspec.Struct, tag_field="object", tag="card"):
    exp_month: int


class Params(msgspec.Struct):
    amount: int
    flag: bool | None = None
    kind: Literal["a", "b", "c"] | None = None
    inner: Inner | None = None
    inner_or_none: Inner | Literal[""] | None = None
    items: list[Inner] = []
    numbers: list[int] | None = None
    few: Annotated[list[str], Meta(max_length=2)] | None = None
    metadata: dict[str, str] | Literal[""] | None = None
    capabilities: dict[str, Inner] | None = None
    text: str | None = None
    unsettable: str | UnsetType = UNSET
    also_unsettable: str | Literal[""] | None = None
    fee: int | Literal[""] | None = None
    delay: int | Literal["minimum"] | None = None
    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    short: Annotated[str, Meta(max_length=3)] | None = None
    share: float | Literal[""] | None = None
    source: str | Bank | Card | None = None
    renamed: str | None = msgspec.field(default=None, name="from")


decode = params_decoder(Params)


def decoded(text: str) -> Params:
    return decode(parse(f"amount=1&{text}"))


def refusal(text: str) -> InvalidParameters:
    with pytest.raises(InvalidParameters) as caught:
        decode(parse(text))
    return caught.value


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("0", 0), ("-5", -5), ("007", 7), (str(2**63 - 1), 2**63 - 1)],
)
def test_an_integer_is_digits(text, number):
    assert decode(parse(f"amount={text}")).amount == number


@pytest.mark.parametrize(
    "text",
    [
        *("1.5", "1.0", "1e3", "1E3", "%2B5", "+5", "5+", "%0912", "12%0A", "1_000", "1,000"),
        *("0x10", "True", "true", "null", "None", "nan", "abc", "--1", "-", "１２", "٣", "½"),
        *(str(2**63), "9" * 19, "9" * 25, "9" * 5000, f"-{2**63}"),
    ],
)
def test_whatever_else_is_no_integer(text):
    error = refusal(f"amount={text}")

    assert (error.code, error.param) == ("parameter_invalid_integer", "amount")
    assert error.message.startswith("Invalid integer: ")
    assert len(error.message) < 130


@pytest.mark.parametrize(("text", "value"), [("true", True), ("false", False)])
def test_a_boolean_is_one_of_two_words(text, value):
    assert decoded(f"flag={text}").flag is value


@pytest.mark.parametrize("text", ["True", "TRUE", "1", "0", "yes", "null", "on", "t"])
def test_whatever_else_is_no_boolean(text):
    error = refusal(f"amount=1&flag={text}")

    assert (error.code, error.param) == (None, "flag")
    assert error.message == f"Invalid boolean: {text}. flag is either true or false."


@pytest.mark.parametrize("text", ["null", "None", "nil", "undefined"])
def test_a_word_for_nothing_is_a_word(text):
    assert decoded(f"text={text}").text == text


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("kind=b", "kind", "b"),
        ("inner[name]=Ada", "inner", Inner("Ada")),
        ("inner_or_none=", "inner_or_none", ""),
        ("items[1][name]=b&items[0][name]=a", "items", [Inner("a"), Inner("b")]),
        ("numbers[]=1&numbers[]=2", "numbers", [1, 2]),
        ("metadata[6735]=x&metadata[a]=", "metadata", {"6735": "x", "a": ""}),
        ("metadata[0]=x", "metadata", {"0": "x"}),
        ("metadata=", "metadata", ""),
        ("capabilities[x][name]=n", "capabilities", {"x": Inner("n")}),
        ("unsettable=", "unsettable", ""),
        ("also_unsettable=", "also_unsettable", ""),
        ("fee=", "fee", ""),
        ("fee=12", "fee", 12),
        ("delay=minimum", "delay", "minimum"),
        ("delay=3", "delay", 3),
        ("limit=100", "limit", 100),
        ("short=abc", "short", "abc"),
        ("share=12.5", "share", 12.5),
        ("source=tok_visa", "source", "tok_visa"),
        ("source[object]=card&source[exp_month]=5", "source", Card(5)),
        ("source[exp_month]=5&source[object]=card", "source", Card(5)),
        ("source[object]=bank_account&source[number]=1", "source", Bank("1")),
        ("from=here", "renamed", "here"),
    ],
)
def test_what_fits_is_taken(text, field, value):
    assert getattr(decoded(text), field) == value


def test_what_is_not_sent_keeps_its_default():
    assert decode({"amount": "5"}) == Params(amount=5)
    assert decode({"amount": "5"}).unsettable is UNSET


@pytest.mark.parametrize(
    ("text", "code", "param", "message"),
    [
        ("", "parameter_missing", "amount", "Missing required param: amount."),
        ("foo=1&amount=1", "parameter_unknown", "foo", "Received unknown parameter: foo"),
        ("amount=1&foo[bar]=1", "parameter_unknown", "foo", "Received unknown parameter: foo"),
        (
            "amount=1&inner[name]=a&inner[bar][baz]=1",
            "parameter_unknown",
            "inner[bar]",
            "Received unknown parameter: inner[bar]",
        ),
        (
            "amount=1&inner[line2]=x",
            "parameter_missing",
            "inner[name]",
            "Missing required param: inner[name].",
        ),
        (
            "amount=1&items[0][name]=a&items[1][line2]=b",
            "parameter_missing",
            "items[1][name]",
            "Missing required param: items[1][name].",
        ),
        (
            "amount=1&capabilities[x][y]=1",
            "parameter_unknown",
            "capabilities[x][y]",
            "Received unknown parameter: capabilities[x][y]",
        ),
        ("amount=1&kind=z", None, "kind", "Invalid kind: must be one of a, b or c"),
        ("amount=1&limit=0", "parameter_invalid_integer", "limit", "greater than or equal to 1"),
        ("amount=1&limit=101", "parameter_invalid_integer", "limit", "less than or equal to 100"),
        ("amount=1&delay=soon", "parameter_invalid_integer", "delay", "Invalid integer: soon"),
        ("amount=1&short=abcd", None, "short", "at most 3"),
        ("amount=1&share=1e3", None, "share", "Invalid decimal"),
        ("amount=1&few[]=a&few[]=b&few[]=c", None, "few", "at most 2"),
        ("amount=1&numbers[]=x", "parameter_invalid_integer", "numbers[0]", "Invalid integer: x"),
        ("amount=1&inner=x", None, "inner", "Invalid object: inner is a hash"),
        ("amount=1&inner[]=x", None, "inner", "Invalid object"),
        ("amount=1&metadata=x", None, "metadata", "Invalid object"),
        ("amount=1&metadata[]=x", None, "metadata", "Invalid object"),
        ("amount=1&metadata[a][b]=x", None, "metadata[a]", "takes one value"),
        ("amount=1&items=x", None, "items", "Invalid array"),
        ("amount=1&items[a]=x", None, "items", "Invalid array"),
        ("amount=1&items[]=x", None, "items[0]", "Invalid object"),
        ("amount=1&text[a]=x", None, "text", "Invalid string"),
        ("amount[a]=1", "parameter_invalid_integer", "amount", "takes one number"),
        ("amount=1&source[exp_month]=5", "parameter_missing", "source[object]", "bank_account or"),
        ("amount=1&source[object]=cash", None, "source[object]", "one of bank_account or card"),
        ("amount=1&source[object][x]=1", None, "source[object]", "one of bank_account or card"),
        ("amount=1&renamed=x", "parameter_unknown", "renamed", "unknown"),
    ],
)
def test_what_does_not_fit_is_refused_by_its_name(text, code, param, message):
    error = refusal(text)

    assert (error.code, error.param) == (code, param)
    assert message in error.message


@pytest.mark.parametrize(
    "name", ["amount", "flag", "kind", "inner", "items", "numbers", "text", "delay", "source"]
)
def test_empty_is_no_value_where_nothing_can_be_unset(name):
    error = refusal(f"{name}=" if name == "amount" else f"amount=1&{name}=")

    assert (error.code, error.param) == ("parameter_invalid_empty", name)
    assert "leave it out" in error.message


def test_an_endpoint_without_parameters_takes_none():
    nothing_expected({})
    with pytest.raises(InvalidParameters, match="unknown parameter: foo"):
        nothing_expected({"foo": "1"})
