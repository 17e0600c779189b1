from django.apps import AppConfig
from django.db.models.signals import post_migrate

from counterfoil.ledger.triggers import install_triggers


class LedgerConfig(AppConfig):
    name = "counterfoil.ledger"
    label = "ledger"

    def ready(self) -> None:
        # After every migration, because some of them remake tables and lose their triggers.
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="ledger-triggers")
