"""`counterfoil init`: a platform, its keys shown this once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from counterfoil.access.staff import add_operator
from counterfoil.config.migrated import migrate_if_blank
from counterfoil.kit.clock import wall_now
from counterfoil.kit.refused import Refused
from counterfoil.platforms.operations import NewPlatform, create_platform


class Command(BaseCommand):
    help = "Make a platform and print its keys, which are shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--platform", required=True, metavar="NAME")
        parser.add_argument("--operator-email", metavar="E")
        parser.add_argument("--country", default="US", help="two letters, default US")
        parser.add_argument("--currency", default="usd", help="default usd")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *_args: Any, **options: Any) -> None:
        migrate_if_blank()
        try:
            made = create_platform(
                name=options["platform"],
                operator_email=options["operator_email"],
                country=options["country"].upper(),
                default_currency=options["currency"].lower(),
                now=(now := wall_now()),
            )
            if options["operator_email"]:
                add_operator(
                    platform_id=made.platform.id,
                    email=options["operator_email"],
                    role="operator",
                    now_wall=now,
                )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        facts = facts_of(made)
        if options["as_json"]:
            self.stdout.write(msgspec.json.encode(facts).decode())
            return
        self.stdout.write(f"{made.platform.name} is ready. Keep these keys: they are shown once.\n")
        for name, value in facts.items():
            self.stdout.write(f"  {name:22} {value}")


def facts_of(made: NewPlatform) -> dict[str, str]:
    base = settings.PUBLIC_URL or "http://localhost:8000"
    return {
        "platform_id": made.platform.id,
        "name": made.platform.name,
        "secret_key_test": made.secret_test.text,
        "secret_key_live": made.secret_live.text,
        "publishable_key_test": made.publishable_test.text,
        "publishable_key_live": made.publishable_live.text,
        "console_url": f"{base}/console",
    }
