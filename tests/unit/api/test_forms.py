"""Bracketed forms and nested values, both ways with the official SDK."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counterfoil.api.errors import InvalidParameters
from counterfoil.api.forms import MOST_FIELDS, as_list, parse
from tests.unit.api.caller import encoded


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("", {}),
        ("a=1", {"a": "1"}),
        ("a=1&b=2", {"a": "1", "b": "2"}),
        ("a=1&&b=2&", {"a": "1", "b": "2"}),
        ("a[b]=1&a[c]=2", {"a": {"b": "1", "c": "2"}}),
        ("a[b][c][d]=1", {"a": {"b": {"c": {"d": "1"}}}}),
        ("a%5Bb%5D=1", {"a": {"b": "1"}}),
        ("expand[]=x&expand[]=y", {"expand": ["x", "y"]}),
        ("a[b][]=1", {"a": {"b": ["1"]}}),
        ("items[0][a]=1&items[1][a]=2", {"items": {"0": {"a": "1"}, "1": {"a": "2"}}}),
        ("metadata=", {"metadata": ""}),
        ("metadata[k]=", {"metadata": {"k": ""}}),
        ("a", {"a": ""}),
        ("a=b=c", {"a": "b=c"}),
        ("a=1+2%2B3", {"a": "1 2+3"}),
        ("name=J%C3%BCrgen", {"name": "Jürgen"}),
        ("name=Jürgen", {"name": "Jürgen"}),
        ("a=100%", {"a": "100%"}),
    ],
)
def test_a_form_becomes_nested_values(text, form):
    assert parse(text) == form


def test_of_two_values_the_last_counts():
    assert parse("a=1&a=2") == {"a": "2"}
    assert parse("a[b]=1&a[b]=2") == {"a": {"b": "2"}}


@pytest.mark.parametrize(
    "name", ["a[b", "a]b", "a[]x", "a[b]c", "[a]", "[]", "]", "a[[b]]", "a[b]]", "a[b[c]]"]
)
def test_brackets_that_do_not_match_are_refused_by_name(name):
    with pytest.raises(InvalidParameters) as refusal:
        parse(f"amount=1&{name}=1")

    assert (refusal.value.code, refusal.value.param) == ("parameter_unknown", name)
    assert "close every bracket" in refusal.value.message


@pytest.mark.parametrize(
    ("text", "param"),
    [
        ("a=1&a[b]=2", "a[b]"),
        ("a[b]=2&a=1", "a"),
        ("a[]=1&a[b]=2", "a[b]"),
        ("a[b]=2&a[]=1", "a[]"),
        ("a[b]=1&a[b][c]=2", "a[b][c]"),
        ("a[b][c]=2&a[b]=1", "a[b]"),
        ("a[]=1&a=1", "a"),
    ],
)
def test_one_name_has_one_shape(text, param):
    with pytest.raises(InvalidParameters, match="two shapes") as refusal:
        parse(text)

    assert refusal.value.param == param


def test_elements_that_are_hashes_must_be_numbered():
    with pytest.raises(InvalidParameters, match=r"items\[0\]"):
        parse("items[][a]=1")


@pytest.mark.parametrize("text", ["a=%FF", "%FF=a", "a=%ED%A0%80", "a=%C3"])
def test_what_is_not_utf_8_is_refused(text):
    with pytest.raises(InvalidParameters, match="UTF-8"):
        parse(text)


@pytest.mark.parametrize("text", ["a=%00", "a=x\x00", "%00=a", "a[%00]=1"])
def test_nul_never_reaches_a_database(text):
    with pytest.raises(InvalidParameters, match="NUL"):
        parse(text)


def test_levels_and_fields_are_limited():
    parse("a" + "[b]" * 9 + "=1")
    parse("&".join(f"a{n}=1" for n in range(MOST_FIELDS)))
    with pytest.raises(InvalidParameters, match="10 levels"):
        parse("a" + "[b]" * 10 + "=1")
    with pytest.raises(InvalidParameters, match="1000 parameters"):
        parse("&".join(f"a{n}=1" for n in range(MOST_FIELDS + 1)))


def test_a_numbered_list_is_read_in_order_of_its_numbers():
    form = parse("expand[10]=c&expand[2]=b&expand[0]=a")

    assert as_list(form["expand"]) == ["a", "b", "c"]
    assert as_list({"0": "a", "x": "b"}) is None
    assert as_list({"١": "a"}) is None
    assert as_list("a") is None


# What an SDK may be given: names without brackets, values that are texts, numbers, truths.
names = st.text(st.characters(exclude_characters="[]\x00", exclude_categories=["Cs"]), min_size=1)
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
leaves = texts | st.integers() | st.booleans()
nested = st.recursive(
    leaves,
    lambda inner: (
        st.dictionaries(names, inner, min_size=1, max_size=4)
        | st.lists(inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


def as_texts(value: Any, *, in_list: bool = False) -> Any:
    """What the SDK's encoding keeps of a value: every leaf a text, lists numbered hashes."""
    if isinstance(value, dict):
        return {name: as_texts(inner) for name, inner in value.items()}
    if isinstance(value, list):
        # The SDK sends a list inside a list as a hash.
        return {str(n): as_texts(one, in_list=not in_list) for n, one in enumerate(value)}
    if isinstance(value, bool) and not in_list:
        return str(value).lower()  # but "True" as an element of a list
    return str(value)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()))
    if isinstance(value, list):
        return 1 + max(map(depth, value))
    return 0


@given(st.dictionaries(names, nested.filter(lambda value: depth(value) < 9), max_size=5))
def test_whatever_the_official_sdk_encodes_comes_back(params):
    assert parse(encoded(params)) == as_texts(params)
