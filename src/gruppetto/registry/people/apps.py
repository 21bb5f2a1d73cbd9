from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "gruppetto.registry.people"
    label = "people"
    verbose_name = "personnes"
