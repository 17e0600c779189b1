from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "counterfoil.console"
    label = "console"
