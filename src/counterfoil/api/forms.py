"""Bracketed forms to nested values (reference §1.2): `a[b][c]=x`, `expand[]=x`, `items[0][a]=1`.

A hash becomes a dict, `name[]` a list, every value a text. Numbers in brackets stay keys here,
because only the parameter's type knows whether `x[0]` is the first of a list or a key called 0:
`as_list` reads such a dict as a list. Of two values for one name the last counts, as with
Stripe; `name=` is an empty text, which is how SDKs send an empty hash.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Final
from urllib.parse import unquote

from counterfoil.api.errors import InvalidParameters

Form = dict[str, Any]


class Upload:
    """A file in a form: the name its sender gave it, and its bytes."""

    __slots__ = ("content", "filename")

    def __init__(self, filename: str | None, content: bytes) -> None:
        self.filename = filename
        self.content = content

    def digest(self) -> str:
        """What tells one upload from another."""
        return f"{self.filename} {hashlib.sha256(self.content).hexdigest()}"


MOST_FIELDS: Final = 1000
MOST_LEVELS: Final = 10
_NESTED: Final = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])+)")


def parse(text: str) -> Form:
    """The form as nested values.

    Raises InvalidParameters, naming the parameter, for brackets that do not match, for a name
    that is both a value and a hash, for more than 1000 fields or 10 levels, and for text that
    is not UTF-8 or holds a NUL.
    """
    if text.count("&") >= MOST_FIELDS:
        raise InvalidParameters(f"Send at most {MOST_FIELDS} parameters in one request.")
    form: Form = {}
    for field in text.split("&"):
        if not field:
            continue
        raw_name, _, raw_value = field.partition("=")
        name = _decoded(raw_name, raw_name)
        value = _decoded(raw_value, name)
        if "[" in name or "]" in name or not name:
            _put_nested(form, name, value)
        elif isinstance(form.get(name, ""), str):
            form[name] = value
        else:
            raise _mixed(name)
    return form


def as_list(value: Any) -> list[Any] | None:
    """A list, also when its elements were numbered; None for anything else."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and all(_is_index(key) for key in value):
        return [value[key] for key in sorted(value, key=int)]
    return None


def _put_nested(form: Form, name: str, value: str) -> None:
    match = _NESTED.fullmatch(name)
    if match is None:
        raise InvalidParameters(
            f"Received unknown parameter: {name}. Write nested names as parent[child], and close"
            " every bracket.",
            param=name,
            code="parameter_unknown",
        )
    keys = match[2][1:-1].split("][")
    if len(keys) >= MOST_LEVELS:
        raise InvalidParameters(f"Nest parameters at most {MOST_LEVELS} levels deep.", param=name)
    holder: Any = form
    place = match[1]
    for key in keys[:-1]:
        if not key:
            raise InvalidParameters(
                f"Number the elements of an array of hashes, as in {match[1]}[0][…].", param=name
            )
        holder = _descend(holder, place, {}, name)
        place = key
    if keys[-1]:
        holder = _descend(holder, place, {}, name)
        if not isinstance(holder.get(keys[-1], ""), str):
            raise _mixed(name)
        holder[keys[-1]] = value
    else:
        _descend(holder, place, [], name).append(value)


def _descend(holder: Form, place: str, empty: Any, name: str) -> Any:
    inner = holder.setdefault(place, empty)
    if type(inner) is not type(empty):
        raise _mixed(name)
    return inner


def _mixed(name: str) -> InvalidParameters:
    outer = name.partition("[")[0]
    return InvalidParameters(
        f"Invalid object: {outer} is sent in two shapes. Send it either as one value, or as a"
        " hash, or as an array.",
        param=name,
    )


def _decoded(raw: str, name: str) -> str:
    text = raw.replace("+", " ") if "+" in raw else raw
    if "%" in text:
        try:
            text = unquote(text, errors="strict")
        except UnicodeDecodeError:
            raise InvalidParameters(
                f"{name} is not UTF-8. Send texts as UTF-8.", param=name
            ) from None
    if "\x00" in text:
        raise InvalidParameters(f"{name} holds a NUL character. Leave it out.", param=name)
    return text


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and len(key) <= 9
