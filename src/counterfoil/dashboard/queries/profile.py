"""What an account says about its holder, as its own settings pages show it."""

from __future__ import annotations

from counterfoil.kit.db import execute, fetch_one


def sign_in_phone(account_id: str) -> str | None:
    """Where codes go, in E.164."""
    row = fetch_one("SELECT phone FROM accounts_account WHERE id = %s", [account_id])
    return row[0] if row else None


def keep_choices(account_id: str, *, language: str | None, color_scheme: str | None) -> None:
    """How the person of an account reads the dashboard; None: as each browser asks.

    No part of the object that the platform sees.
    """
    execute(
        "UPDATE accounts_account SET language = %s, color_scheme = %s WHERE id = %s",
        [language, color_scheme, account_id],
    )
