from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "gruppetto.service.catalogue"
    label = "catalogue"
    verbose_name = "catalogue"
