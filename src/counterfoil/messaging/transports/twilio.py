"""SMS by Twilio's Messages resource; one request a message, so no SDK."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlencode

from counterfoil.messaging.message import Message
from counterfoil.messaging.transports.address import Address
from counterfoil.messaging.transports.base import Undeliverable

_SECONDS: Final = 10
_HOST: Final = "api.twilio.com"
# Twilio's error codes that are about the number: no SMS will ever arrive there.
_NOBODY_THERE: Final = frozenset(
    {
        21211,  # not a phone number
        21214,  # cannot be reached
        21217,  # does not look like one
        21610,  # has told us to stop
        21614,  # not a mobile number
        21635,  # a landline
    }
)


@dataclass(frozen=True, slots=True)
class TwilioTransport:
    """`twilio://ACCOUNT_SID:AUTH_TOKEN@?from=+15550100` (or a name, or `MG…`, a service's id)."""

    account_sid: str
    auth_token: str
    sender: str
    base: str = f"https://{_HOST}"
    is_outbox: bool = False

    def send(self, message: Message, *, now: int) -> None:  # noqa: ARG002 - the promise has it
        who = "MessagingServiceSid" if self.sender.startswith("MG") else "From"
        form = {"To": message.to, who: self.sender, "Body": message.text}
        login = base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - `base` is https, or a test's on this machine
            f"{self.base}/2010-04-01/Accounts/{quote(self.account_sid, safe='')}/Messages.json",
            data=urlencode(form).encode(),
            headers={"Authorization": f"Basic {login}", "Accept": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS):  # noqa: S310 - as above
                return
        except urllib.error.HTTPError as error:
            code = _code_of(error)
            if code in _NOBODY_THERE:
                raise Undeliverable(f"Twilio refused the number: {code}") from None
            # Twilio's own sentence may repeat the number, so only its code is passed on.
            raise OSError(f"Twilio answered {error.code}, error {code}") from None


def _code_of(error: urllib.error.HTTPError) -> int | None:
    with error:
        try:
            told: Any = json.load(error)
        except ValueError:
            return None
    code = told.get("code") if isinstance(told, dict) else None
    return code if isinstance(code, int) else None


def twilio_of(address: Address) -> TwilioTransport:
    address.check_options("from")
    sender = address.options.get("from", "").strip()
    # In a query an unescaped plus is a space: `from= 1555…` was meant as a number.
    if sender.isdigit():
        sender = f"+{sender}"
    if not (address.user and address.password and sender):
        raise ValueError(
            f"{address.variable}: Twilio needs account, token and sender, as in "
            "twilio://ACCOUNT_SID:AUTH_TOKEN@?from=+15550100."
        )
    base = f"https://{address.host or _HOST}:{address.port(443)}"
    if address.host in ("localhost", "127.0.0.1"):
        base = f"http://{address.host}:{address.port(80)}"  # nothing leaves this machine
    return TwilioTransport(address.user, address.password, sender, base)
