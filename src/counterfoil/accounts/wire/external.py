"""Bank accounts and debit cards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import msgspec
from msgspec import UNSET, UnsetType

from counterfoil.accounts.destinations import BankDetails, CardDetails
from counterfoil.accounts.models import ExternalAccount, Token
from counterfoil.kit.wire import Expandable, ListObject


class Due(msgspec.Struct):
    """Requirements of a bank account."""

    currently_due: list[str] = []
    errors: list[str] = []
    past_due: list[str] = []
    pending_verification: list[str] = []


class BankAccountWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"account": "acct"}

    id: str
    account_holder_name: str | None
    account_holder_type: str | None
    account_type: str | None
    bank_name: str | None
    country: str
    currency: str
    fingerprint: str | None
    last4: str
    routing_number: str | None
    status: str
    account: Expandable | UnsetType = UNSET
    available_payout_methods: list[str] | UnsetType = UNSET
    default_for_currency: bool | UnsetType = UNSET
    future_requirements: Due | UnsetType = UNSET
    metadata: dict[str, str] | UnsetType = UNSET
    requirements: Due | UnsetType = UNSET
    object: str = "bank_account"


class CardWire(msgspec.Struct):
    EXPANDABLE: ClassVar[dict[str, str]] = {"account": "acct"}

    id: str
    address_city: str | None
    address_country: str | None
    address_line1: str | None
    address_line1_check: str | None
    address_line2: str | None
    address_state: str | None
    address_zip: str | None
    address_zip_check: str | None
    brand: str
    country: str | None
    cvc_check: str | None
    exp_month: int
    exp_year: int
    fingerprint: str | None
    funding: str
    last4: str
    metadata: dict[str, str] | None
    name: str | None
    account: Expandable | UnsetType = UNSET
    available_payout_methods: list[str] | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    default_for_currency: bool | UnsetType = UNSET
    status: str | UnsetType = UNSET
    dynamic_last4: str | None = None
    regulated_status: str | None = None
    tokenization_method: str | None = None
    object: str = "card"


ExternalAccountWire = BankAccountWire | CardWire


class DeletedWire(msgspec.Struct):
    """What is left of an object once it is deleted."""

    id: str
    object: str
    deleted: bool = True


def external_account_wire(external: ExternalAccount) -> ExternalAccountWire:
    wire = described(
        external,
        ident=external.id,
        last4=external.last4,
        fingerprint=external.fingerprint,
        status=external.status,
    )
    wire.account = external.account_id
    wire.available_payout_methods = ["standard", "instant"] if _instant(external) else ["standard"]
    wire.default_for_currency = external.default_for_currency
    wire.metadata = msgspec.json.decode(external.metadata, type=dict[str, str])
    if isinstance(wire, BankAccountWire):
        wire.requirements, wire.future_requirements = Due(), Due()
    else:
        wire.currency, wire.status = external.currency, external.status
    return wire


def external_account_list(
    account_id: str, externals: Sequence[ExternalAccount], *, has_more: bool
) -> ListObject[ExternalAccountWire]:
    """`externals` newest first."""
    data = [external_account_wire(external) for external in externals]
    return ListObject(data, has_more, f"/v1/accounts/{account_id}/external_accounts")


def deleted_wire(external: ExternalAccount) -> DeletedWire:
    return DeletedWire(external.id, external.object)


def details_of(row: ExternalAccount | Token) -> BankDetails | CardDetails:
    kind: type[BankDetails | CardDetails] = (
        BankDetails if row.object == "bank_account" else CardDetails
    )
    return msgspec.json.decode(row.details, type=kind)


def described(
    row: ExternalAccount | Token, *, ident: str, last4: str, fingerprint: str, status: str
) -> ExternalAccountWire:
    """What can be said of a bank account or card that nobody has attached yet."""
    details = details_of(row)
    if isinstance(details, BankDetails):
        return BankAccountWire(
            id=ident,
            account_holder_name=details.account_holder_name,
            account_holder_type=details.account_holder_type,
            account_type=details.account_type,
            bank_name=details.bank_name,
            country=row.country,
            currency=row.currency,
            fingerprint=fingerprint,
            last4=last4,
            routing_number=details.routing_number,
            status=status,
        )
    return CardWire(
        id=ident,
        address_city=details.address_city,
        address_country=details.address_country,
        address_line1=details.address_line1,
        address_line1_check="pass" if details.address_line1 else None,
        address_line2=details.address_line2,
        address_state=details.address_state,
        address_zip=details.address_zip,
        address_zip_check="pass" if details.address_zip else None,
        brand=details.brand,
        country=row.country,
        cvc_check=details.cvc_check,
        exp_month=details.exp_month,
        exp_year=details.exp_year,
        fingerprint=fingerprint,
        funding=details.funding,
        last4=last4,
        metadata={},
        name=details.name,
    )


def _instant(external: ExternalAccount) -> bool:
    return details_of(external).instant
