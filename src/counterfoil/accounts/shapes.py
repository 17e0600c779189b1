"""Parts of an account that are stored just as the API shows them.

Field names and presence: the SDK's Account and Person types. A text that is absent is null.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType


class Address(msgspec.Struct):
    city: str | None = None
    country: str | None = None
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    state: str | None = None


class Date(msgspec.Struct):
    day: int | None = None
    month: int | None = None
    year: int | None = None


class Declaration(msgspec.Struct):
    """Who stated something, and when: UTC seconds."""

    date: int | None = None
    ip: str | None = None
    user_agent: str | None = None


class AnnualRevenue(msgspec.Struct):
    amount: int | None = None
    currency: str | None = None
    fiscal_year_end: str | None = None


class MonthlyRevenue(msgspec.Struct):
    amount: int
    currency: str


class BusinessProfile(msgspec.Struct):
    annual_revenue: AnnualRevenue | None = None
    estimated_worker_count: int | None = None
    mcc: str | None = None
    minority_owned_business_designation: list[str] | None = None
    monthly_estimated_revenue: MonthlyRevenue | UnsetType = UNSET
    name: str | None = None
    product_description: str | None = None
    specified_commercial_transactions_act_url: str | None = None
    support_address: Address | None = None
    support_email: str | None = None
    support_phone: str | None = None
    support_url: str | None = None
    url: str | None = None


class TosAcceptance(msgspec.Struct):
    date: int | None = None  # UTC seconds
    ip: str | None = None
    service_agreement: str | UnsetType = UNSET  # full | recipient
    user_agent: str | None = None


class Branding(msgspec.Struct):
    icon: str | None = None
    logo: str | None = None
    primary_color: str | None = None
    secondary_color: str | None = None


class DeclineOn(msgspec.Struct):
    avs_failure: bool = False
    cvc_failure: bool = False


class Alternative(msgspec.Struct):
    alternative_fields_due: list[str]
    original_fields_due: list[str]


class RequirementError(msgspec.Struct):
    """What failed: `requirement` is the field, `reason` a sentence for the account's holder."""

    code: str
    reason: str
    requirement: str


class Requirements(msgspec.Struct):
    """Field names by how soon they are due (reference express-dashboard §13)."""

    alternatives: list[Alternative] = []
    current_deadline: int | None = None
    currently_due: list[str] = []
    disabled_reason: str | None = None
    errors: list[RequirementError] = []
    eventually_due: list[str] = []
    past_due: list[str] = []
    pending_verification: list[str] = []
