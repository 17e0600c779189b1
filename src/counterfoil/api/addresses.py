"""The address that browsers reach us by, for the links that the API hands out."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, Final

from django.conf import settings
from django.http.request import split_domain_port, validate_host

# WSGI's environment of the call being answered. It only says how we were reached, for objects
# that hold addresses and are made far from the call, such as a file that `expand` puts in.
reached: Final[ContextVar[dict[str, Any]]] = ContextVar("reached")


def base_url(environ: dict[str, Any]) -> str:
    """Scheme and host without a slash at the end.

    COUNTERFOIL_PUBLIC_URL when it is set. On a machine of one's own the host the call came to,
    if it is one we answer; a Host header that anybody may write never gets into a link.
    """
    if settings.PUBLIC_URL is not None:
        return str(settings.PUBLIC_URL)
    host: str = environ.get("HTTP_HOST") or ""
    name, port = split_domain_port(host)
    if not validate_host(name, settings.ALLOWED_HOSTS):
        port = environ.get("SERVER_PORT", "80")
        host = f"localhost:{port}"
    return f"{environ.get('wsgi.url_scheme', 'http')}://{host}"
