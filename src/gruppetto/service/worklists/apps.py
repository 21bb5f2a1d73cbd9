from django.apps import AppConfig


class WorklistsConfig(AppConfig):
    name = "gruppetto.service.worklists"
    label = "worklists"
    verbose_name = "listes de travail"

    def ready(self) -> None:
        from gruppetto.service.worklists import events, jobs, privacy  # noqa: F401  (declare themselves)
