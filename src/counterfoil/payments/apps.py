from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "counterfoil.payments"
    label = "payments"
