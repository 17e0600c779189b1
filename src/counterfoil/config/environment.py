"""Everything read from the environment, in one place (docs/operate/configuration.md)."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from counterfoil.access.policy import Lifetimes
from counterfoil.kit.clock import DAY

LOCAL_HOSTS: Final = ("localhost", "127.0.0.1", "[::1]")
SECRET_KEY_FILE: Final = "secret-key"  # noqa: S105 - a file's name, in the data directory


@dataclass(frozen=True, slots=True)
class Environment:
    data_dir: Path
    database_url: str
    public_url: str | None
    email_url: str
    sms_url: str
    files_url: str
    log_format: str
    proxies: int
    lifetimes: Lifetimes
    metrics_token: str | None
    encryption_keys: tuple[str, ...]  # the newest first

    @property
    def public_host(self) -> str | None:
        return urlsplit(self.public_url).hostname if self.public_url else None

    @property
    def development(self) -> bool:
        """Serving this machine only: no public URL, or one that names this machine.

        Then only local host names are answered, so the pages under /dev cannot be reached
        through a proxy that forgot to set COUNTERFOIL_PUBLIC_URL.
        """
        host = self.public_host
        return host is None or host in ("localhost", "127.0.0.1", "::1")

    @property
    def allowed_hosts(self) -> list[str]:
        host = self.public_host
        if host is None or self.development:
            return list(LOCAL_HOSTS)
        return [f"[{host}]" if ":" in host else host]


def read_environment() -> Environment:
    """Raises ValueError, in the operator's words, for a value that cannot work."""
    data_dir = Path(os.environ.get("COUNTERFOIL_DATA_DIR", "var")).absolute()
    default_database = f"sqlite:///{data_dir / 'counterfoil.db'}"
    public_url = os.environ.get("COUNTERFOIL_PUBLIC_URL") or None
    if public_url and urlsplit(public_url).scheme not in ("http", "https"):
        raise ValueError("COUNTERFOIL_PUBLIC_URL must begin with http:// or https://.")
    log_format = os.environ.get("COUNTERFOIL_LOG_FORMAT", "text")
    if log_format not in ("text", "json"):
        raise ValueError("COUNTERFOIL_LOG_FORMAT is either text or json.")
    return Environment(
        data_dir=data_dir,
        database_url=os.environ.get("COUNTERFOIL_DATABASE_URL") or default_database,
        public_url=public_url.rstrip("/") if public_url else None,
        email_url=os.environ.get("COUNTERFOIL_EMAIL_URL") or "outbox:",
        sms_url=os.environ.get("COUNTERFOIL_SMS_URL") or "outbox:",
        files_url=os.environ.get("COUNTERFOIL_FILES_URL") or "disk:",
        log_format=log_format,
        proxies=_number("COUNTERFOIL_PROXIES", 0, 0, 10),
        lifetimes=_lifetimes(),
        metrics_token=_metrics_token(),
        encryption_keys=_encryption_keys(),
    )


def _encryption_keys() -> tuple[str, ...]:
    keys = tuple((os.environ.get("COUNTERFOIL_ENCRYPTION_KEYS") or "").split())
    if any(len(key) < 32 for key in keys):
        raise ValueError("Each of COUNTERFOIL_ENCRYPTION_KEYS needs at least 32 characters.")
    return keys


def _metrics_token() -> str | None:
    token = os.environ.get("COUNTERFOIL_METRICS_TOKEN") or None
    if token is not None and len(token) < 16:
        raise ValueError("COUNTERFOIL_METRICS_TOKEN needs at least 16 characters.")
    return token


def _lifetimes() -> Lifetimes:
    usual = Lifetimes()
    return Lifetimes(
        link=60 * _number("COUNTERFOIL_LINK_MINUTES", usual.link // 60, 1, 60),
        # Design §5: no code lives longer than ten minutes, nor takes more guesses than these.
        code=60 * _number("COUNTERFOIL_CODE_MINUTES", usual.code // 60, 1, 10),
        tries=_number("COUNTERFOIL_CODE_TRIES", usual.tries, 1, 10),
        session_idle=60 * _number("COUNTERFOIL_IDLE_MINUTES", usual.session_idle // 60, 5, 43_200),
        fresh=60 * _number("COUNTERFOIL_FRESH_MINUTES", usual.fresh // 60, 1, 60),
        session_ends=DAY * _number("COUNTERFOIL_SESSION_DAYS", usual.session_ends // DAY, 1, 90),
    )


def _number(variable: str, usual: int, least: int, most: int) -> int:
    """A whole number from the environment. Raises ValueError for what is none, or too far out."""
    text = os.environ.get(variable) or str(usual)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise ValueError(f"{variable} is a whole number from {least} to {most}.")
    return int(text)


def secret_key(data_dir: Path) -> str:
    """COUNTERFOIL_SECRET_KEY, or one made once and kept in the data directory."""
    if given := os.environ.get("COUNTERFOIL_SECRET_KEY"):
        if len(given) < 32:
            raise ValueError("COUNTERFOIL_SECRET_KEY needs at least 32 characters.")
        return given
    path = data_dir / SECRET_KEY_FILE
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        # Exclusive creation: of two processes that start at once, one writes and both read.
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text().strip()


def kept_secret_key(data_dir: Path) -> Path | None:
    """The file that holds the secret key, or None when the environment gives it."""
    return None if os.environ.get("COUNTERFOIL_SECRET_KEY") else data_dir / SECRET_KEY_FILE
