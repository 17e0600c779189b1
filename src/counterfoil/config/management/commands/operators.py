"""`counterfoil operators`: who looks after a marketplace in the console."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from counterfoil.access.staff import add_operator, members_of, remove_operator
from counterfoil.kit.clock import wall_now
from counterfoil.kit.db import fetch_all
from counterfoil.kit.refused import Refused


class Command(BaseCommand):
    help = (
        "Who may use the console: operators list | add EMAIL [--role support] | remove EMAIL."
        " A role is operator, who may do everything, or support, who reads and sees what sellers"
        " see."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["list", "add", "remove"])
        parser.add_argument("email", nargs="?", metavar="EMAIL")
        parser.add_argument("--role", choices=["operator", "support"], default="operator")
        parser.add_argument("--platform", metavar="ID", help="when there are several")

    def handle(self, *_args: Any, **options: Any) -> None:
        platform_id = _platform(options["platform"])
        email, now = options["email"], wall_now()
        if options["verb"] == "list":
            self._list(platform_id)
            return
        if email is None:
            raise CommandError("Whom? Give their e-mail address.")
        try:
            if options["verb"] == "add":
                add_operator(
                    platform_id=platform_id, email=email, role=options["role"], now_wall=now
                )
                self.stdout.write(f"{email} may use the console, as {options['role']}.")
            else:
                remove_operator(platform_id=platform_id, email=email, now_wall=now)
                self.stdout.write(f"{email} is out, and signed out.")
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _list(self, platform_id: str) -> None:
        members = members_of(platform_id)
        for one in members:
            second = "" if one.has_factor else " (no second step yet)"
            self.stdout.write(f"{one.email} {one.role}{second}")
        if not members:
            self.stdout.write("Nobody yet: counterfoil operators add EMAIL")


def _platform(given: str | None) -> str:
    found = [row[0] for row in fetch_all("SELECT id FROM platforms_platform ORDER BY id")]
    if given is None and len(found) == 1:
        return str(found[0])
    if given is None:
        raise CommandError("Which platform? There is none, or several: give --platform ID.")
    if given not in found:
        raise CommandError(f"No such platform: {given}")
    return given
