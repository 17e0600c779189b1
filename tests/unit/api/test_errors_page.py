"""docs/integrate/errors.md names every code that a request may be refused with, and no other."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SOURCE = Path("src/counterfoil")
# Whose refusals reach a request of the API.
PACKAGES = "api accounts disputes files kit payments payouts platforms webhooks".split()
REFUSALS = {
    "InvalidRequest",
    "InvalidParameters",
    "Forbidden",
    "Declined",
    "Busy",
    "Conflict",
    "BalanceInsufficient",
    "ResourceMissing",
    "Refused",
}


def codes_in_the_source() -> set[str]:
    found: set[str] = set()
    for package in PACKAGES:
        for path in (SOURCE / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    found |= _codes_of_a_call(node)
                elif isinstance(node, ast.ClassDef) and _is_refusal(node):
                    found |= _codes_of_a_class(node)
    return found


def _codes_of_a_call(call: ast.Call) -> set[str]:
    if ast.unparse(call.func) not in REFUSALS:
        return set()
    values = [one.value for one in call.keywords if one.arg == "code"]
    return {text for value in values for text in _texts(value)}


def _is_refusal(node: ast.ClassDef) -> bool:
    return any(ast.unparse(base) in REFUSALS for base in node.bases)


def _codes_of_a_class(node: ast.ClassDef) -> set[str]:
    return {
        text
        for one in node.body
        if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == "code"
        for text in _texts(one.value)
    }


def _texts(value: ast.expr) -> list[str]:
    constants = (one.value for one in ast.walk(value) if isinstance(one, ast.Constant))
    return [text for text in constants if isinstance(text, str)]


def test_the_page_names_every_code_and_no_other():
    rows = re.findall(r"^\| (`[^|]*)\|", Path("docs/integrate/errors.md").read_text(), re.M)
    named = [code for row in rows for code in re.findall(r"`([a-z_]+)`", row) if code != "code"]

    assert len(named) == len(set(named))
    assert set(named) == codes_in_the_source()
    assert len(named) > 50
