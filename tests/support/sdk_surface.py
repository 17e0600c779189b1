"""What the official SDK can send: every endpoint of its services, with its parameters.

Read from the SDK's source as text, because its parameter types exist for type checkers only.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import stripe

SOURCE = Path(stripe.__file__).parent


def operations() -> dict[tuple[str, str], frozenset[str]]:
    """(method, path) → names of top-level parameters; ids in paths are `<id>`."""
    found: dict[tuple[str, str], frozenset[str]] = {}
    for file in sorted(SOURCE.glob("*_service.py")) + sorted(SOURCE.glob("**/*_service.py")):
        for method, path, params in _requests(file):
            if path.startswith("/v1/"):
                names = _fields(params) if params else frozenset()
                key = (method, path.removeprefix("/v1/"))
                found[key] = found.get(key, frozenset()) | names
    return found


def _requests(file: Path) -> Iterator[tuple[str, str, str | None]]:
    tree = ast.parse(file.read_text())
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        params = _params_class(function)
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            if name == "_request" and len(call.args) >= 2:
                yield _literal(call.args[0]).upper(), _path(call.args[1]), params


def _params_class(function: ast.FunctionDef) -> str | None:
    for argument in (*function.args.args, *function.args.kwonlyargs):
        if argument.arg == "params" and argument.annotation is not None:
            match = re.search(r"\w+Params\b", ast.unparse(argument.annotation))
            return match[0] if match else None
    return None


def _literal(node: ast.expr) -> str:
    assert isinstance(node, ast.Constant)
    return str(node.value)


def _path(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.Call)  # "…/{id}".format(…)
    assert isinstance(node.func, ast.Attribute)
    return re.sub(r"\{\w+\}", "<id>", _literal(node.func.value))


@cache
def _classes() -> dict[str, frozenset[str]]:
    """Every parameter class of the SDK and the names it declares."""
    found: dict[str, frozenset[str]] = {}
    for file in (SOURCE / "params").glob("**/*.py"):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.ClassDef):
                names = (
                    line.target.id
                    for line in node.body
                    if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
                )
                found[node.name] = frozenset(names)
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                # TypedDict("Name", {…}): used where a parameter is a reserved word.
                _typed_dict(node.value, found)
    return found


def _typed_dict(call: ast.Call, found: dict[str, frozenset[str]]) -> None:
    if len(call.args) == 2 and isinstance(call.args[1], ast.Dict):
        keys = (_literal(key) for key in call.args[1].keys if key is not None)
        found[_literal(call.args[0])] = frozenset(keys)


def _fields(name: str) -> frozenset[str]:
    fields = _classes().get(name, frozenset())
    base = _classes().get(f"_{name}Base", frozenset())
    return fields | base
