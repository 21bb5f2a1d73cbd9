from django.apps import AppConfig


class CorrespondentConfig(AppConfig):
    name = "gruppetto.desks.correspondent"
    label = "correspondent"
    verbose_name = "correspondant"

    def ready(self) -> None:
        from gruppetto.desks.correspondent import events  # noqa: F401  (declares itself)
