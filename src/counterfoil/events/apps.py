from django.apps import AppConfig


class EventsConfig(AppConfig):
    name = "counterfoil.events"
    label = "events"
