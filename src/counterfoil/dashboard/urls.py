from django.urls import path

from counterfoil.dashboard.views.activity import activity, activity_read
from counterfoil.dashboard.views.brand import brand_stylesheet
from counterfoil.dashboard.views.exports import export, export_file, new_export
from counterfoil.dashboard.views.home import home
from counterfoil.dashboard.views.patterns import patterns
from counterfoil.dashboard.views.payments import payment, payments
from counterfoil.dashboard.views.payouts import payout, payout_cancellation, payouts
from counterfoil.dashboard.views.reports import reconciliation, reports
from counterfoil.dashboard.views.transactions import transactions

urlpatterns = [
    path("", home, name="home"),
    path("payments", payments, name="payments"),
    path("payments/<str:payment_id>", payment, name="payment"),
    path("transactions", transactions, name="transactions"),
    path("payouts", payouts, name="payouts"),
    path("payouts/<str:payout_id>", payout, name="payout"),
    path("payouts/<str:payout_id>/cancellation", payout_cancellation, name="payout-cancellation"),
    path("reports", reports, name="reports"),
    path("reports/payouts", reconciliation, name="reconciliation"),
    path("exports/new", new_export, name="new-export"),
    path("exports/<str:export_id>", export, name="export"),
    path("exports/<str:export_id>/file", export_file, name="export-file"),
    path("activity", activity, name="activity"),
    path("activity/read", activity_read, name="activity-read"),
    path("patterns", patterns, name="patterns"),
    path("brand/<str:key>.css", brand_stylesheet, name="brand-stylesheet"),
]
