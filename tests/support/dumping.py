"""All that a database holds, as text: for looking for what must not be in it."""

from __future__ import annotations

from django.db import connection


def every_text() -> str:
    """All rows of all tables."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found.append(repr(cursor.fetchall()))
        return "\n".join(found)


def texts_by_column() -> dict[str, str]:
    """The same of columns of text, by `table.column`."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for name, values in zip(names, zip(*cursor.fetchall(), strict=True), strict=False):
                found[f"{table}.{name}"] = "\n".join(one for one in values if isinstance(one, str))
    return found
