"""Mail by the HTTP interface of a service (django-anymail): `postmark://TOKEN@`, and others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from anymail.exceptions import (  # type: ignore[import-untyped] # it has no types
    AnymailRecipientsRefused,
    AnymailRequestsAPIError,
)
from django.utils.module_loading import import_string

from counterfoil.messaging.message import Message
from counterfoil.messaging.transports.address import Address
from counterfoil.messaging.transports.base import Undeliverable
from counterfoil.messaging.transports.smtp import mail_of, sender_of

_SECONDS: Final = 10


@dataclass(frozen=True, slots=True)
class _Service:
    """What anymail calls the parts of `scheme://user:password@host`."""

    user: str
    password: str = ""
    host: str = ""


SERVICES: Final[Mapping[str, _Service]] = {
    "brevo": _Service("api_key"),
    "mailersend": _Service("api_token"),
    "mailgun": _Service("api_key", host="sender_domain"),
    "mailjet": _Service("api_key", password="secret_key"),  # noqa: S106 - the name of a field
    "postmark": _Service("server_token"),
    "resend": _Service("api_key"),
    "sparkpost": _Service("api_key"),
}


@dataclass(frozen=True, slots=True)
class ServiceTransport:
    """Hands mail to `name`; `keys` are what anymail's backend for it asks for."""

    name: str
    keys: Mapping[str, str]
    sender: str
    is_outbox: bool = False

    def send(self, message: Message, *, now: int) -> None:
        backend: Any = import_string(f"anymail.backends.{self.name}.EmailBackend")(
            requests_timeout=_SECONDS, **self.keys
        )
        try:
            mail_of(message, sender=self.sender, backend=backend, now=now).send()
        except AnymailRecipientsRefused:
            raise Undeliverable(f"{self.name} refused the recipient") from None
        except AnymailRequestsAPIError as error:
            # Its own text repeats the whole request, address and code included.
            raise OSError(f"{self.name} answered {error.status_code}") from None


def service_of(address: Address, *, public_host: str | None) -> ServiceTransport:
    name = address.scheme
    asked = SERVICES[name]
    address.check_options("from", "api_url")
    given = {
        asked.user: address.user,
        asked.password: address.password,
        asked.host: address.host,
    }
    given.pop("", None)
    if missing := [field for field, value in given.items() if not value]:
        raise ValueError(
            f"{address.variable}: {name} needs its {' and '.join(missing)}, as in {_example(name)}."
        )
    if api_url := address.options.get("api_url"):  # the European one of some, or a test's
        given["api_url"] = api_url
    return ServiceTransport(name, given, sender_of(address, public_host=public_host))


def _example(name: str) -> str:
    asked = SERVICES[name]
    password = f":{asked.password.upper()}" if asked.password else ""
    return f"{name}://{asked.user.upper()}{password}@{'mail.example' if asked.host else ''}"
