"""What may be sent about accounts, external accounts and tokens (reference api.md §2.3, §2.7).

UNSET: not sent. An empty text unsets a value. Whatever is not named here is refused as an
unknown parameter, also where the field knows it: files and documents, persons other than
`individual`, account tokens and Japanese spellings.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

Text = str | UnsetType
Flag = bool | UnsetType
Number = int | UnsetType
Empty = Literal[""]
Metadata = dict[str, str] | Empty | UnsetType
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday"]


class Part(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A hash inside a request: an unknown parameter is an error."""


class Params(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A whole request. What to expand is the edge's to see to."""

    expand: list[str] = []


class AddressParams(Part):
    city: Text = UNSET
    country: Text = UNSET
    line1: Text = UNSET
    line2: Text = UNSET
    postal_code: Text = UNSET
    state: Text = UNSET


class DateParams(Part):
    day: int
    month: int
    year: int


class DeclarationParams(Part):
    date: Number = UNSET
    ip: Text = UNSET
    user_agent: Text = UNSET


class AnnualRevenueParams(Part):
    amount: int
    currency: str
    fiscal_year_end: str


class MonthlyRevenueParams(Part):
    amount: int
    currency: str


class BusinessProfileParams(Part):
    annual_revenue: AnnualRevenueParams | UnsetType = UNSET
    estimated_worker_count: Number = UNSET
    mcc: Text = UNSET
    minority_owned_business_designation: (
        list[
            Literal[
                "lgbtqi_owned_business",
                "minority_owned_business",
                "none_of_these_apply",
                "prefer_not_to_answer",
                "women_owned_business",
            ]
        ]
        | Empty
        | UnsetType
    ) = UNSET
    monthly_estimated_revenue: MonthlyRevenueParams | UnsetType = UNSET
    name: Text = UNSET
    product_description: Text = UNSET
    specified_commercial_transactions_act_url: Text = UNSET
    support_address: AddressParams | UnsetType = UNSET
    support_email: Text = UNSET
    support_phone: Text = UNSET
    support_url: Text = UNSET
    url: Text = UNSET


BusinessType = Literal["company", "government_entity", "individual", "non_profit"]
Structure = Literal[
    "",
    "free_zone_establishment",
    "free_zone_llc",
    "government_instrumentality",
    "governmental_unit",
    "incorporated_non_profit",
    "incorporated_partnership",
    "limited_liability_partnership",
    "llc",
    "multi_member_llc",
    "private_company",
    "private_corporation",
    "private_partnership",
    "public_company",
    "public_corporation",
    "public_partnership",
    "registered_charity",
    "single_member_llc",
    "sole_establishment",
    "sole_proprietorship",
    "tax_exempt_government_instrumentality",
    "unincorporated_association",
    "unincorporated_non_profit",
    "unincorporated_partnership",
]


class DocumentParams(Part):
    """Ids of files."""

    front: Text = UNSET
    back: Text = UNSET


class CompanyVerificationParams(Part):
    document: DocumentParams | UnsetType = UNSET


class CompanyParams(Part):
    address: AddressParams | UnsetType = UNSET
    administrative_address: AddressParams | UnsetType = UNSET
    physical_address: AddressParams | UnsetType = UNSET
    principal_place_of_business: AddressParams | UnsetType = UNSET
    name: Text = UNSET
    phone: Text = UNSET
    structure: Structure | UnsetType = UNSET
    registration_date: DateParams | Empty | UnsetType = UNSET
    registration_number: Text = UNSET
    tax_id: Text = UNSET
    tax_id_registrar: Text = UNSET
    vat_id: Text = UNSET
    directors_provided: Flag = UNSET
    executives_provided: Flag = UNSET
    owners_provided: Flag = UNSET
    directorship_declaration: DeclarationParams | UnsetType = UNSET
    ownership_declaration: DeclarationParams | UnsetType = UNSET
    representative_declaration: DeclarationParams | UnsetType = UNSET
    ownership_exemption_reason: (
        Literal[
            "",
            "qualified_entity_exceeds_ownership_threshold",
            "qualifies_as_financial_institution",
        ]
        | UnsetType
    ) = UNSET
    verification: CompanyVerificationParams | UnsetType = UNSET


class PersonVerificationParams(Part):
    document: DocumentParams | UnsetType = UNSET
    additional_document: DocumentParams | UnsetType = UNSET


class RelationshipParams(Part):
    director: Flag = UNSET
    executive: Flag = UNSET
    owner: Flag = UNSET
    percent_ownership: float | Empty | UnsetType = UNSET
    title: Text = UNSET


class PersonRelationshipParams(RelationshipParams):
    authorizer: Flag = UNSET
    legal_guardian: Flag = UNSET
    representative: Flag = UNSET


class IndividualParams(Part):
    first_name: Text = UNSET
    last_name: Text = UNSET
    maiden_name: Text = UNSET
    full_name_aliases: list[str] | Empty | UnsetType = UNSET
    email: Text = UNSET
    phone: Text = UNSET
    gender: Text = UNSET
    political_exposure: Literal["existing", "none"] | UnsetType = UNSET
    dob: DateParams | Empty | UnsetType = UNSET
    address: AddressParams | UnsetType = UNSET
    registered_address: AddressParams | UnsetType = UNSET
    relationship: RelationshipParams | UnsetType = UNSET
    id_number: Text = UNSET
    id_number_secondary: Text = UNSET
    ssn_last_4: Text = UNSET
    metadata: Metadata = UNSET
    verification: PersonVerificationParams | UnsetType = UNSET


class TosAcceptanceParams(Part):
    date: Number = UNSET
    ip: Text = UNSET
    service_agreement: Literal["full", "recipient"] | UnsetType = UNSET
    user_agent: Text = UNSET


class CapabilityParams(Part):
    requested: Flag = UNSET


class BrandingParams(Part):
    icon: Text = UNSET
    logo: Text = UNSET
    primary_color: Text = UNSET
    secondary_color: Text = UNSET


class DeclineOnParams(Part):
    avs_failure: Flag = UNSET
    cvc_failure: Flag = UNSET


class CardPaymentsParams(Part):
    decline_on: DeclineOnParams | UnsetType = UNSET
    statement_descriptor_prefix: Text = UNSET


class DashboardParams(Part):
    """Ours: the field shows these two but lets nobody set them over the API."""

    display_name: Text = UNSET
    timezone: Text = UNSET


class PaymentsParams(Part):
    statement_descriptor: Text = UNSET


class ScheduleParams(Part):
    delay_days: int | Literal["minimum"] | UnsetType = UNSET
    interval: Literal["daily", "manual", "monthly", "weekly"] | UnsetType = UNSET
    monthly_anchor: Number = UNSET
    monthly_payout_days: list[int] | UnsetType = UNSET
    weekly_anchor: Weekday | Literal["saturday", "sunday"] | UnsetType = UNSET
    weekly_payout_days: list[Weekday] | UnsetType = UNSET


class PayoutsParams(Part):
    debit_negative_balances: Flag = UNSET
    schedule: ScheduleParams | UnsetType = UNSET
    statement_descriptor: Text = UNSET


class SettingsParams(Part):
    branding: BrandingParams | UnsetType = UNSET
    card_payments: CardPaymentsParams | UnsetType = UNSET
    dashboard: DashboardParams | UnsetType = UNSET
    payments: PaymentsParams | UnsetType = UNSET
    payouts: PayoutsParams | UnsetType = UNSET


class BankAccountParams(Part):
    """A bank account by its numbers."""

    account_number: str
    country: str
    currency: Text = UNSET
    routing_number: Text = UNSET
    account_holder_name: Text = UNSET
    account_holder_type: Literal["", "company", "individual"] | UnsetType = UNSET
    account_type: Literal["checking", "futsu", "savings", "toza"] | UnsetType = UNSET


class CardParams(Part):
    """A debit card by its number."""

    number: str
    exp_month: int
    exp_year: int
    cvc: Text = UNSET
    currency: Text = UNSET
    name: Text = UNSET
    address_city: Text = UNSET
    address_country: Text = UNSET
    address_line1: Text = UNSET
    address_line2: Text = UNSET
    address_state: Text = UNSET
    address_zip: Text = UNSET


class BankAccountHash(BankAccountParams, tag_field="object", tag="bank_account"):
    """`external_account[object]=bank_account`."""


class CardHash(CardParams, tag_field="object", tag="card"):
    """`external_account[object]=card`."""

    default_for_currency: Flag = UNSET
    metadata: dict[str, str] | UnsetType = UNSET


ExternalAccountSource = str | BankAccountHash | CardHash


class FilesParams(Part):
    files: list[str] = []


class AccountDocumentsParams(Part):
    bank_account_ownership_verification: FilesParams | UnsetType = UNSET


class UpdateAccount(Params):
    """`POST /v1/accounts/{id}`."""

    account_token: Text = UNSET
    business_profile: BusinessProfileParams | UnsetType = UNSET
    business_type: BusinessType | UnsetType = UNSET
    capabilities: dict[str, CapabilityParams] | UnsetType = UNSET
    company: CompanyParams | UnsetType = UNSET
    default_currency: str | UnsetType = UNSET
    documents: AccountDocumentsParams | UnsetType = UNSET
    email: Text = UNSET
    external_account: ExternalAccountSource | UnsetType = UNSET
    individual: IndividualParams | UnsetType = UNSET
    metadata: Metadata = UNSET
    settings: SettingsParams | UnsetType = UNSET
    tos_acceptance: TosAcceptanceParams | UnsetType = UNSET


class TosAcceptancesParams(Part):
    account: DeclarationParams | UnsetType = UNSET


class PersonTokenParams(IndividualParams):
    """What a person's token holds."""

    additional_tos_acceptances: TosAcceptancesParams | UnsetType = UNSET
    nationality: Text = UNSET
    relationship: PersonRelationshipParams | UnsetType = UNSET


class PersonParams(PersonTokenParams):
    """`POST /v1/accounts/{id}/persons[/{person}]`."""

    expand: list[str] = []
    person_token: Text = UNSET


class AccountTokenParams(Part):
    """What an account's token holds."""

    business_type: BusinessType | UnsetType = UNSET
    company: CompanyParams | UnsetType = UNSET
    individual: IndividualParams | UnsetType = UNSET
    tos_shown_and_accepted: Flag = UNSET


class UpdateCapability(Params):
    """`POST /v1/accounts/{id}/capabilities/{name}`."""

    requested: Flag = UNSET


class RejectAccount(Params):
    """`POST /v1/accounts/{id}/reject`: the newest reasons, and the older one for fraud."""

    reason: Literal[
        "credit",
        "fraud",
        "fraud_no_intent_to_fulfill",
        "fraud_other",
        "fraud_payment_method_casher",
        "fraud_payment_method_tester",
        "other",
        "terms_of_service",
    ]
    payouts_action: Literal["none", "pause"] = "pause"


class CollectionOptionsParams(Part):
    fields: Literal["currently_due", "eventually_due"] | UnsetType = UNSET
    future_requirements: Literal["include", "omit"] | UnsetType = UNSET


class CreateAccountLink(Params):
    """`POST /v1/account_links`."""

    account: str
    type: Literal["account_onboarding", "account_update"]
    refresh_url: Text = UNSET
    return_url: Text = UNSET
    collect: Literal["currently_due", "eventually_due"] | UnsetType = UNSET
    collection_options: CollectionOptionsParams | UnsetType = UNSET


class AskQuestion(Params):
    """`POST /v1/counterfoil/information_requests`, ours: something a platform wants to know."""

    account: str
    title: str
    kind: Literal["choice", "details", "file", "text"] = "text"
    text: str = ""
    choices: list[str] = []
    details: list[str] = []  # of the kind `details`: requirements, as accounts name them
    days: int = 14  # until payouts stop
    starts_in_days: int = 0  # until then it is announced only: a future requirement


class FeesParams(Part):
    payer: Literal["account", "application"] | UnsetType = UNSET


class LossesParams(Part):
    payments: Literal["application", "stripe"] | UnsetType = UNSET


class StripeDashboardParams(Part):
    type: Literal["express", "full", "none"] | UnsetType = UNSET


class ControllerParams(Part):
    fees: FeesParams | UnsetType = UNSET
    losses: LossesParams | UnsetType = UNSET
    requirement_collection: Literal["application", "stripe"] | UnsetType = UNSET
    stripe_dashboard: StripeDashboardParams | UnsetType = UNSET


class CreateAccount(UpdateAccount):
    """`POST /v1/accounts`: what can be changed later, and what never can."""

    controller: ControllerParams | UnsetType = UNSET
    country: str | UnsetType = UNSET
    type: Literal["custom", "express", "standard"] | UnsetType = UNSET


class CreateExternalAccount(Params):
    """`POST /v1/accounts/{id}/external_accounts`."""

    external_account: ExternalAccountSource
    default_for_currency: Flag = UNSET
    metadata: Metadata = UNSET


class UpdateExternalAccount(Params):
    """`POST /v1/accounts/{id}/external_accounts/{x}`: numbers are never editable."""

    default_for_currency: Flag = UNSET
    metadata: Metadata = UNSET
    account_holder_name: Text = UNSET
    account_holder_type: Literal["", "company", "individual"] | UnsetType = UNSET
    account_type: Literal["checking", "futsu", "savings", "toza"] | UnsetType = UNSET
    exp_month: Number = UNSET
    exp_year: Number = UNSET
    name: Text = UNSET
    address_city: Text = UNSET
    address_country: Text = UNSET
    address_line1: Text = UNSET
    address_line2: Text = UNSET
    address_state: Text = UNSET
    address_zip: Text = UNSET


class CreateToken(Params):
    """`POST /v1/tokens`: exactly one of these."""

    account: AccountTokenParams | UnsetType = UNSET
    bank_account: BankAccountParams | UnsetType = UNSET
    card: CardParams | UnsetType = UNSET
    person: PersonTokenParams | UnsetType = UNSET
