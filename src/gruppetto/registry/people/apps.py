from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "gruppetto.registry.people"
    label = "people"
    verbose_name = "personnes"

    def ready(self) -> None:
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.registry.people import events, identity, jobs, privacy  # noqa: F401  (declare themselves)

        subscribe(events.LIST_TO_LOAD, jobs.LOAD)
