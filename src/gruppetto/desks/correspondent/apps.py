from django.apps import AppConfig


class CorrespondentConfig(AppConfig):
    name = "gruppetto.desks.correspondent"
    label = "correspondent"
    verbose_name = "correspondant"
