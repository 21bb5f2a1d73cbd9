from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "gruppetto.kernel.files"
    label = "files"
    verbose_name = "fichiers"
