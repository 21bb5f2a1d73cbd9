from django.apps import AppConfig


class CoverageConfig(AppConfig):
    name = "gruppetto.registry.coverage"
    label = "coverage"
    verbose_name = "territoires"

    def ready(self) -> None:
        from gruppetto.registry.coverage import events, merging, privacy  # noqa: F401  (declare themselves)
