"""`counterfoil reseal`: what is encrypted at rest comes under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from counterfoil.config.resealing import COLUMNS, reseal


class Command(BaseCommand):
    help = (
        "Encrypt everything anew with the first of COUNTERFOIL_ENCRYPTION_KEYS, while web and"
        " workers run. May be stopped and started again. Afterwards the other keys serve nothing."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        unreadable = 0
        for column in COLUMNS:
            tally = reseal(column)
            unreadable += tally.unreadable
            self.stdout.write(f"{tally.changed:9} of {tally.rows} rows changed  {column}")
            if tally.unreadable:
                self.stdout.write(
                    self.style.ERROR(f"{tally.unreadable:9} rows that no key opens  {column}")
                )
        if unreadable:
            self.stdout.write(
                self.style.ERROR("A key is missing: keep all you have, and look for the lost one.")
            )
            raise SystemExit(1)
        self.stdout.write(self.style.SUCCESS("All of it is under the newest key."))
