"""What can stand in the log: a closed list. A name is the thing, then what happened to it.

A new action is added here when something records it, and gets its words in
`access/audit_words.py`; tests compare.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

Action = Literal[
    "account.asked",
    "account.closed",
    "account.deleted",
    "account.rejected",
    "account.seen",
    "account.unrejected",
    "account.verified",
    "account_link.created",
    "account_link.opened",
    "account_session.created",
    "alarm.raised",
    "bank_account.added",
    "bank_account.changed",
    "bank_account.removed",
    "code.refused",
    "contact.changed",
    "data.asked",
    "details.given",
    "dispute.accepted",
    "dispute.answered",
    "factor.added",
    "factor.refused",
    "factor.removed",
    "factors.taken",
    "identity.confirmed",
    "login_link.created",
    "operator.added",
    "operator.removed",
    "payment.captured",
    "payment.released",
    "payout.canceled",
    "payout.created",
    "payout_settings.changed",
    "phone.replaced",
    "prefunding.withdrawn",
    "recovery_code.used",
    "recovery_codes.made",
    "refund.canceled",
    "refund.created",
    "session.ended",
    "session.started",
    "timezone.changed",
    "topup.created",
]
ACTIONS: Final[tuple[str, ...]] = get_args(Action)
