from django.apps import AppConfig


class PlatformsConfig(AppConfig):
    name = "counterfoil.platforms"
    label = "platforms"
