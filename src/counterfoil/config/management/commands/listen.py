"""`counterfoil listen`: events to a local address, while one develops."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from counterfoil.config.choosing import chosen_platform
from counterfoil.kit.clock import wall_now
from counterfoil.kit.refused import Refused
from counterfoil.platforms.queries import platform_time
from counterfoil.webhooks.claiming import Tried
from counterfoil.webhooks.delivering import Deliverer
from counterfoil.webhooks.event_types import ALL
from counterfoil.webhooks.listening import (
    begin_to_listen,
    listening_secret,
    still_listening,
    stop_listening,
)

_SIGN_OF_LIFE_SECONDS: Final = 30.0


class Command(BaseCommand):
    help = (
        "Send events to an address as they happen, until Ctrl-C: those of the platform and those of"
        " its connected accounts. Nothing is registered, and no worker is needed for it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--forward-to", required=True, metavar="URL")
        parser.add_argument("--events", default=ALL, help="types, with commas; all by default")
        parser.add_argument("--live", action="store_true", help="live mode's events")
        parser.add_argument("--platform", metavar="ID", help="needed when there are several")

    def handle(self, *_args: Any, **options: Any) -> None:
        stop = threading.Event()

        def finish(_signum: int, _frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, finish)
        signal.signal(signal.SIGINT, finish)
        url, livemode = options["forward_to"], options["live"]
        platform_id = chosen_platform(options["platform"])
        now_wall = wall_now()
        try:
            ids = begin_to_listen(
                platform_id=platform_id,
                livemode=livemode,
                url=url if "://" in url else f"http://{url}",
                events=options["events"].split(","),
                now=platform_time(platform_id, livemode=livemode, now_wall=now_wall),
                now_wall=now_wall,
            )
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        try:
            self._say(f"Ready. Your webhook signing secret is {_secret(platform_id, livemode)}")
            self._deliver(ids, stop)
        finally:
            stop_listening(ids)
        self._say("Stopped.")

    def _deliver(self, ids: list[str], stop: threading.Event) -> None:
        def send() -> None:
            try:
                Deliverer(listeners=ids, heard=self._heard).run(stop)
            finally:
                connection.close()
                stop.set()

        sending = threading.Thread(target=send)
        sending.start()
        while not stop.wait(_SIGN_OF_LIFE_SECONDS):
            if not still_listening(ids, now_wall=wall_now()):
                stop.set()
                self._say("This machine slept too long: start it again.")
        sending.join()

    def _heard(self, tried: Tried) -> None:
        answer = tried.answer
        outcome = str(answer.code) if answer.code is not None else str(answer.error)
        detail = f"  {answer.detail}" if answer.detail else ""
        claimed = tried.claimed
        account = f" {claimed.account_id}" if claimed.account_id else ""
        self._say(f"[{outcome}] {claimed.type} {claimed.event_id}{account}{detail}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _secret(platform_id: str, livemode: bool) -> str:
    return listening_secret(platform_id, livemode=livemode)
