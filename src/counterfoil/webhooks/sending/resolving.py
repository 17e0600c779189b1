"""From a host's name to the addresses that may be called.

The name is resolved once for each connection, every address it has is judged, and the connection
goes to a judged address: between judging and connecting nobody can change where a name leads.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address

from counterfoil.webhooks.policy import is_public
from counterfoil.webhooks.sending.errors import SendingFailed


def addresses_of(host: str, port: int, *, anywhere: bool) -> list[str]:
    """The addresses of a host, in the order in which to try them.

    Unless `anywhere`, a name with one address outside the open internet is refused whole: such
    a name is a mistake or a trick. Raises SendingFailed.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SendingFailed("name_unknown", f"{host} cannot be resolved: {error}") from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not anywhere:
        for address in addresses:
            if not is_public(ip_address(address)):
                raise SendingFailed(
                    "address_refused",
                    f"{host} leads to {address}, which is not of the open internet.",
                )
    return addresses
