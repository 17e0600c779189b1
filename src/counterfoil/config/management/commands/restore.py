"""`counterfoil restore`: an installation out of a backup, with proof; or only the proof."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from counterfoil.config.backup.drill import drill as practise
from counterfoil.config.backup.restoring import restore_backup


class Command(BaseCommand):
    help = (
        "Fill an empty database and data directory from a backup, and prove that nothing is"
        " missing: hashes, rows of every table, every invariant, every head."
    )
    # The database is empty: Django would look for migrations that are not there yet.
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="FILE")
        parser.add_argument(
            "--drill",
            action="store_true",
            help="do it in a throwaway database and directory; this installation is not touched",
        )

    def handle(self, *, source: Path, drill: bool, **_options: Any) -> None:
        if drill:
            self.stdout.write(practise(source))
            self.stdout.write("That was practice: nothing here was touched.")
            return
        restored = restore_backup(source)
        manifest = restored.manifest
        self.stdout.write(
            f"Restored {sum(manifest.rows.values())} rows in {len(manifest.rows)} tables, as many"
            " as were backed up. Every invariant holds, and every head of then is in its chain."
        )
        if restored.migrated:
            self.stdout.write(f"Brought up to date from {manifest.version}.")
        if manifest.uploads_in_bucket:
            self.stdout.write("Uploads are in the bucket of COUNTERFOIL_FILES_URL, or missing.")
