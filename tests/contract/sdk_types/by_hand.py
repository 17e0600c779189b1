"""Answers written from the published examples, not from the types: what the validator is held to.

Every field of every one of them must be there.
"""

from typing import Any


def _address() -> dict[str, Any]:
    return dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))


def _card_details() -> dict[str, Any]:
    return {
        "amount_authorized": None,
        "authorization_code": None,
        "brand": "visa",
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": "US",
        "electronic_commerce_indicator": None,
        "exp_month": 8,
        "exp_year": 2030,
        "extended_authorization": {"status": "disabled"},
        "fingerprint": "cf7Xk2",
        "funding": "credit",
        "incremental_authorization": {"status": "unavailable"},
        "installments": None,
        "last4": "4242",
        "mandate": None,
        "multicapture": {"status": "unavailable"},
        "network": "visa",
        "network_token": {"used": False},
        "network_transaction_id": None,
        "overcapture": {"maximum_amount_capturable": 5000, "status": "unavailable"},
        "regulated_status": None,
        "three_d_secure": None,
        "transaction_link_id": None,
        "wallet": None,
    }


CHARGE: dict[str, Any] = {
    "id": "ch_1",
    "object": "charge",
    "amount": 5000,
    "amount_captured": 5000,
    "amount_refunded": 0,
    "application": "ca_1",
    "application_fee": "fee_1",
    "application_fee_amount": 500,
    "balance_transaction": "txn_1",
    "billing_details": {
        "address": _address(),
        "email": None,
        "name": "Ada Seller",
        "phone": None,
        "tax_id": None,
    },
    "calculated_statement_descriptor": "COUNTERFOIL",
    "captured": True,
    "created": 1_790_000_000,
    "currency": "usd",
    "customer": None,
    "description": None,
    "disputed": False,
    "failure_balance_transaction": None,
    "failure_code": None,
    "failure_message": None,
    "fraud_details": {},
    "livemode": False,
    "metadata": {"any_key": "17"},
    "on_behalf_of": None,
    "outcome": {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "seller_message": "Payment complete.",
        "type": "authorized",
    },
    "paid": True,
    "payment_intent": "pi_1",
    "payment_method": "pm_1",
    "payment_method_details": {"type": "card", "card": _card_details()},
    "receipt_email": None,
    "receipt_number": None,
    "receipt_url": None,
    "refunded": False,
    "review": None,
    "shipping": None,
    "source": None,
    "source_transfer": None,
    "statement_descriptor": None,
    "statement_descriptor_suffix": None,
    "status": "succeeded",
    "transfer_data": {"amount": None, "destination": "acct_1"},
    "transfer_group": None,
}

BALANCE: dict[str, Any] = {
    "object": "balance",
    "livemode": False,
    "available": [{"amount": -200, "currency": "usd", "source_types": {}}],
    "pending": [{"amount": 4500, "currency": "usd", "source_types": {}}],
}

BALANCE_TRANSACTION: dict[str, Any] = {
    "id": "txn_1",
    "object": "balance_transaction",
    "amount": 5000,
    "available_on": 1_790_200_000,
    "balance_type": "payments",
    "created": 1_790_000_000,
    "currency": "usd",
    "description": None,
    "exchange_rate": None,
    "fee": 175,
    "fee_details": [
        {
            "amount": 175,
            "application": None,
            "currency": "usd",
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ],
    "net": 4825,
    "reporting_category": "charge",
    "source": "ch_1",
    "status": "pending",
    "type": "charge",
}

BANK_ACCOUNT: dict[str, Any] = {
    "id": "ba_1",
    "object": "bank_account",
    "account": "acct_1",
    "account_holder_name": "Ada Seller",
    "account_holder_type": "individual",
    "account_type": None,
    "available_payout_methods": ["standard"],
    "bank_name": "STRIPE TEST BANK",
    "country": "US",
    "currency": "usd",
    "default_for_currency": True,
    "fingerprint": None,
    "last4": "6789",
    "metadata": {},
    "routing_number": "110000000",
    "status": "new",
}

LOGIN_LINK: dict[str, Any] = {
    "object": "login_link",
    "created": 1_790_000_000,
    "url": "https://example.com/express/acct_1/abc",
}

EVENT: dict[str, Any] = {
    "id": "evt_1",
    "object": "event",
    "api_version": "2026-10-28.endive",
    "created": 1_790_000_000,
    "data": {"object": LOGIN_LINK},
    "livemode": False,
    "pending_webhooks": 0,
    "request": {"id": None, "idempotency_key": None},
    "type": "charge.succeeded",
}

BY_HAND = (CHARGE, BALANCE, BALANCE_TRANSACTION, BANK_ACCOUNT, LOGIN_LINK, EVENT)

# The fields of the published examples, in objects too long to write out.
ALWAYS: dict[str, str] = {
    "account": (
        "business_profile business_type capabilities charges_enabled controller country "
        "created default_currency details_submitted email external_accounts "
        "future_requirements id metadata object payouts_enabled requirements settings "
        "tos_acceptance type"
    ),
    "application_fee": (
        "account amount amount_refunded application balance_transaction charge created "
        "currency fee_source id livemode object originating_transaction refunded refunds"
    ),
    "capability": (
        "account future_requirements id object requested requested_at requirements status"
    ),
    "card": (
        "address_city address_country address_line1 address_line1_check address_line2 "
        "address_state address_zip address_zip_check brand country cvc_check dynamic_last4 "
        "exp_month exp_year fingerprint funding id last4 metadata name object "
        "regulated_status tokenization_method"
    ),
    "payment_intent": (
        "amount amount_capturable amount_details amount_received application "
        "application_fee_amount automatic_payment_methods canceled_at cancellation_reason "
        "capture_method client_secret confirmation_method created currency customer "
        "customer_account description excluded_payment_method_types id last_payment_error "
        "latest_charge livemode managed_payments metadata next_action object on_behalf_of "
        "payment_method payment_method_configuration_details payment_method_options "
        "payment_method_types processing receipt_email review setup_future_usage shipping "
        "source statement_descriptor statement_descriptor_suffix status transfer_data "
        "transfer_group"
    ),
    "person": (
        "account additional_tos_acceptances created dob first_name future_requirements id "
        "id_number_provided last_name metadata object relationship requirements "
        "ssn_last_4_provided verification"
    ),
    "token": ("client_ip created id livemode object type used"),
    "transfer": (
        "amount amount_reversed balance_transaction created currency description destination "
        "destination_payment id livemode metadata object reversals reversed "
        "source_transaction source_type transfer_group"
    ),
}
