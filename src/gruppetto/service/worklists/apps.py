from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    name = "gruppetto.service.worklists"
    label = "worklists"
    verbose_name = "listes de travail"
