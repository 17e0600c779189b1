"""What is wrong with a parameter, in Stripe's words and with what to do (reference §1.10)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from counterfoil.api.errors import InvalidParameters

_ECHOED: Final = 100  # characters of a wrong value that the message repeats


def path_of(at: str, key: str) -> str:
    """`a[b][c]`, as Stripe names a parameter in `param`."""
    return f"{at}[{key}]" if at else key


def unknown(at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(
        f"Received unknown parameter: {path}", param=path, code="parameter_unknown"
    )


def missing(at: str, key: str, *, words: Iterable[str] = ()) -> InvalidParameters:
    path = path_of(at, key)
    hint = f" It is {one_of(words)}." if words else ""
    return InvalidParameters(
        f"Missing required param: {path}.{hint}", param=path, code="parameter_missing"
    )


def empty(at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(
        f"{path} is empty. An empty value unsets a parameter, and {path} cannot be unset: leave"
        " it out, or send a value.",
        param=path,
        code="parameter_invalid_empty",
    )


def not_an_integer(text: str, at: str, key: str) -> InvalidParameters:
    return _integer(f"Invalid integer: {text[:_ECHOED]}", at, key)


def too_small(least: int, at: str, key: str) -> InvalidParameters:
    return _integer(f"This value must be greater than or equal to {least}.", at, key)


def too_big(most: int, at: str, key: str) -> InvalidParameters:
    return _integer(f"This value must be less than or equal to {most}.", at, key)


def not_a_boolean(text: str, at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(
        f"Invalid boolean: {text[:_ECHOED]}. {path} is either true or false.", param=path
    )


def not_a_decimal(text: str, at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(
        f"Invalid decimal: {text[:_ECHOED]}. Send {path} as digits with a point.", param=path
    )


def not_one_of(words: Iterable[str], at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(f"Invalid {path}: must be {one_of(words)}", param=path)


def too_long(length: int, most: int, at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(
        f"Invalid {path}: it has {length} characters, and at most {most} are allowed.", param=path
    )


def too_many(most: int, path: str) -> InvalidParameters:
    return InvalidParameters(f"Invalid array: {path} holds at most {most}.", param=path)


def not_a_hash(at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(
        f"Invalid object: {path} is a hash. Send its parts as {path}[…].", param=path
    )


def not_an_array(at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(
        f"Invalid array: {path} is an array. Send its elements as {path}[0], {path}[1], ….",
        param=path,
    )


def not_a_file(at: str, key: str) -> InvalidParameters:
    path = path_of(at, key)
    return InvalidParameters(
        f"Invalid file: {path} is the file itself. Send the request as multipart/form-data, with"
        f" the file's content in the part {path}.",
        param=path,
    )


def not_one_value(at: str, key: str, *, integer: bool) -> InvalidParameters:
    path = path_of(at, key)
    if integer:
        return _integer(f"Invalid integer: {path} takes one number, without brackets.", at, key)
    return InvalidParameters(
        f"Invalid string: {path} takes one value, without brackets.", param=path
    )


def one_of(words: Iterable[str]) -> str:
    """`one of a, b or c`; the empty word, which only unsets, is not named."""
    named = sorted(word for word in words if word)
    return named[0] if len(named) == 1 else f"one of {', '.join(named[:-1])} or {named[-1]}"


def _integer(message: str, at: str, key: str) -> InvalidParameters:
    return InvalidParameters(message, param=path_of(at, key), code="parameter_invalid_integer")
