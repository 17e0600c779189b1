"""What guards money was changed, so its holder hears of it, whoever changed it and from where.

Here only a job is left, in the transaction of the change; `access` writes the notices, because it
knows the link by which their reader says that it was not them.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from django.utils.translation import get_language

from counterfoil.accounts.models import Account, ExternalAccount
from counterfoil.audit.acting import acting
from counterfoil.audit.operations import record_decision
from counterfoil.kit.crypt import seal
from counterfoil.kit.scope import Scope
from counterfoil.outbox.operations import enqueue

TELL: Final = "accounts.tell_holder"
BankChange = Literal["bank_account.added", "bank_account.changed", "bank_account.removed"]


def bank_account_changed(
    change: BankChange,
    account: Account,
    external: ExternalAccount,
    *,
    known: bool,
    chosen: bool = False,
) -> None:
    """On record, and told; `known` is whether the account had a holder before, who signs in.

    `chosen`: payouts in its currency go there from now on. What the clock does is neither
    recorded nor told.
    """
    record_decision(
        change,
        scope=_scope(account),
        object_id=external.id,
        after={
            "currency": external.currency,
            "default": external.default_for_currency,
            "kind": external.object,
            "last4": external.last4,
            "status": external.status,
        },
    )
    told = "bank_account.chosen" if chosen and change == "bank_account.changed" else change
    _leave(told, account, known=known, last4=external.last4)


def contact_changed(account: Account, *, phone: str | None, email: str | None, known: bool) -> None:
    """`phone` and `email` are those from before; nothing happens where they are the same."""
    former = {"phone": phone, "email": email}
    changed = [name for name, old in former.items() if old != getattr(account, name)]
    if not changed:
        return
    record_decision(
        "contact.changed",
        scope=_scope(account),
        object_id=account.id,
        after={"what": ", ".join(changed)},
    )
    old = {name: seal(value) for name, value in former.items() if name in changed and value}
    _leave("contact.changed", account, known=known, former=old)


def _leave(change: str, account: Account, *, known: bool, **told: Any) -> None:
    who = acting.get()
    if not known or account.dashboard_type != "express" or who.at is None:
        return
    payload = {
        "platform_id": account.platform_id,
        "account_id": account.id,
        "livemode": account.livemode,
        "change": change,
        # A seller reads what they did in the language they did it in.
        "language": get_language() if who.kind == "seller" else None,
        **told,
    }
    enqueue(TELL, payload, due_at=who.at, now=who.at)


def _scope(account: Account) -> Scope:
    return Scope(account.platform_id, account.id, account.livemode)
