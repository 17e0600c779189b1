"""`counterfoil doctor`: configuration and deployment, each fault with its remedy."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import msgspec
from django.core.management.base import BaseCommand

from counterfoil.config.doctor.examining import examine_all
from counterfoil.config.doctor.findings import Finding
from counterfoil.kit.clock import wall_now


class Command(BaseCommand):
    help = (
        "Look at settings, directories, database, mail and worker, and say what to mend. Changes"
        " nothing. Exit status 1 if something is wrong."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *, json: bool, **_options: Any) -> None:
        found = {}
        for examination, finding in examine_all(wall_now()):
            found[examination.name] = finding
            if not json:
                self._say(examination.name, finding)
        wrong = sum(finding.level == "wrong" for finding in found.values())
        if json:
            report = {"ok": not wrong, "findings": found}
            self.stdout.write(msgspec.json.encode(report).decode())
        elif not wrong:
            self.stdout.write(self.style.SUCCESS("\nNothing is wrong."))
        if wrong:
            raise SystemExit(1)

    def _say(self, name: str, finding: Finding) -> None:
        mark = {"ok": "ok   ", "note": "note ", "wrong": "WRONG"}[finding.level]
        styled = {"note": self.style.WARNING, "wrong": self.style.ERROR}
        line = f"  {mark}  {name:15} {finding.says}"
        self.stdout.write(styled[finding.level](line) if finding.level in styled else line)
        if finding.remedy:
            self.stdout.write(f"         {'':15} {finding.remedy}")
