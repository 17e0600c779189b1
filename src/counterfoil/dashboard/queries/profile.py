"""What an account says about its holder, as far as its own settings page shows it."""

from __future__ import annotations

from counterfoil.kit.db import fetch_one


def sign_in_phone(account_id: str) -> str | None:
    """Where codes go, in E.164."""
    row = fetch_one("SELECT phone FROM accounts_account WHERE id = %s", [account_id])
    return row[0] if row else None
