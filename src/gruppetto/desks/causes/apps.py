from django.apps import AppConfig


class CausesDeskConfig(AppConfig):
    name = "gruppetto.desks.causes"
    label = "causes_desk"
    verbose_name = "causes des contacts"
