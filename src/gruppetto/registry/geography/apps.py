from django.apps import AppConfig


class GeographyConfig(AppConfig):
    name = "gruppetto.registry.geography"
    label = "geography"
    verbose_name = "géographie"
