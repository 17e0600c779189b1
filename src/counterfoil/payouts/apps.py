from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "counterfoil.payouts"
    label = "payouts"
