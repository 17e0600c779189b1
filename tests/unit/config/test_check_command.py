"""`counterfoil check`: what it prints, what it exits with, and the moment it looks at."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command, get_commands
from django.db import connection

from counterfoil.config.management.commands.check import every_invariant
from counterfoil.kit.db import execute, fetch_one
from counterfoil.kit.invariants import snapshot
from counterfoil.ledger.sealing import seal_all
from tests.support.books import NOW, PLATFORM, behind_the_scenes, post
from tests.support.committed import in_threads


def check(*arguments: str) -> tuple[int, str]:
    """The exit status and what was printed."""
    out = io.StringIO()
    status = 0
    try:
        call_command("check", *arguments, stdout=out)
    except SystemExit as end:
        status = end.code  # what a shell sees
    return status, out.getvalue()


def in_process(url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from counterfoil.config.cli import main; main()", *arguments],
        env={
            **os.environ,
            "COUNTERFOIL_DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": "counterfoil.config.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_check_is_ours_and_not_the_frameworks():
    assert get_commands()["check"] == "counterfoil.config"


def test_no_two_invariants_share_a_name():
    names = [invariant.name for invariant in every_invariant()]

    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_an_empty_database_is_in_order():
    status, text = check("--json")

    assert status == 0
    assert json.loads(text) == {
        "ok": True,
        "violations": [],
        "not_listed": {},
        "heads": [],
        "unsealed": 0,
        "audit_heads": [],
        "audit_unsealed": 0,
        "counts": {"entries": 0, "postings": 0, "balance_transactions": 0, "blocks": 0},
    }


@pytest.fixture
def books(db: None) -> None:
    """Entries that no seller sees, so that no payment object is missing for them."""
    post(behind_the_scenes("1"), behind_the_scenes("2"))
    post(behind_the_scenes("3"), livemode=True)
    seal_all(NOW)
    post(behind_the_scenes("4"))


def add_seven() -> None:
    """To one of the rows over which the platform's balance is spread."""
    mine = "purpose = 'losses' AND NOT livemode"
    execute(
        f"UPDATE ledger_balance SET amount = amount + 7 WHERE {mine}"
        f" AND spread = (SELECT MIN(spread) FROM ledger_balance WHERE {mine})"
    )


@pytest.mark.usefixtures("books")
def test_a_clean_check_gives_the_heads_to_keep():
    status, text = check("--json")
    report = json.loads(text)

    assert (status, report["ok"], report["violations"]) == (0, True, [])
    assert (report["unsealed"], report["counts"]["entries"]) == (1, 4)
    heads = {(one["platform"], one["livemode"]): one for one in report["heads"]}
    assert heads.keys() == {(PLATFORM, False), (PLATFORM, True)}
    for one in heads.values():
        (stored,) = fetch_one("SELECT height FROM ledger_block WHERE hash = %s", [one["hash"]])
        assert one["height"] == stored == 1


@pytest.mark.usefixtures("books")
def test_a_violation_is_reported_and_the_exit_status_is_1():
    add_seven()

    status, text = check("--json")
    report = json.loads(text)

    assert (status, report["ok"]) == (1, False)
    (violation,) = report["violations"]
    assert violation == {
        "invariant": "balance_is_sum_of_postings",
        "subject": f"{PLATFORM}/test/usd/losses",
        "detail": "Its balance is stored as 22, but its postings sum to 15.",
    }


@pytest.mark.usefixtures("books")
def test_the_text_form_says_each_promise_and_what_breaks_it():
    status, text = check()
    assert status == 0
    assert "Every invariant holds." in text
    assert all(invariant.promise in text for invariant in every_invariant())

    add_seven()
    status, text = check()
    assert status == 1
    assert "BROKEN  balance_is_sum_of_postings" in text
    assert f"{PLATFORM}/test/usd/losses: Its balance is stored as 22" in text


@pytest.mark.usefixtures("books")
def test_a_head_kept_earlier_is_compared():
    kept = [one["hash"] for one in json.loads(check("--json")[1])["heads"]]
    seal_all(NOW + 60)

    assert check("--head", kept[0], "--head", kept[1], "--json")[0] == 0
    status, text = check("--head", kept[0], "--head", "ab" * 32, "--json")
    assert status == 1
    (violation,) = json.loads(text)["violations"]
    assert (violation["invariant"], violation["subject"]) == ("earlier_heads", "ab" * 32)


@pytest.mark.django_db
@pytest.mark.parametrize("head", ["", "abc", "AB" * 32, "zz" * 32])
def test_what_cannot_be_a_head_is_refused(head):
    with pytest.raises(CommandError, match="64 hexadecimal digits") as refusal:
        call_command("check", "--head", head)

    assert refusal.value.returncode == 2


def test_as_a_process_it_answers_in_json_and_by_its_exit_status(committed_database):
    post(behind_the_scenes("1"))
    intact = in_process(committed_database, "check", "--json")
    assert (intact.returncode, intact.stderr) == (0, "")
    assert json.loads(intact.stdout)["counts"]["entries"] == 1

    add_seven()
    broken = in_process(committed_database, "check", "--json")
    assert (broken.returncode, broken.stderr) == (1, "")
    (violation,) = json.loads(broken.stdout)["violations"]
    assert violation["invariant"] == "balance_is_sum_of_postings"


def test_a_database_that_was_never_migrated_is_not_called_broken(tmp_path):
    answer = in_process(f"sqlite:///{tmp_path / 'empty.db'}", "check", "--json")

    assert answer.returncode == 2
    assert "counterfoil migrate" in answer.stderr


def test_a_check_sees_one_moment_and_holds_up_no_writer(committed_database):
    post(behind_the_scenes("before"))

    def entries(moment) -> int:
        return moment.number("SELECT COUNT(*) FROM ledger_entry")

    with snapshot(NOW) as moment:
        assert entries(moment) == 1
        in_threads(lambda: post(behind_the_scenes("meanwhile")), lambda: seal_all(NOW))
        assert entries(moment) == 1
    with snapshot(NOW) as moment:
        assert entries(moment) == 2


def sqlite_settings() -> tuple | None:
    if connection.vendor != "sqlite":
        return None
    pragmas = ("temp_store", "mmap_size", "journal_mode")
    return connection.transaction_mode, *(fetch_one(f"PRAGMA {name}") for name in pragmas)


def test_after_a_check_the_connection_writes_again_as_before(committed_database):
    post(behind_the_scenes("before"))
    before = sqlite_settings()

    with snapshot(NOW) as moment:
        moment.number("SELECT COUNT(*) FROM ledger_entry")
        assert (sqlite_settings() == before) == (connection.vendor != "sqlite")

    assert sqlite_settings() == before
    assert post(behind_the_scenes("after"))


@pytest.mark.parametrize("failure", [RuntimeError, KeyboardInterrupt])
def test_a_check_that_is_broken_off_leaves_the_connection_as_it_was(committed_database, failure):
    with pytest.raises(failure), snapshot(NOW):
        raise failure

    assert post(behind_the_scenes("after"))
