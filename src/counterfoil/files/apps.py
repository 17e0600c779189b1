from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "counterfoil.files"
    label = "files"
