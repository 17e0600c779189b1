from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "counterfoil.dashboard"
    label = "dashboard"
