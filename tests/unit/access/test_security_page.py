"""docs/operate/security.md answers each requirement once, names tests that exist, and what it says
about limits, sessions, permissions and ways in is how it is."""

from __future__ import annotations

import ast
import math
import re
from functools import cache
from pathlib import Path

import pytest

import counterfoil
from counterfoil.access import factors, sessions
from counterfoil.access.guard import ROLES
from counterfoil.access.policy import Lifetimes

SOURCE = Path(counterfoil.__file__).parent
ROOT = SOURCE.parent.parent
OPERATE = ROOT / "docs" / "operate"
PAGE = (OPERATE / "security.md").read_text()
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| (\d) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[^`]+\.py)::(\w+)`")

# ASVS 5.0.0, chapters V6, V7 and V8: section, and the level of each of its requirements in order.
SECTIONS = {
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "11223333",
    "6.4": "112233",
    "6.5": "22222333",
    "6.6": "2223",
    "6.7": "33",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "223",
    "7.6": "22",
    "8.1": "1233",
    "8.2": "1123",
    "8.3": "133",
    "8.4": "23",
}
ASKED = [
    (f"{section}.{number}", level)
    for section, levels in SECTIONS.items()
    for number, level in enumerate(levels, start=1)
    if level in "12"
]
ANSWERS = {number: answer for number, _level, _asked, answer in _ROW.findall(PAGE)}


def test_every_requirement_of_the_first_two_levels_is_there_once():
    assert [(number, level) for number, level, _asked, _answer in _ROW.findall(PAGE)] == ASKED


@cache
def names_in(path: str) -> set[str]:
    file = ROOT / path
    if not file.exists():
        return set()
    tree = ast.parse(file.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("number", ANSWERS)
def test_an_answer_is_a_test_that_exists_or_a_reason(number):
    answer = ANSWERS[number]
    named = _TEST.findall(answer)
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []
    assert answer.count("::") == len(named), "a test is written `path::name`"
    if not named:
        words = re.sub(r"\[[^]]*\]\([^)]*\)", "", answer)
        points_on = re.search(r"\((\d+\.\d+\.\d+)\)", answer)
        assert len(words.split()) >= 3 or points_on, "no test and no reason"
        assert points_on is None or points_on[1] in ANSWERS


def test_every_test_that_the_page_names_exists():
    named = _TEST.findall(PAGE)
    assert len(named) == PAGE.count(".py::") > 80
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


# ---- What the page says, held to what is ----


def calls_of(function: str) -> set[str]:
    """The modules of ours, below `counterfoil/`, that call a function."""
    return {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == function
    }


def test_every_way_in_is_written_down():
    table = PAGE.partition("## Ways in")[2].partition("## ")[0]
    callers = calls_of("start_session") | calls_of("start_operator_session")
    assert callers == set(re.findall(r"`([\w/]+\.py)` \|", table))


def test_the_limits_are_written_down_as_they_are():
    page, usual = (OPERATE / "signing-in.md").read_text(), Lifetimes()
    limits = page.partition("## Limits")[2].partition("## ")[0]
    assert f"at most {usual.sends} codes" in limits
    assert f"{usual.sends_prefix} to one range of numbers" in limits
    assert f"A code takes {usual.tries} guesses" in limits
    assert usual.send_window == 30 * 60, "half an hour"
    assert f"Codes take {usual.tries} guesses, factors {factors.TRIES} in half an hour" in PAGE


def test_how_long_sessions_live_is_written_down():
    usual = Lifetimes()
    text = PAGE.partition("## Sessions")[2].partition("## ")[0]
    assert f"without use ({usual.session_idle // 3600} hours)" in text
    assert f"({usual.session_ends // 86_400} days) in any case" in " ".join(text.split())
    assert f"`COUNTERFOIL_FRESH_MINUTES` ({usual.fresh // 60})" in text
    operators = f"{usual.operator_idle // 3600} hours without use and after"
    assert f"{operators} {usual.operator_ends // 3600} in any case" in " ".join(text.split())


def test_every_permission_is_written_down():
    table = PAGE.partition("## Who may do what")[2].partition("## ")[0]
    assert set(re.findall(r"^\| `([\w:]+)` \|", table, re.MULTILINE)) == set(ROLES["owner"])
    assert set(ROLES) == {"owner"}


def test_there_are_no_passwords():
    """Nothing asks for one, and no table could hold one, nor an answer to a question."""
    templates = [*SOURCE.rglob("*.html")]
    assert len(templates) > 50
    asking = [path.name for path in templates if 'type="password"' in path.read_text()]
    kept = re.compile(r"^\s+\w*(password|secret_question|hint)\w* = models\.", re.MULTILINE)
    assert asking == []
    assert [path for path in SOURCE.rglob("models.py") if kept.search(path.read_text())] == []


def test_no_secret_comes_from_a_generator_that_can_be_foreseen():
    """`kit/ids.py` takes one for the simulator's worlds, and only when it is given."""
    rooms = [SOURCE / name for name in ("access", "messaging", "platforms", "webhooks")]
    using = [
        path.name
        for room in rooms
        for path in room.rglob("*.py")
        if re.search(r"^\s*(import|from) random\b", path.read_text(), re.MULTILINE)
    ]
    assert using == []


def test_recovery_codes_are_too_many_to_find_from_a_hash():
    code = factors._recovery_code()
    assert set(code) <= set(factors._LETTERS)
    assert len(code) * math.log2(len(set(factors._LETTERS))) >= 112


def test_tokens_of_sessions_have_256_bits(world):
    seller = world.seller()
    tokens = {
        sessions.start_session(
            account_id=seller.id,
            platform_id=seller.platform_id,
            livemode=False,
            redirect_url=None,
            ip=None,
            user_agent=None,
            now_wall=world.wall.now,
        )
        for _ in range(20)
    }

    assert len(tokens) == 20
    assert {len(token) for token in tokens} == {43}, "32 bytes in base64"
