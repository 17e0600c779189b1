"""Write docs/integrate/endpoints.md: every endpoint, its parameters, and what is refused.

Run it after changing an endpoint: `.venv/bin/python scripts/endpoints.py`. A test compares the
page with what this would write.
"""

from __future__ import annotations

import os
import re
import sys
import typing
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Literal

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "integrate" / "endpoints.md"
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

INTRODUCTION = """# Endpoints and parameters

What `/v1` serves. Ids in paths are written `<id>`. A parameter that is not listed as accepted is
refused with status 400, `type` `invalid_request_error`, `code` `parameter_unknown` and its name
in `param`; nothing is written. Every other path answers 404, `Unrecognized request URL`.

*Refused* names what the official SDK (Python, {version}) could send and we do not support yet,
so that nobody has to find out by trying. `expand[]` works everywhere. This page is written by
`scripts/endpoints.py`; a test holds it to the code, and sends each name once.
"""


def page() -> str:
    import stripe

    from counterfoil.api import resources  # noqa: F401 - importing declares the endpoints
    from counterfoil.api.endpoint import all_endpoints
    from tests.support.sdk_surface import operations

    sdk = operations()
    parts = [INTRODUCTION.format(version=stripe.VERSION)]
    topic = None
    order = {"GET": 1, "POST": 0, "DELETE": 2}
    for one in sorted(all_endpoints(), key=lambda one: (one.path, order[one.method])):
        head = one.path.split("/<")[0]
        if head != topic:
            topic = head
            parts.append(f"## {head.replace('_', ' ').capitalize()}\n")
        parts.append(_entry(one, sdk))
    return "\n".join(parts).rstrip() + "\n"


def _entry(one: Any, sdk: dict[tuple[str, str], frozenset[str]]) -> str:
    lines = [f"### `{one.method} /v1/{one.path}`\n"]
    accepted = dict(_flat(one.params)) if one.params else {}
    known = sdk.get((one.method, re.sub(r"<\w+>", "<id>", one.path)))
    if known is None:
        lines.append("The official SDK has no such call: it is ours, or an older path.\n")
    if accepted:
        lines += ["| Accepted | Values |", "| --- | --- |"]
        lines += [f"| `{name}` | {values} |" for name, values in accepted.items()]
    else:
        lines.append("Takes no parameters.")
    top = {name.partition("[")[0] for name in accepted}
    refused = sorted((known or frozenset()) - top - {"expand"})
    if refused:
        names = ", ".join(f"`{name}`" for name in refused)
        lines.append(f"\nRefused (400 `parameter_unknown`): {names}")
    return "\n".join(lines) + "\n"


def _flat(kind: type, prefix: str = "") -> Iterator[tuple[str, str]]:
    import msgspec

    hints = typing.get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        name = f"{prefix}[{field.encode_name}]" if prefix else field.encode_name
        yield from _named(name, hints[field.name], required=field.required)


def _named(name: str, hint: Any, *, required: bool) -> Iterator[tuple[str, str]]:
    import msgspec

    options = list(_options(hint))
    structs = [one for one in options if _is_struct(one, msgspec.Struct)]
    words = [_words(one) for one in options if one not in structs]
    words = [word for word in dict.fromkeys(words) if word]
    if words or not structs:
        yield name, " or ".join(words) + (", required" if required else "")
    for struct in structs:
        yield from _flat(struct, name)


def _options(hint: Any) -> Iterator[Any]:
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        yield from _options(typing.get_args(hint)[0])
    elif origin in (typing.Union, UnionType):
        for one in typing.get_args(hint):
            yield from _options(one)
    else:
        yield hint


def _is_struct(hint: Any, base: type) -> bool:
    return isinstance(hint, type) and issubclass(hint, base)


def _words(hint: Any) -> str:
    origin = typing.get_origin(hint)
    if origin is Literal:
        return ", ".join(
            f"`{value}`" if value else '`""` (unsets)' for value in typing.get_args(hint)
        )
    if origin is list:
        items = filter(None, map(_words, _options(typing.get_args(hint)[0])))
        return "list of " + (" or ".join(items) or "hashes")
    if origin is dict:
        return "map of texts"
    if getattr(hint, "__name__", "") == "Upload":
        return "a file (`multipart/form-data`)"
    names = {int: "integer", str: "text", bool: "`true`, `false`", dict: "hash", float: "number"}
    return names.get(hint, "")


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.support.settings")
    import django

    django.setup()
    PAGE.write_text(page())
    print(f"{PAGE.relative_to(ROOT)} is written.")


if __name__ == "__main__":
    main()
