from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "gruppetto.registry.organisations"
    label = "organisations"
    verbose_name = "organismes"

    def ready(self) -> None:
        from gruppetto.registry.organisations import verbs  # noqa: F401  (declares its verbs to the journal)
