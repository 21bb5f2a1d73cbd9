from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "gruppetto.kernel.jobs"
    label = "jobs"
    verbose_name = "travaux"

    def ready(self) -> None:
        from gruppetto.kernel.jobs import jobs  # noqa: F401  (declares its schedule)
