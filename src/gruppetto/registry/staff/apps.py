from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "gruppetto.registry.staff"
    label = "staff"
    verbose_name = "équipe"
