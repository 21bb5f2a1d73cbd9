from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "gruppetto.desks.supervision"
    label = "supervision"
    verbose_name = "responsable"
