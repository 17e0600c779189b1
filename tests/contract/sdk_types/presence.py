"""Which `Optional` fields of the Python SDK must be there, and which of them may be null.

The Python SDK writes `Optional[X]` for "may be null" and for "may be left out". Where these facts
come from, strongest first:

1. the type declarations of the official Node SDK of the same API version (`stripe` 23.1.0,
   2026-10-28.endive), which keep the two apart: `x: T | null` against `x?: T`. They and the Python
   classes have the same 9,648 fields in 153 objects and differ over optionality in twelve;
2. the published example objects: a field that may be left out by type but that the example always
   carries must be there too, marked `!` when it is not null either. They hold no null where the
   Node SDK has none;
3. exceptions, each with its reason beside it.

The rule for an `Optional` field that is not named here: it must be there and may be null.
Objects that we do not serve are not listed: extend the table before serving one.

Keys are class names below `stripe` (`Charge.Outcome`), or `.Name` for a nested class wherever it
stands. Values are words: `*` is every other `Optional` field of the class; then

    name            may be left out, never null
    name|null       may be left out, may be null
    name!           must be there, never null
    name!|null      must be there, may be null
    name@a+b        must be there when `a` or `b` is there and not null, and only then;
                    with |null it may be null
"""

import re
from collections.abc import Mapping
from functools import cache

_WORD = re.compile(r"(?P<name>\*|\w+)(?P<suffix>(!|@[\w+]+)?(\|null)?)")

PRESENCE: Mapping[str, str] = {
    # -- wherever it stands
    ".SourceTypes": "*",  # one amount per kind of payment that made the balance
    # -- accounts
    # `company` and `individual` go by `business_type`.
    "Account": (
        "business_profile! capabilities! charges_enabled! company controller! country! created!"
        " default_currency! details_submitted! external_accounts! future_requirements!"
        " groups|null individual metadata! payouts_enabled! requirements! settings!"
        " tos_acceptance! type!"
    ),
    "Account.BusinessProfile": "monthly_estimated_revenue",
    "Account.Capabilities": "*",  # those asked for
    "Account.Company": (
        "* address_kana|null address_kanji|null directorship_declaration|null name|null"
        " name_kana|null name_kanji|null ownership_declaration|null phone|null"
        " representative_declaration|null verification|null"
    ),
    "Account.Controller": "*",  # only `type` is for those who do not control the account
    "Account.Settings": (
        "bacs_debit_payments! card_issuing! invoices! payouts! paypay_payments"
        " sepa_debit_payments! treasury"
    ),
    "Account.Settings.CardIssuing": "tos_acceptance!",
    "Account.Settings.CardIssuing.TosAcceptance": "user_agent",
    "Account.Settings.CardPayments": "decline_on!",
    "Account.Settings.Payouts.Schedule": "*",  # anchors go by `interval`
    "Account.Settings.SepaDebitPayments": "creditor_id",
    "Account.TosAcceptance": "service_agreement",
    "Capability": "future_requirements! requirements!",
    # They hang on an account or a customer or, without these fields, in a token; payouts go to
    # those of an account only (reference api.md 2.7).
    "BankAccount": (
        "account|null available_payout_methods@account|null customer|null"
        " default_for_currency@account|null future_requirements|null"
        " metadata@account+customer|null requirements|null"
    ),
    "Card": (
        "account|null allow_redisplay|null available_payout_methods@account|null"
        " currency@account|null customer|null default_for_currency@account|null description iin"
        " issuer networks status|null"
    ),
    "Person": (
        "account! additional_tos_acceptances! address address_kana|null address_kanji|null dob!"
        " email|null first_name_kana|null first_name_kanji|null full_name_aliases gender|null"
        " id_number_provided! id_number_secondary_provided last_name_kana|null"
        " last_name_kanji|null maiden_name|null metadata! nationality|null phone|null"
        " political_exposure registered_address relationship! ssn_last_4_provided!"
        " us_cfpb_data|null verification!"
    ),
    "Person.Verification": "document!",
    # -- balance
    "Balance": "*",  # `connect_reserved` is the platform's alone, though the example has it
    "Balance.Available": "source_types!",
    "Balance.ConnectReserved": "source_types",
    "Balance.InstantAvailable": "net_available source_types",  # the first only when expanded
    "Balance.InstantAvailable.NetAvailable": "source_types",
    "Balance.Issuing.Available": "source_types",
    "Balance.Pending": "source_types!",
    "Balance.RefundAndDisputePrefunding.Available": "source_types",
    "Balance.RefundAndDisputePrefunding.Pending": "source_types",
    "BalanceSettings.Payments.Payouts.Schedule": "monthly_payout_days weekly_payout_days",
    "BalanceSettings.Payments.SettlementTiming": "delay_days_override",
    # -- payments
    # `refunds` only when expanded (reference api.md 1.4), though the example has it.
    "Charge": "authorization_code level3 presentment_details radar_options refunds|null transfer",
    "Charge.FraudDetails": "*",
    "Charge.Level3": "*",
    "Charge.Outcome": "risk_level risk_score rule",  # with Radar only
    "Charge.PaymentMethodDetails": "*",
    "Charge.PaymentMethodDetails.Card": (
        "capture_before description|null extended_authorization! iin|null"
        " incremental_authorization! issuer|null moto|null multicapture! overcapture!"
        " setup_credential_usage stored_credential_usage"
    ),
    "Charge.PaymentMethodDetails.Card.ThreeDSecure": "exemption_indicator_applied",
    "Charge.PaymentMethodDetails.Card.Wallet": "* dynamic_last4!|null",
    "Charge.PaymentMethodDetails.Link": "funding_source_group",
    "Charge.PaymentMethodDetails.SepaDebit": "expected_debit_date",
    "Charge.PaymentMethodDetails.UsBankAccount": "expected_debit_date mandate",
    "Charge.RadarOptions": "session",
    "Charge.Shipping": "* carrier|null phone|null tracking_number|null",
    "PaymentIntent": "amount_details! hooks payment_details presentment_details",
    "PaymentIntent.AmountDetails": "* tip!",
    "PaymentIntent.AmountDetails.Tip": "amount",
    "PaymentIntent.AutomaticPaymentMethods": "allow_redirects",
    "PaymentIntent.LastPaymentError": "*",
    "PaymentIntent.NextAction": "*",
    "PaymentIntent.PaymentMethodOptions": "*",
    "PaymentIntent.PaymentMethodOptions.Card": (
        "* installments!|null mandate_options!|null network!|null request_three_d_secure!|null"
    ),
    "PaymentIntent.PaymentMethodOptions.Link": "capture_method setup_future_usage",
    "PaymentIntent.PaymentMethodOptions.SepaDebit": "*",
    "PaymentIntent.PaymentMethodOptions.SepaDebit.MandateOptions": "reference_prefix",
    "PaymentIntent.PaymentMethodOptions.UsBankAccount": "*",
    "PaymentIntent.Processing": "card",
    "PaymentIntent.Processing.Card": "customer_notification",
    "PaymentIntent.Shipping": "* carrier|null phone|null tracking_number|null",
    "PaymentIntent.TransferData": "*",
    "PaymentIntent.TransferData.PaymentData": "*",
    "PaymentMethod": "* allow_redisplay! customer!|null customer_account!|null metadata!|null",
    "PaymentMethod.Card": "description|null iin|null issuer|null",
    "PaymentMethod.Card.Wallet": "* dynamic_last4!|null",
    "PaymentMethod.Link": "persistent_token",
    "PaymentMethod.UsBankAccount.StatusDetails": "blocked",
    "Token": "bank_account card",
    "Customer": (
        "balance! business_name cash_balance|null currency|null customer_account|null"
        " individual_name invoice_credit_balance invoice_settings! metadata!"
        " next_invoice_sequence! sources subscriptions tax tax_ids"
    ),
    "Customer.Shipping": "* carrier|null phone|null tracking_number|null",
    # -- moving money
    "ApplicationFee.FeeSource": "*",  # the one that `type` names
    "Transfer": "destination_payment! source_type!",
    "Topup": "payment_method|null payment_method_options|null",
    # -- after the payment
    # Not for payments without a card, though the example has `destination_details`.
    "Refund": (
        "description destination_details failure_balance_transaction failure_reason"
        " instructions_email next_action pending_reason presentment_details"
    ),
    "Refund.DestinationDetails": "*",
    "Refund.DestinationDetails.Card": "*",
    "Refund.NextAction": "display_details",
    "Dispute": "network_reason_code|null payment_method_details!",
    "Dispute.Evidence": "appeal|null",
    "Dispute.Evidence.Appeal": "card",
    "Dispute.Evidence.Appeal.Card": "*",
    "Dispute.Evidence.EnhancedEvidence": "*",
    "Dispute.EvidenceDetails.EnhancedEligibility": "*",
    "Dispute.PaymentMethodDetails": "*",
    "Review": "payment_intent",
    "radar.EarlyFraudWarning": "payment_intent",
    # -- the rest
    "Event": "account context",  # `account` on events of connected accounts
    "Event.Data": "previous_attributes",  # on `*.updated`
    "File": "links|null",
    "reporting.ReportRun.Parameters": "*",  # go by the type of report
    "TaxId.Owner": "* customer_account!|null",  # the one that `type` names
    "WebhookEndpoint": "secret",  # in the answer that creates it
    # The SDK: "the API will omit attributes in error objects when they have a null value".
    "ErrorObject": "* message!",
}


def presence_of(class_name: str, field: str, optional: bool) -> tuple[bool, bool, tuple[str, ...]]:
    """(may it be null, must it be there, beside which other fields must and may it be there)."""
    if not optional:
        return False, True, ()
    words = _words_of(class_name)
    suffix = words.get(field, words.get("*", "!|null"))
    presence = suffix.removesuffix("|null")
    beside = tuple(presence[1:].split("+")) if presence.startswith("@") else ()
    return suffix.endswith("|null"), presence == "!", beside


@cache
def _words_of(class_name: str) -> dict[str, str]:
    """Field or `*` -> what follows it: `!`, `@a+b` or nothing, with or without `|null`."""
    anywhere = "." + class_name.rpartition(".")[2]
    words = PRESENCE.get(class_name, PRESENCE.get(anywhere, "")).split()
    parts = {}
    for word in words:
        match = _WORD.fullmatch(word)
        assert match is not None, f"{class_name}: {word!r} is no word of this table"
        parts[match["name"]] = match["suffix"]
    return parts
