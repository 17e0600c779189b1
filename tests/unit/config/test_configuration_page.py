"""docs/operate/configuration.md names every environment variable and its default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from counterfoil.access.policy import Lifetimes
from counterfoil.config.environment import read_environment

ROWS = {
    cells[1].strip(" `"): cells[2].strip(" `")
    for line in Path("docs/operate/configuration.md").read_text().splitlines()
    if (cells := line.split("|")) and line.startswith("| `COUNTERFOIL_")
}
CODE = "\n".join(path.read_text() for path in Path("src").rglob("*.py"))
# Those of tests are not an operator's: CONTRIBUTING.md and `kit/failpoints.py` tell of them.
READ = set(re.findall(r"COUNTERFOIL_(?!TEST_)[A-Z_]*[A-Z]", CODE))


def test_every_variable_that_the_code_reads_is_on_the_page_and_no_other():
    assert ROWS.keys() == READ


@pytest.mark.parametrize(
    ("variable", "value", "seconds_or_count"),
    [
        ("COUNTERFOIL_LINK_MINUTES", "15", {"link": 900}),
        ("COUNTERFOIL_CODE_MINUTES", "3", {"code": 180}),
        ("COUNTERFOIL_CODE_TRIES", "3", {"tries": 3}),
        ("COUNTERFOIL_IDLE_MINUTES", "30", {"session_idle": 1800}),
        ("COUNTERFOIL_FRESH_MINUTES", "3", {"fresh": 180}),
        ("COUNTERFOIL_SESSION_DAYS", "1", {"session_ends": 86_400}),
    ],
)
def test_the_life_of_links_codes_and_sessions_is_set(
    monkeypatch, variable, value, seconds_or_count
):
    monkeypatch.setenv(variable, value)

    assert read_environment().lifetimes == Lifetimes(**seconds_or_count)


@pytest.mark.parametrize("variable", [name for name, usual in ROWS.items() if usual.isdigit()])
def test_the_page_tells_the_default(monkeypatch, variable):
    usual = read_environment()
    monkeypatch.setenv(variable, ROWS[variable])

    assert read_environment() == usual


@pytest.mark.parametrize("variable", [name for name, usual in ROWS.items() if usual.isdigit()])
@pytest.mark.parametrize("value", ["-1", "1.5", "ten", "999999", "٣"])
def test_a_number_that_cannot_work_stops_the_start(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    with pytest.raises(ValueError, match=f"{variable} is a whole number from"):
        read_environment()


def test_encryption_keys_are_several_and_none_is_short(monkeypatch):
    monkeypatch.setenv("COUNTERFOIL_ENCRYPTION_KEYS", f" {'new' * 16}  {'old' * 16} ")
    assert read_environment().encryption_keys == ("new" * 16, "old" * 16)

    monkeypatch.setenv("COUNTERFOIL_ENCRYPTION_KEYS", f"{'new' * 16} short")
    with pytest.raises(ValueError, match="at least 32 characters"):
        read_environment()
