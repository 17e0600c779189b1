"""`check` shares no code with what it judges: nothing it imports writes, hashes or decides."""

from __future__ import annotations

import ast
from pathlib import Path

import counterfoil

SOURCE = Path(counterfoil.__file__).parent
JUDGES = ("*/check.py", "*/check/*.py")  # of every package, those to come too
# By the name of the room; and whatever of the ledger is not the check itself.
JUDGED = {"operations", "policy", "queries", "canonical", "volumes", "sealing", "drafts", "models"}


def module_of(path: Path) -> str:
    parts = ("counterfoil", *path.relative_to(SOURCE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path): path for path in SOURCE.rglob("*.py")}


def imported_by(module: str) -> set[str]:
    """Modules of ours that a module imports, wherever in its text it does so."""
    names = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: imports are absolute"
            assert node.module is not None
            names.add(node.module)
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names & MODULES.keys()


def reached_from(modules: set[str]) -> set[str]:
    reached: set[str] = set()
    waiting = set(modules)
    while waiting:
        module = waiting.pop()
        reached.add(module)
        waiting |= (imported_by(module) | packages_around(module)) - reached
    return reached


def packages_around(module: str) -> set[str]:
    """The packages that Python imports before it imports a module."""
    parts = module.split(".")
    return {".".join(parts[:length]) for length in range(1, len(parts))}


def judges() -> set[str]:
    found = {module_of(path) for pattern in JUDGES for path in SOURCE.glob(pattern)}
    assert {"counterfoil.ledger.check.digests", "counterfoil.payments.check"} <= found
    return found


def test_the_judges_reach_nothing_that_they_judge():
    reached = reached_from(judges())

    assert {name for name in reached if name.rpartition(".")[2] in JUDGED} == set()


def test_the_judges_reach_only_themselves_and_the_kit():
    packages = {package for module in judges() for package in packages_around(module)}
    beside = reached_from(judges()) - judges() - packages

    assert {name for name in beside if not name.startswith("counterfoil.kit")} == set()


def test_the_inspection_sees_an_import_that_is_there():
    assert "counterfoil.ledger.canonical" in reached_from({"counterfoil.ledger.operations"})
