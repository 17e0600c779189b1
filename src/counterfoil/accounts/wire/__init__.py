"""Accounts and what belongs to them as the API and events show them: the SDK's fields, exactly."""

from counterfoil.accounts.wire.account import AccountWire, account_wire, platform_account_wire
from counterfoil.accounts.wire.application import ApplicationWire, application_wire
from counterfoil.accounts.wire.capability import CapabilityWire, capability_wire
from counterfoil.accounts.wire.external import (
    BankAccountWire,
    CardWire,
    DeletedWire,
    ExternalAccountWire,
    deleted_wire,
    external_account_list,
    external_account_wire,
)
from counterfoil.accounts.wire.person import PersonWire, person_wire, without_birth
from counterfoil.accounts.wire.token import TokenWire, token_wire

__all__ = [
    "AccountWire",
    "ApplicationWire",
    "BankAccountWire",
    "CapabilityWire",
    "CardWire",
    "DeletedWire",
    "ExternalAccountWire",
    "PersonWire",
    "TokenWire",
    "account_wire",
    "application_wire",
    "capability_wire",
    "deleted_wire",
    "external_account_list",
    "external_account_wire",
    "person_wire",
    "platform_account_wire",
    "token_wire",
    "without_birth",
]
