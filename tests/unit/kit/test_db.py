"""Plain SQL helpers, and ids whose order is byte order."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from counterfoil.kit.db import (
    IdField,
    execute,
    fetch_all,
    fetch_one,
    gathered,
    insert_rows,
    lock_row_suffix,
    placeholders,
    queue_rows,
    stream,
    unit_of_work,
)

COLUMNS = ("owner", "livemode", "subject")
UNSEALED = ("entry_id", "platform_id", "livemode")
JOB = ("id", "kind", "payload", "due_at", "leased_until", "attempts")


def locks() -> int:
    return fetch_one("SELECT COUNT(*) FROM ledger_lock")[0]


@pytest.mark.django_db
def test_many_rows_are_written_and_counted():
    assert insert_rows("ledger_lock", COLUMNS, [("a", True, "x"), ("b", False, "x")]) == 2
    assert insert_rows("ledger_lock", COLUMNS, iter([])) == 0
    assert sorted(fetch_all("SELECT owner, subject FROM ledger_lock")) == [("a", "x"), ("b", "x")]


@pytest.mark.django_db
def test_more_rows_than_one_statement_takes():
    rows = [(f"acct_{n}", False, "x") for n in range(30_001)]

    assert insert_rows("ledger_lock", COLUMNS, rows) == len(rows) == locks()


@pytest.mark.django_db
def test_a_conflict_is_an_error_unless_it_is_spoken_for():
    row = ("a", True, "x")
    insert_rows("ledger_lock", COLUMNS, [row])

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows("ledger_lock", COLUMNS, [row])
    ignored = insert_rows("ledger_lock", COLUMNS, [row], conflict="ON CONFLICT DO NOTHING")
    assert (ignored, locks()) == (0, 1)


@pytest.mark.engine("postgresql")
@pytest.mark.django_db
def test_what_is_queued_goes_in_one_statement():
    sent = []

    def record(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(record), gathered():
        queue_rows("ledger_lock", COLUMNS, [("a", True, "x"), ("b", True, "x")])
        queue_rows("ledger_unsealed", UNSEALED, [("je_1", "acct_1", False)])
        queue_rows("outbox_job", JOB, [("job_1", "k", "{}", 1, 0, 0)])

    assert len(sent) == 1
    assert (locks(), fetch_one("SELECT COUNT(*) FROM ledger_unsealed")[0]) == (2, 1)
    assert fetch_one("SELECT kind, due_at FROM outbox_job") == ("k", 1)


@pytest.mark.django_db
def test_whatever_is_asked_comes_after_what_is_queued():
    with gathered():
        queue_rows("ledger_lock", COLUMNS, [("a", True, "x")])
        assert locks() == 1
        queue_rows("ledger_lock", COLUMNS, [("b", True, "x")])
        assert apps.get_model("ledger", "Lock").objects.count() == 2
        queue_rows("ledger_unsealed", UNSEALED, [("je_1", "acct_1", False)])
        assert insert_rows("ledger_lock", COLUMNS, [("c", True, "x"), ("d", True, "x")]) == 2
    assert (locks(), fetch_one("SELECT COUNT(*) FROM ledger_unsealed")[0]) == (4, 1)


@pytest.mark.django_db
def test_one_row_may_be_queued_twice():
    add = "ON CONFLICT (id) DO UPDATE SET attempts = outbox_job.attempts + excluded.attempts"
    with gathered():
        for _ in range(3):
            queue_rows("outbox_job", JOB, [("job_1", "k", "{}", 1, 0, 7)], conflict=add)
    assert fetch_one("SELECT attempts FROM outbox_job") == (21,)


@pytest.mark.django_db
def test_a_queued_conflict_is_told_at_the_end_at_the_latest():
    insert_rows("ledger_lock", COLUMNS, [("a", True, "x")])

    def write_it_again() -> None:
        with transaction.atomic(), gathered():
            queue_rows("ledger_unsealed", UNSEALED, [("je_1", "acct_1", False)])
            queue_rows("ledger_lock", COLUMNS, [("a", True, "x")])

    with pytest.raises(IntegrityError):
        write_it_again()
    assert fetch_one("SELECT COUNT(*) FROM ledger_unsealed") == (0,)


@pytest.mark.django_db
def test_after_an_exception_nothing_waits_any_more():
    def fail_halfway() -> None:
        with transaction.atomic(), gathered():
            queue_rows("ledger_lock", COLUMNS, [("a", True, "x")])
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail_halfway()
    queue_rows("ledger_lock", COLUMNS, [("b", True, "x")])
    assert fetch_all("SELECT owner FROM ledger_lock") == [("b",)]


@pytest.mark.django_db
def test_values_come_back_as_they_were_queued():
    texts = ["", "%s %(a)s %%", "\\ \" ' \n\t", "naïve 🐚 \u2028", "null"]
    rows = [(f"job_{n}", "k", text, 2**62 + n, 0, 0) for n, text in enumerate(texts)]
    with gathered():
        queue_rows("outbox_job", JOB, rows)
    found = fetch_all("SELECT payload, due_at, given_up_at FROM outbox_job ORDER BY id")
    assert found == [(text, 2**62 + n, None) for n, text in enumerate(texts)]


@pytest.mark.django_db
def test_one_row_or_none():
    assert fetch_one("SELECT owner FROM ledger_lock") is None
    assert execute("DELETE FROM ledger_lock") == 0


@pytest.mark.django_db
def test_streams_may_be_read_side_by_side():
    insert_rows("ledger_lock", COLUMNS, [(f"acct_{n:05}", False, "x") for n in range(5000)])
    sql = "SELECT owner FROM ledger_lock WHERE subject = %s ORDER BY owner"

    pairs = list(zip(stream(sql, ["x"]), stream(sql, ["x"]), strict=True))

    assert len(pairs) == 5000
    assert all(one == other for one, other in pairs)


@pytest.mark.django_db
def test_ids_sort_by_bytes_not_by_locale():
    ids = ["acct_b", "acct_B", "acct_a", "acct_A", "acct_1", "acct__", "acct_Z", "acct_z"]
    insert_rows("ledger_lock", COLUMNS, [(one, False, "x") for one in ids])

    assert [row[0] for row in fetch_all("SELECT owner FROM ledger_lock ORDER BY owner")] == sorted(
        ids
    )


@pytest.mark.django_db
def test_every_id_column_compares_by_bytes_whatever_the_databases_locale():
    ids = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, IdField)
    }
    assert len(ids) > 50
    if connection.vendor == "postgresql":
        collated = fetch_all(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE collation_name = 'C' AND table_schema = current_schema()"
        )
        assert ids - set(collated) == set()
    else:
        other = fetch_all("SELECT name FROM sqlite_master WHERE sql LIKE '%%COLLATE%%'")
        assert other == []  # BINARY, unless a table says otherwise


@pytest.mark.django_db
def test_a_unit_of_work_is_undone_whole():
    def fail_halfway() -> None:
        with transaction.atomic(), unit_of_work():
            insert_rows("ledger_lock", COLUMNS, [("a", True, "x")])
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError, match="halfway"):
        fail_halfway()
    assert locks() == 0


def test_an_empty_list_of_values_is_a_mistake():
    assert placeholders(["a", "b"]) == "%s, %s"
    with pytest.raises(AssertionError, match="empty"):
        placeholders([])


def test_rows_are_locked_where_the_engine_has_row_locks():
    assert lock_row_suffix() == (" FOR UPDATE" if connection.vendor == "postgresql" else "")
