from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "gruppetto.kernel.access"
    label = "access"
    verbose_name = "accès"

    def ready(self) -> None:
        from gruppetto.kernel.access import jobs, signals  # noqa: F401  (they connect themselves)
