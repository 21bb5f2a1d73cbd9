from django.apps import AppConfig


class FindingConfig(AppConfig):
    name = "gruppetto.service.finding"
    label = "finding"
    verbose_name = "recherche"

    def ready(self) -> None:
        from gruppetto.service.finding import events, jobs, privacy  # noqa: F401  (declare themselves)
