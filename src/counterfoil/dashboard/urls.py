from django.urls import path

from counterfoil.dashboard.views.activity import activity, activity_read
from counterfoil.dashboard.views.brand import brand_stylesheet
from counterfoil.dashboard.views.business import (
    business,
    people,
    person,
    person_removal,
    public,
    settings_detail,
)
from counterfoil.dashboard.views.captures import payment_cancellation, payment_capture
from counterfoil.dashboard.views.closing import closing
from counterfoil.dashboard.views.contact import contact, contact_code
from counterfoil.dashboard.views.disputes import (
    dispute,
    dispute_acceptance,
    dispute_submission,
    disputes,
)
from counterfoil.dashboard.views.evidence import evidence, evidence_file
from counterfoil.dashboard.views.exports import (
    data,
    data_file,
    export,
    export_file,
    new_export,
)
from counterfoil.dashboard.views.factors import (
    app_new,
    factor_new,
    factor_removal,
    offer_answer,
    passkey_new,
    recovery_codes,
)
from counterfoil.dashboard.views.holder_code import onboarding_code
from counterfoil.dashboard.views.home import home
from counterfoil.dashboard.views.onboarding import (
    account_link,
    onboarding,
    onboarding_leave,
    onboarding_step,
)
from counterfoil.dashboard.views.patterns import patterns
from counterfoil.dashboard.views.pay_out import payout_new
from counterfoil.dashboard.views.payments import payment, payments
from counterfoil.dashboard.views.payout_cards import payout_card_new
from counterfoil.dashboard.views.payout_settings import (
    payout_account_confirmation,
    payout_account_default,
    payout_account_new,
    payout_account_removal,
    payout_schedule,
    payout_settings,
)
from counterfoil.dashboard.views.payouts import payout, payout_cancellation, payouts
from counterfoil.dashboard.views.prefunding import prefunding_addition, prefunding_withdrawal
from counterfoil.dashboard.views.profile import language, profile
from counterfoil.dashboard.views.refunds import refund, refund_cancellation, refund_preview
from counterfoil.dashboard.views.reports import reconciliation, reports
from counterfoil.dashboard.views.requirements import requirement, requirements
from counterfoil.dashboard.views.security import (
    security,
    security_log,
    session_end,
    sessions_end,
)
from counterfoil.dashboard.views.settings import marketplace, settings
from counterfoil.dashboard.views.transactions import transactions

urlpatterns = [
    path("", home, name="home"),
    path("payments", payments, name="payments"),
    path("payments/<str:payment_id>", payment, name="payment"),
    path("payments/<str:payment_id>/refund", refund, name="refund"),
    path("payments/<str:payment_id>/refund/preview", refund_preview, name="refund-preview"),
    path("payments/<str:payment_id>/capture", payment_capture, name="payment-capture"),
    path(
        "payments/<str:payment_id>/cancellation",
        payment_cancellation,
        name="payment-cancellation",
    ),
    path("disputes", disputes, name="disputes"),
    path("disputes/<str:dispute_id>", dispute, name="dispute"),
    path("disputes/<str:dispute_id>/evidence", evidence, name="evidence"),
    path("disputes/<str:dispute_id>/evidence/<str:name>", evidence_file, name="evidence-file"),
    path("disputes/<str:dispute_id>/submission", dispute_submission, name="dispute-submission"),
    path("disputes/<str:dispute_id>/acceptance", dispute_acceptance, name="dispute-acceptance"),
    path("refunds/<str:refund_id>/cancellation", refund_cancellation, name="refund-cancellation"),
    path("transactions", transactions, name="transactions"),
    path("payouts", payouts, name="payouts"),
    path("payouts/new", payout_new, name="payout-new"),
    path("payouts/<str:payout_id>", payout, name="payout"),
    path("payouts/<str:payout_id>/cancellation", payout_cancellation, name="payout-cancellation"),
    path("reports", reports, name="reports"),
    path("reports/payouts", reconciliation, name="reconciliation"),
    path("exports/new", new_export, name="new-export"),
    path("exports/<str:export_id>", export, name="export"),
    path("exports/<str:export_id>/file", export_file, name="export-file"),
    path("activity", activity, name="activity"),
    path("activity/read", activity_read, name="activity-read"),
    path("language", language, name="language"),
    path("settings", settings, name="settings"),
    path("settings/profile", profile, name="profile"),
    path("settings/profile/<str:what>", contact, name="contact"),
    path("settings/profile/<str:what>/code", contact_code, name="contact-code"),
    path("settings/business", business, name="business"),
    path("settings/public", public, name="public"),
    path("settings/people", people, name="people"),
    path("settings/people/<str:person_id>", person, name="person"),
    path("settings/people/<str:person_id>/removal", person_removal, name="person-removal"),
    path("settings/details/<str:name>", settings_detail, name="settings-detail"),
    path("settings/closing", closing, name="closing"),
    path("settings/data", data, name="data"),
    path("settings/data/<str:export_id>", data_file, name="data-file"),
    path("settings/marketplace", marketplace, name="marketplace"),
    path("settings/security", security, name="security"),
    path("settings/security/factors", factor_new, name="factor-new"),
    path("settings/security/app", app_new, name="app-new"),
    path("settings/security/passkey", passkey_new, name="passkey-new"),
    path("settings/security/offer", offer_answer, name="offer-answer"),
    path("settings/security/recovery", recovery_codes, name="recovery-codes"),
    path(
        "settings/security/factors/<str:factor_id>/removal", factor_removal, name="factor-removal"
    ),
    path("settings/security/log", security_log, name="security-log"),
    path("settings/security/sessions", sessions_end, name="sessions-end"),
    path("settings/security/sessions/<str:session_id>", session_end, name="session-end"),
    path("settings/payouts", payout_settings, name="payout-settings"),
    path("settings/payouts/schedule", payout_schedule, name="payout-schedule"),
    path("settings/payouts/cards/new", payout_card_new, name="payout-card-new"),
    path("settings/payouts/accounts/new", payout_account_new, name="payout-account-new"),
    path(
        "settings/payouts/accounts/<str:external_id>/default",
        payout_account_default,
        name="payout-account-default",
    ),
    path(
        "settings/payouts/accounts/<str:external_id>/confirmation",
        payout_account_confirmation,
        name="payout-account-confirmation",
    ),
    path(
        "settings/payouts/accounts/<str:external_id>/removal",
        payout_account_removal,
        name="payout-account-removal",
    ),
    path("prefunding/addition", prefunding_addition, name="prefunding-addition"),
    path("prefunding/withdrawal", prefunding_withdrawal, name="prefunding-withdrawal"),
    path("requirements", requirements, name="requirements"),
    path("requirements/<str:name>", requirement, name="requirement"),
    path("onboarding", onboarding, name="onboarding"),
    path("onboarding/leaving", onboarding_leave, name="onboarding-leave"),
    path("onboarding/code", onboarding_code, name="onboarding-code"),
    path("onboarding/steps/<str:name>", onboarding_step, name="onboarding-step"),
    path("onboarding/<str:token>", account_link, name="account-link"),
    path("patterns", patterns, name="patterns"),
    path("brand/<str:key>.css", brand_stylesheet, name="brand-stylesheet"),
]
