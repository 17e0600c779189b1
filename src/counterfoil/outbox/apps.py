from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    name = "counterfoil.outbox"
    label = "outbox"

    def ready(self) -> None:
        # Each package declares what it can do for the worker in its `tasks.py`.
        autodiscover_modules("tasks")
