from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The assembly: commands, URLs, and which parts are plugged in."""

    name = "counterfoil.config"
    label = "config"
