from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "gruppetto.service.visits"
    label = "visits"
    verbose_name = "visites"

    def ready(self) -> None:
        from gruppetto.service.visits import events, jobs, merging, privacy  # noqa: F401  (declare themselves)
