from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "counterfoil.access"
    label = "access"

    def ready(self) -> None:
        from counterfoil.access.redaction import keep_tokens_out_of_logs

        keep_tokens_out_of_logs()
