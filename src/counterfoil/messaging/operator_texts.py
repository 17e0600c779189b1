"""What we write to whoever runs a marketplace."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from counterfoil.messaging.letters import Brand, Letter, mail
from counterfoil.messaging.message import Message


def endpoint_disabled(*, to: str, platform: str, url: str, endpoint_id: str, since: int) -> Message:
    """That an endpoint is told of nothing any more, and how to go on. `since`: UTC seconds."""
    moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%d %H:%M UTC")
    line = _("%(url)s (%(id)s) has failed since %(since)s. %(name)s sends it nothing any more.")
    letter = Letter(
        subject=_("A webhook endpoint of %(name)s was disabled") % {"name": platform},
        lines=[
            line % {"url": url, "id": endpoint_id, "since": moment, "name": platform},
            _("Once it answers again, enable it and have the events of these days sent again."),
        ],
    )
    return mail(letter, to=to, brand=Brand())
