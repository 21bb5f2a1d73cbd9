from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "gruppetto.kernel.live"
    label = "live"
    verbose_name = "en direct"

    def ready(self) -> None:
        from gruppetto.kernel.live import jobs  # noqa: F401  (declares its job)
