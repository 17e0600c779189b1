"""How a message leaves: one module per kind of COUNTERFOIL_EMAIL_URL and COUNTERFOIL_SMS_URL."""

from __future__ import annotations

from pathlib import Path

from counterfoil.messaging.message import Channel
from counterfoil.messaging.transports.address import read_address
from counterfoil.messaging.transports.base import Transport, Undeliverable
from counterfoil.messaging.transports.outbox import OutboxTransport
from counterfoil.messaging.transports.smtp import PORTS, SmtpTransport, smtp_of
from counterfoil.messaging.transports.twilio import TwilioTransport, twilio_of

__all__ = [
    "OutboxTransport",
    "SmtpTransport",
    "Transport",
    "TwilioTransport",
    "Undeliverable",
    "transport_for",
]


def transport_for(
    url: str, *, channel: Channel, data_dir: Path, public_host: str | None
) -> Transport:
    """The transport that a setting names.

    Raises ValueError, naming the variable and the remedy, for one that cannot work.
    """
    address = read_address(url, variable=f"COUNTERFOIL_{channel.upper()}_URL")
    if address.scheme == "outbox":
        return OutboxTransport(data_dir / "outbox")
    if channel == "sms":
        if address.scheme == "twilio":
            return twilio_of(address)
        known = "outbox: or twilio://"
    else:
        if address.scheme in PORTS:
            return smtp_of(address, public_host=public_host)
        # Here, so that nobody who sends by SMTP loads what speaks to services.
        from counterfoil.messaging.transports.services import SERVICES, service_of

        if address.scheme in SERVICES:
            return service_of(address, public_host=public_host)
        services = ", ".join(f"{name}://" for name in sorted(SERVICES))
        known = f"outbox:, smtp://, smtps://, {services}"
    raise ValueError(
        f"{address.variable} must begin with {known}, not {address.scheme or 'nothing'}:."
    )
