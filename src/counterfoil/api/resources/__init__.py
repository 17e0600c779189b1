"""What `/v1` serves, one module per resource. Importing this package declares every endpoint."""

from counterfoil.api.resources import (
    accounts,
    application_fees,
    balance,
    balance_transactions,
    charges,
    clock,
    disputes,
    early_fraud_warnings,
    events,
    external_accounts,
    login_links,
    payment_intents,
    refunds,
    tokens,
    transfers,
)

__all__ = [
    "accounts",
    "application_fees",
    "balance",
    "balance_transactions",
    "charges",
    "clock",
    "disputes",
    "early_fraud_warnings",
    "events",
    "external_accounts",
    "login_links",
    "payment_intents",
    "refunds",
    "tokens",
    "transfers",
]
