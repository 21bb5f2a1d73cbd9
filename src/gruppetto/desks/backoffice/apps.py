from django.apps import AppConfig


class BackofficeConfig(AppConfig):
    name = "gruppetto.desks.backoffice"
    label = "backoffice"
    verbose_name = "gestion"

    def ready(self) -> None:
        from gruppetto.desks.backoffice import events  # noqa: F401  (declare themselves)
