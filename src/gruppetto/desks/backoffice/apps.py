from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "gruppetto.desks.backoffice"
    label = "backoffice"
    verbose_name = "gestion"
