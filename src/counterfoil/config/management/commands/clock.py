"""`counterfoil clock`: test mode's clock, forwards only."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from counterfoil.config.choosing import chosen_platform
from counterfoil.kit.clock import wall_now
from counterfoil.kit.refused import Refused
from counterfoil.platforms.queries import platform_time
from counterfoil.platforms.timing import advance_clock

_STEP: Final = re.compile(r"^(\d{1,5})\s*([smhdw])$")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


class Command(BaseCommand):
    help = "Show or move test mode's clock: clock show | advance 3d | set 2026-03-01T00:00:00Z."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["show", "advance", "set"])
        parser.add_argument("value", nargs="?", metavar="3d|ISO")
        parser.add_argument("--platform", metavar="ID", help="needed when there are several")

    def handle(self, *_args: Any, **options: Any) -> None:
        platform_id = chosen_platform(options["platform"])
        if options["verb"] == "show":
            self._show(platform_id)
            return
        now_wall = wall_now()
        now = platform_time(platform_id, livemode=False, now_wall=now_wall)
        target = _target(options["verb"], options["value"], now=now)
        try:
            done = advance_clock(platform_id=platform_id, to=target, now_wall=now_wall)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"{done} due, all of it done.")
        self._show(platform_id)

    def _show(self, platform_id: str) -> None:
        now = platform_time(platform_id, livemode=False, now_wall=wall_now())
        self.stdout.write(datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def _target(verb: str, value: str | None, *, now: int) -> int:
    if value is None:
        raise CommandError("How far? For example: clock advance 3d")
    if verb == "advance":
        step = _STEP.match(value)
        if step is None:
            raise CommandError("A step is a number and s, m, h, d or w: 90m, 3d, 2w.")
        return now + int(step[1]) * _SECONDS[step[2]]
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise CommandError("A moment is ISO 8601: 2026-03-01T00:00:00Z.") from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp())
