from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "gruppetto.registry.people"
    label = "people"
    verbose_name = "personnes"

    def ready(self) -> None:
        from gruppetto.registry.people import events, identity, privacy  # noqa: F401  (declare themselves)
