"""The machine and the settings: addresses, directories, keys, mail, uploads."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import tempfile
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import storages

from counterfoil.config.doctor.findings import Examination, Finding, note, ok, wrong
from counterfoil.config.environment import LOCAL_HOSTS, kept_secret_key

_LITTLE_SPACE: Final = 1024**3
_PATIENCE: Final = 3  # seconds for a mail server to answer


def public_url(_now: int) -> Finding:
    if settings.DEVELOPMENT:
        return note(
            f"Development: only {LOCAL_HOSTS[0]} is answered, and /dev lets anybody in.",
            "To serve sellers set COUNTERFOIL_PUBLIC_URL, such as https://pay.example.com.",
        )
    if not settings.TLS:
        return wrong(
            f"{settings.PUBLIC_URL} is not encrypted: codes and sessions can be read on the way.",
            "Put a proxy with a certificate in front and name it with https:// in"
            " COUNTERFOIL_PUBLIC_URL. Passkeys need it as well.",
        )
    return ok(f"Served at {settings.PUBLIC_URL}.")


def proxies(_now: int) -> Finding:
    if settings.TLS and settings.PROXIES == 0:
        return note(
            "COUNTERFOIL_PROXIES is 0: behind a proxy all sellers seem to have its address, and"
            " share its limits.",
            "Set it to the number of your proxies that add to X-Forwarded-For.",
        )
    return ok(f"{settings.PROXIES} proxies are believed.")


def data_directory(_now: int) -> Finding:
    folder = settings.DATA_DIR
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        return wrong(
            f"{folder} cannot be written to: {error.strerror}.",
            "Give it to the user that runs Counterfoil, or name another by COUNTERFOIL_DATA_DIR.",
        )
    if stat.S_IMODE(folder.stat().st_mode) & 0o007:
        return wrong(f"Everybody on this machine may look into {folder}.", f"chmod 700 {folder}")
    if (free := shutil.disk_usage(folder).free) < _LITTLE_SPACE:
        return wrong(
            f"{free // 1024**2} MB are left for {folder}; with none left nothing can be paid.",
            "Make room, or move it to a larger disk.",
        )
    return ok(f"{folder} is ours alone, with {free // 1024**3} GB left.")


def secret_key(_now: int) -> Finding:
    path = kept_secret_key(settings.DATA_DIR)
    if path is None:
        return ok("The environment gives the secret key; keep a copy apart from the backups.")
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        return wrong(f"Others on this machine may read {path}.", f"chmod 600 {path}")
    if not settings.DEVELOPMENT:
        return note(
            f"The secret key lies in {path}: every machine that serves needs the same one.",
            "Backups hold it. With several machines, give it to all by COUNTERFOIL_SECRET_KEY.",
        )
    return ok(f"The secret key lies in {path}, readable by us alone.")


def mail(_now: int) -> Finding:
    return _channel(settings.EMAIL_URL, "COUNTERFOIL_EMAIL_URL", "Mail", needed=True)


def text_messages(_now: int) -> Finding:
    return _channel(settings.SMS_URL, "COUNTERFOIL_SMS_URL", "Text messages", needed=False)


def _channel(url: str, variable: str, what: str, *, needed: bool) -> Finding:
    parts = urlsplit(url)
    if parts.scheme == "outbox":
        if settings.DEVELOPMENT:
            return ok(f"{what}: to be read at /dev/outbox, never sent.")
        return (wrong if needed else note)(
            f"{what}: never sent. No seller gets a code that way.",
            f"Name a service by {variable} (docs/operate/configuration.md).",
        )
    if parts.scheme in ("smtp", "smtps"):
        return _reach(parts.hostname or "", parts.port or _usual_port(parts.scheme), variable)
    return ok(f"{what}: sent by {parts.scheme}.")


def _usual_port(scheme: str) -> int:
    return 465 if scheme == "smtps" else 587


def _reach(host: str, port: int, variable: str) -> Finding:
    try:
        socket.create_connection((host, port), timeout=_PATIENCE).close()
    except OSError as error:
        return wrong(
            f"No mail server answers at {host}:{port}: {error.strerror or error}.",
            f"Look at {variable}, and whether this machine may connect there.",
        )
    return ok(f"Mail: sent by {host}:{port}, which answers.")


def uploads(_now: int) -> Finding:
    """Asks the storage for something that is not there: that proves address, key and bucket."""
    storage = storages["files"]
    try:
        storage.exists("doctor")
    except Exception as error:  # noqa: BLE001 - each storage has failures of its own
        return wrong(
            f"The storage for uploads does not answer: {type(error).__name__}.",
            "Look at COUNTERFOIL_FILES_URL: host, key, secret and bucket.",
        )
    return ok("The storage for uploads answers.")


def metrics(_now: int) -> Finding:
    if settings.DEVELOPMENT or settings.METRICS_TOKEN:
        return ok("/metrics can be read.")
    return note("/metrics answers nobody.", "Set COUNTERFOIL_METRICS_TOKEN and let Prometheus in.")


def user(_now: int) -> Finding:
    if not settings.DEVELOPMENT and os.geteuid() == 0:
        return note(
            "This runs as root.", "Give Counterfoil a user of its own that owns the data directory."
        )
    return ok("It runs as an ordinary user." if os.geteuid() else "It runs as root, at home.")


EXAMINATIONS: Final = (
    Examination("public_url", public_url),
    Examination("proxies", proxies),
    Examination("user", user),
    Examination("data_directory", data_directory),
    Examination("secret_key", secret_key),
    Examination("mail", mail),
    Examination("text_messages", text_messages),
    Examination("uploads", uploads),
    Examination("metrics", metrics),
)
