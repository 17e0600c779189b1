"""Is the database of this program's version?"""

from __future__ import annotations

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def up_to_date() -> bool:
    """Whether every migration that this program knows has run."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def refuse_unmigrated() -> None:
    """Raises CommandError: somebody has to make a backup and migrate."""
    if not up_to_date():
        raise CommandError("The database is not up to date. Run: counterfoil migrate")


def migrate_if_blank() -> None:
    """Set up a database that has no table at all: there is nothing in it that could be lost.

    Raises CommandError for one that has tables and lacks migrations.
    """
    if connection.introspection.table_names():
        refuse_unmigrated()
    else:
        call_command("migrate", verbosity=0, interactive=False)
