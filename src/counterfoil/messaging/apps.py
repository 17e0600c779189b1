from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "counterfoil.messaging"
    label = "messaging"

    def ready(self) -> None:
        # A setting that cannot work stops the start, not the first sign-in at night.
        from counterfoil.messaging.operations import transport_of

        transport_of("email")
        transport_of("sms")
