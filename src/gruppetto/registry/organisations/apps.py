from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "gruppetto.registry.organisations"
    label = "organisations"
    verbose_name = "organismes"
