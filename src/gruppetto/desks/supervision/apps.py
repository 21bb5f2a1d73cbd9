from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    name = "gruppetto.desks.supervision"
    label = "supervision"
    verbose_name = "responsable"

    def ready(self) -> None:
        from gruppetto.desks.supervision.live_figures import declare

        declare()
