from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "counterfoil.api"
    label = "api"
