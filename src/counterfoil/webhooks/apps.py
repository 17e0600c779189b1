from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "counterfoil.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        from counterfoil.events.operations import listen_to_events
        from counterfoil.webhooks.scheduling import schedule_deliveries

        listen_to_events(schedule_deliveries)
