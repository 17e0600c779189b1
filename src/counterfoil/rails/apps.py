from django.apps import AppConfig


class RailsConfig(AppConfig):
    name = "counterfoil.rails"
    label = "rails"
