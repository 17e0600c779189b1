"""Nested texts to typed parameters, refusing what does not fit in Stripe's words (§1.10).

The struct's types are read once, when an endpoint is declared, and become nested functions;
a request then only calls them. msgspec's own lax conversion is not used: it takes `1e3` and
`1.0` for integers, `null` for nothing and `True` for true, which Stripe refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
from msgspec import inspect

from counterfoil.api import parameter_errors as wrong
from counterfoil.api.forms import Form, Upload, as_list
from counterfoil.api.parameter_errors import path_of

Decode = Callable[[Form], Any]
# A value, the path of the hash that holds it ("" at the top), and its key there.
_Read = Callable[[Any, str, str], Any]
# The same for a text that is not empty.
_Text = Callable[[str, str, str], Any]

_INTEGER: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)
_DECIMAL: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
_MOST: Final = 2**63 - 1  # what a column holds


def params_decoder(kind: type[msgspec.Struct]) -> Decode:
    """How forms become `kind`. What it returns raises InvalidParameters, naming the parameter."""
    described = inspect.type_info(kind)
    assert isinstance(described, inspect.StructType)
    read = _struct_reader(described)
    return lambda form: read(form, "", "")


def nothing_expected(form: Form) -> None:
    """For endpoints without parameters: any is one too many."""
    for name in form:
        raise wrong.unknown("", name)


def _reader(described: inspect.Type, *, unsettable: bool) -> _Read:
    """`unsettable`: the field's default is UNSET, so an empty text has a meaning of its own."""
    members = list(described.types) if isinstance(described, inspect.UnionType) else [described]
    members = [one for one in members if not isinstance(one, inspect.NoneType)]
    texts: list[_Text] = []
    hashes: list[inspect.StructType] = []
    hash_reader: _Read | None = None
    list_reader: _Read | None = None
    takes_upload = False
    literals = [one for one in members if isinstance(one, inspect.LiteralType)]
    words = frozenset(str(value) for one in literals for value in one.values)
    for one in members:
        if isinstance(one, inspect.StructType):
            hashes.append(one)
        elif isinstance(one, inspect.DictType):
            hash_reader = _dict_reader(one)
        elif isinstance(one, inspect.ListType):
            list_reader = _list_reader(one)
        elif isinstance(one, inspect.CustomType) and one.cls is Upload:
            takes_upload = True
        elif not isinstance(one, inspect.LiteralType):
            texts.append(_text_reader(one))
    if takes_upload:
        assert len(members) == 1, "a file is nothing else"
        return _read_upload
    if hashes:
        hash_reader = _struct_reader(hashes[0]) if len(hashes) == 1 else _tagged_reader(hashes)
    assert len(texts) <= 1, "two kinds of text in one type: which one is meant?"
    takes_any_text = any(isinstance(one, inspect.StrType) for one in members)
    empty_allowed = "" in words or (unsettable and takes_any_text)
    return _value_reader(
        words,
        texts[0] if texts else None,
        empty_allowed=empty_allowed,
        integer=any(isinstance(one, inspect.IntType) for one in members),
        hash_reader=hash_reader,
        list_reader=list_reader,
    )


def _value_reader(
    words: frozenset[str],
    from_text: _Text | None,
    *,
    empty_allowed: bool,
    integer: bool,
    hash_reader: _Read | None,
    list_reader: _Read | None,
) -> _Read:
    def read(value: Any, at: str, key: str) -> Any:
        if isinstance(value, str):
            if value == "":
                if empty_allowed:
                    return ""
                raise wrong.empty(at, key)
            if value in words:
                return value
            if from_text is not None:
                return from_text(value, at, key)
            if words - {""}:
                raise wrong.not_one_of(words, at, key)
        elif list_reader is not None and (items := as_list(value)) is not None:
            return list_reader(items, at, key)
        elif hash_reader is not None and isinstance(value, dict):
            return hash_reader(value, at, key)
        if hash_reader is not None:
            raise wrong.not_a_hash(at, key)
        if list_reader is not None:
            raise wrong.not_an_array(at, key)
        raise wrong.not_one_value(at, key, integer=integer)

    return read


def _struct_reader(described: inspect.StructType) -> _Read:
    kind = described.cls
    fields: dict[str, tuple[str, _Read]] = {}
    required: list[tuple[str, str]] = []
    for field in described.fields:
        nothing = inspect.NODEFAULT
        unsettable = (
            not field.required and field.default is nothing and field.default_factory is nothing
        )
        fields[field.encode_name] = (field.name, _reader(field.type, unsettable=unsettable))
        if field.required:
            required.append((field.encode_name, field.name))
    tag_field = described.tag_field

    def read(value: Any, at: str, key: str) -> Any:
        here = path_of(at, key)
        given: dict[str, Any] = {}
        for name, inner in value.items():
            found = fields.get(name)
            if found is not None:
                given[found[0]] = found[1](inner, here, name)
            elif name != tag_field:  # which chose this struct already
                raise wrong.unknown(here, name)
        for wire_name, name in required:
            if name not in given:
                raise wrong.missing(here, wire_name)
        return kind(**given)

    return read


def _tagged_reader(described: Sequence[inspect.StructType]) -> _Read:
    """One of several hashes, told apart by a field such as `object`."""
    tag_field = described[0].tag_field
    assert tag_field is not None
    readers = {str(one.tag): _struct_reader(one) for one in described}

    def read(value: Any, at: str, key: str) -> Any:
        here = path_of(at, key)
        tag = value.get(tag_field)
        if tag is None:
            raise wrong.missing(here, tag_field, words=readers)
        if not isinstance(tag, str) or tag not in readers:
            raise wrong.not_one_of(readers, here, tag_field)
        return readers[tag](value, at, key)

    return read


def _dict_reader(described: inspect.DictType) -> _Read:
    # A value inside a free hash may be empty: metadata[k]= removes the key.
    inner = _reader(described.value_type, unsettable=True)

    def read(value: Any, at: str, key: str) -> Any:
        here = path_of(at, key)
        return {name: inner(item, here, name) for name, item in value.items()}

    return read


def _list_reader(described: inspect.ListType) -> _Read:
    inner = _reader(described.item_type, unsettable=False)
    most = described.max_length

    def read(items: Any, at: str, key: str) -> Any:
        here = path_of(at, key)
        if most is not None and len(items) > most:
            raise wrong.too_many(most, here)
        return [inner(item, here, str(index)) for index, item in enumerate(items)]

    return read


def _text_reader(described: inspect.Type) -> _Text:
    if isinstance(described, inspect.StrType):
        assert described.min_length is None
        assert described.pattern is None
        return _string_reader(described.max_length)
    if isinstance(described, inspect.IntType):
        assert described.gt is described.lt is described.multiple_of is None
        return _integer_reader(described.ge, described.le)
    if isinstance(described, inspect.BoolType):
        return _read_boolean
    if isinstance(described, inspect.FloatType):
        return _read_decimal
    raise AssertionError(f"parameters cannot be {described}")


def _string_reader(most: int | None) -> _Text:
    def read(text: str, at: str, key: str) -> str:
        if most is not None and len(text) > most:
            raise wrong.too_long(len(text), most, at, key)
        return text

    return read


def _integer_reader(least: int | None, most: int | None) -> _Text:
    def read(text: str, at: str, key: str) -> int:
        if not _INTEGER.fullmatch(text) or abs(number := int(text)) > _MOST:
            raise wrong.not_an_integer(text, at, key)
        if least is not None and number < least:
            raise wrong.too_small(least, at, key)
        if most is not None and number > most:
            raise wrong.too_big(most, at, key)
        return number

    return read


def _read_upload(value: Any, at: str, key: str) -> Upload:
    if not isinstance(value, Upload):
        raise wrong.not_a_file(at, key)
    return value


def _read_boolean(text: str, at: str, key: str) -> bool:
    if text == "true":
        return True
    if text == "false":
        return False
    raise wrong.not_a_boolean(text, at, key)


def _read_decimal(text: str, at: str, key: str) -> float:
    if not _DECIMAL.fullmatch(text):
        raise wrong.not_a_decimal(text, at, key)
    return float(text)
