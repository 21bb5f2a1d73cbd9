from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "gruppetto.service.interventions"
    label = "interventions"
    verbose_name = "interventions"

    def ready(self) -> None:
        from gruppetto.service.interventions import events, privacy  # noqa: F401  (declare themselves)
