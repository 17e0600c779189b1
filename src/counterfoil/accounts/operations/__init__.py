"""What can be done to accounts."""

from counterfoil.accounts.operations.contact import replace_phone
from counterfoil.accounts.operations.create import create_account
from counterfoil.accounts.operations.external import (
    create_external_account,
    delete_external_account,
    mark_errored,
    update_external_account,
)
from counterfoil.accounts.operations.tokens import create_token
from counterfoil.accounts.operations.update import update_account
from counterfoil.accounts.operations.verify import verify_account

__all__ = [
    "create_account",
    "create_external_account",
    "create_token",
    "delete_external_account",
    "mark_errored",
    "replace_phone",
    "update_account",
    "update_external_account",
    "verify_account",
]
