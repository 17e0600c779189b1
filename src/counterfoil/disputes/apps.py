from django.apps import AppConfig


class DisputesConfig(AppConfig):
    name = "counterfoil.disputes"
    label = "disputes"
