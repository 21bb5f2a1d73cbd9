from django.apps import AppConfig


class CoordinatesConfig(AppConfig):
    name = "gruppetto.service.coordinates"
    label = "coordinates"
    verbose_name = "coordonnées"

    def ready(self) -> None:
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.registry.people.events import CHANGED
        from gruppetto.service.coordinates import events, jobs, privacy  # noqa: F401  (declare themselves)

        subscribe(CHANGED, jobs.WEIGH)
