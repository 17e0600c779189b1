"""The list is read through an index in its own order: flat, however many accounts there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from counterfoil.console.queries.accounts import accounts_found, accounts_page
from counterfoil.kit.pages import Cursor, PageRequest
from counterfoil.kit.scope import Scope

SCOPE = Scope("acct_p", "acct_p", livemode=False)
FAR = PageRequest(limit=50, cursor=Cursor(1_762_000_000, "acct_1"))
ASKED: list[tuple[str, Callable[[], Any]]] = [
    ("account_of_platform", lambda: accounts_page(SCOPE, FAR, standing=None)),
    ("account_by_standing", lambda: accounts_page(SCOPE, FAR, standing="rejected")),
    ("account_by_name", lambda: accounts_found(SCOPE, "ada")),
]


def plans_of(ask: Callable[[], Any], explain: str) -> str:
    found: list[str] = []

    def explaining(run: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith("EXPLAIN"):
            with connection.cursor() as cursor:
                cursor.execute(f"{explain} {sql}", params)
                found.extend(str(row[-1]) for row in cursor.fetchall())
        return run(sql, params, many, context)

    with connection.execute_wrapper(explaining):
        ask()
    return "\n".join(found)


@pytest.mark.django_db
@pytest.mark.engine("sqlite")
@pytest.mark.parametrize(("index", "ask"), ASKED)
def test_each_way_to_ask_walks_its_index(index, ask):
    plan = plans_of(ask, "EXPLAIN QUERY PLAN")

    assert f"INDEX {index}" in plan
    assert "TEMP B-TREE" not in plan


@pytest.mark.django_db
@pytest.mark.engine("postgresql")
@pytest.mark.parametrize(("index", "ask"), ASKED)
def test_each_way_to_ask_walks_its_index_on_postgresql(index, ask):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = plans_of(ask, "EXPLAIN")

    assert f"using {index}" in plan
    assert "Sort" not in plan
