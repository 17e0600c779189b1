"""`counterfoil backup`: the whole installation in one file, while it serves."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from counterfoil.config.backup.making import make_backup
from counterfoil.kit.clock import wall_now


class Command(BaseCommand):
    help = (
        "Write the database, the uploads and the secret key of one moment into one file, and read"
        " it again. Whoever has the file can read everything: keep it as you keep the database."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target", type=Path, metavar="FILE", help="compressed when it ends in .gz"
        )

    def handle(self, *, target: Path, **_options: Any) -> None:
        manifest = make_backup(target, now=wall_now())
        uploads = sum(1 for name in manifest.sha256 if name.startswith("files/"))
        self.stdout.write(
            f"{target}: {sum(manifest.rows.values())} rows in {len(manifest.rows)} tables,"
            f" {uploads} uploads, read again."
        )
        if manifest.uploads_in_bucket:
            self.stdout.write("Uploads are in your bucket and not in this file.")
        if "secret-key" not in manifest.sha256:
            self.stdout.write("COUNTERFOIL_SECRET_KEY is not in this file: keep it as well.")
        for head in manifest.heads:
            self.stdout.write(f"Head {head}")
        self.stdout.write(f"Practise now: counterfoil restore --drill {target}")
