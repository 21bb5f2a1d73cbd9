from django.apps import AppConfig


class CallDeskConfig(AppConfig):
    name = "gruppetto.desks.call_desk"
    label = "call_desk"
    verbose_name = "plate-forme"
