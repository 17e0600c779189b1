from django.apps import AppConfig
from django.db.models.signals import post_migrate

from counterfoil.audit.triggers import install_triggers


class AuditConfig(AppConfig):
    name = "counterfoil.audit"
    label = "audit"

    def ready(self) -> None:
        # After every migration, because some of them remake tables and lose their triggers.
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="audit-triggers")
