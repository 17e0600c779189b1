"""The log is append-only, sealed, and judged: every corruption is named."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from counterfoil.audit import check as audit_check
from counterfoil.audit.acting import Acting
from counterfoil.audit.canonical import FIELDS, record_digest
from counterfoil.audit.operations import record
from counterfoil.audit.sealing import digests_of, seal_all
from counterfoil.audit.triggers import APPEND_ONLY, install_triggers
from counterfoil.kit.append_only import trigger_names
from counterfoil.kit.auditing import canonical_hash, earlier_heads
from counterfoil.kit.db import execute, fetch_all, fetch_one
from counterfoil.kit.invariants import examine, snapshot
from counterfoil.kit.scope import Scope
from tests.support.committed import in_threads

NOW = 1_762_164_000
SCOPES = [
    Scope("acct_platform", "acct_seller", livemode=False),
    Scope("acct_platform", "acct_seller", livemode=True),
    Scope("acct_two", "acct_other", livemode=False),
]


def write(times: int = 2) -> None:
    who = Acting("seller", "s", NOW, "203.0.113.7", "Mozilla/5.0 (X11; Linux) Firefox/144.0")
    for _ in range(times):
        for scope in SCOPES:
            record("session.ended", scope=scope, by=who, before={"a": 1}, after={"a": 2})


def small_log() -> None:
    """Two blocks of test mode, and records that wait."""
    for moment in (1, 2):
        write()
        assert seal_all(NOW + moment) == 6
    write(times=1)


def broken() -> set[str]:
    with snapshot(NOW) as moment:
        return {one.name for one in audit_check.checks() if examine(one, moment).violations}


@contextmanager
def unguarded():
    for table in APPEND_ONLY:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        for name in trigger_names(table):
            execute(f"DROP TRIGGER IF EXISTS {name}{on}")
    yield
    install_triggers()


def rewrite(sql: str) -> None:
    with unguarded():
        assert execute(sql), "nothing was corrupted"


SEALED = "(SELECT MIN(entry_id) FROM audit_blockentry)"
HEAD = "(SELECT MAX(id) FROM audit_block WHERE height = 2)"
CORRUPTIONS = {
    "audit_digest": f"UPDATE audit_record SET network = '198.51.100.0/24' WHERE id = {SEALED}",
    "audit_record_sealed_or_waiting": "DELETE FROM audit_unsealed",
    "audit_leaf_in_own_chain": f"UPDATE audit_blockentry SET block_id = 'blk_0'"
    f" WHERE block_id = {HEAD}",
    "audit_block_heights": f"UPDATE audit_block SET height = 3 WHERE id = {HEAD}",
    "audit_block_links": f"UPDATE audit_block SET previous_hash = '{'ab' * 32}' WHERE id = {HEAD}",
    "audit_block_hash": f"UPDATE audit_block SET sealed_at = 1 WHERE id = {HEAD}",
    "audit_block_entry_count": f"UPDATE audit_block SET entry_count = 9 WHERE id = {HEAD}",
    "audit_block_positions": f"UPDATE audit_blockentry SET position = position + 5"
    f" WHERE entry_id = {SEALED}",
    "audit_block_merkle_root": f"UPDATE audit_block SET merkle_root = '{'ab' * 32}'"
    f" WHERE id = {HEAD}",
}


@pytest.mark.django_db
def test_an_intact_log_breaks_nothing_and_is_sealed_once():
    small_log()

    assert broken() == set()
    assert (seal_all(NOW + 9), seal_all(NOW + 9)) == (3, 0)
    assert broken() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", CORRUPTIONS)
def test_what_is_corrupted_is_named(name):
    small_log()
    rewrite(CORRUPTIONS[name])

    assert name in broken()


def test_every_invariant_has_its_corruption():
    names = {one.name for one in audit_check.checks()}

    assert names == {*CORRUPTIONS, "audit_append_only"}


@pytest.mark.django_db
@pytest.mark.parametrize("field", FIELDS)
def test_no_stored_value_of_a_sealed_record_changes_unseen(field):
    small_log()
    other = {"livemode": "NOT livemode", "created": "created + 1"}.get(field, "'x'")
    rewrite(f"UPDATE audit_record SET {field} = {other} WHERE id = {SEALED}")

    assert broken()


@pytest.mark.django_db
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_the_database_refuses_to_change_or_remove(table):
    small_log()
    key = "entry_id" if table == "audit_blockentry" else "id"
    before = fetch_all(f"SELECT * FROM {table} ORDER BY {key}")
    tries = [f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}"]
    if connection.vendor == "postgresql":
        tries.append(f"TRUNCATE {table}")

    for sql in tries:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            execute(sql)
    assert fetch_all(f"SELECT * FROM {table} ORDER BY {key}") == before


@pytest.mark.django_db
@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_missing_guard_is_named(table):
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    execute(f"DROP TRIGGER {table}_refuses_delete{on}")

    assert broken() == {"audit_append_only"}


@pytest.mark.django_db
def test_a_log_rewritten_to_its_last_hash_is_seen_by_a_head_kept_elsewhere():
    small_log()
    with snapshot(NOW) as moment:
        kept = [head.hash for head in audit_check.CHAIN.heads(moment)]
    with unguarded():
        for table in (*APPEND_ONLY, "audit_unsealed"):
            execute(f"DELETE FROM {table}")
    small_log()

    assert broken() == set(), "whoever can write everything can make everything fit"
    with snapshot(NOW) as moment:
        found = examine(earlier_heads(kept, among=[audit_check.CHAIN]), moment)
        fits = examine(earlier_heads([], among=[audit_check.CHAIN]), moment)
    assert {one.subject for one in found.violations} == set(kept)
    assert fits.violations == []


@pytest.mark.django_db
def test_writer_and_auditor_hash_alike_what_the_document_lists():
    small_log()
    row = fetch_one(f"SELECT {', '.join(FIELDS)} FROM audit_record ORDER BY id")
    document = dict(zip(FIELDS, row, strict=True), livemode=bool(row[2]))
    text = Path("docs/concepts/audit-log.md").read_text()
    listed = text.partition("whose members are the columns")[2].partition("\n\n")[0]
    listed = listed.partition(". `livemode`")[0]

    assert record_digest(row) == canonical_hash(document) == digests_of([row[0]])[row[0]]
    assert [
        word for word in listed.replace("`", " ").replace(",", " ").split() if word != "and"
    ] == list(FIELDS)


@pytest.mark.usefixtures("committed_database")
def test_two_sealers_make_one_chain():
    write(times=10)

    in_threads(lambda: seal_all(NOW), lambda: seal_all(NOW))

    assert broken() == set()
    assert fetch_one("SELECT COUNT(*) FROM audit_unsealed")[0] == 0
