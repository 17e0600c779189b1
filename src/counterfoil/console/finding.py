"""An address's account, found through the operator's own marketplace; 404 for any other."""

from __future__ import annotations

from django.http import Http404

from counterfoil.access.operators import Operator
from counterfoil.accounts.models import Account
from counterfoil.accounts.queries import account_by_id
from counterfoil.kit.pages import Cursor
from counterfoil.kit.refused import ResourceMissing
from counterfoil.kit.scope import Scope


def account_of(operator: Operator, account_id: str) -> Account:
    """The marketplace's account in the mode that is looked at. Raises Http404."""
    if "\0" in account_id:  # the one letter that PostgreSQL refuses to compare with
        raise Http404
    try:
        return account_by_id(operator.platform_id, operator.livemode, account_id)
    except ResourceMissing as missing:
        raise Http404 from missing


def scope_of(account: Account) -> Scope:
    return Scope(account.platform_id, account.id, account.livemode)


def read_cursor(text: str) -> Cursor | None:
    """Where the page before ended, `{created}.{id}`; what is no cursor starts at the newest."""
    created, _dot, ident = text.partition(".")
    if not (created.isascii() and created.isdigit() and len(created) <= 12 and ident):
        return None
    return Cursor(int(created), ident.replace("\0", "")[:64])


def cursor_text(created: int, ident: str) -> str:
    return f"{created}.{ident}"
