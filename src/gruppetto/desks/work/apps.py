from django.apps import AppConfig


class WorkConfig(AppConfig):
    name = "gruppetto.desks.work"
    label = "work"
    verbose_name = "listes de demandes"
