from django.apps import AppConfig
from django.conf import settings


class ConfigConfig(AppConfig):
    """The assembly: commands, URLs, and which parts are plugged in."""

    name = "counterfoil.config"
    label = "config"

    def ready(self) -> None:
        from counterfoil.wording.catalogues import compile_catalogues

        compile_catalogues(settings.LOCALE_PATHS[0])
