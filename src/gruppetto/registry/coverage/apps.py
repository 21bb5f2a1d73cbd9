from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "gruppetto.registry.coverage"
    label = "coverage"
    verbose_name = "territoires"
