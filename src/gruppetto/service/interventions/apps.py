from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "gruppetto.service.interventions"
    label = "interventions"
    verbose_name = "interventions"
