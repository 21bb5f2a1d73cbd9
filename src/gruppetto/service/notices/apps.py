from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "gruppetto.service.notices"
    label = "notices"
    verbose_name = "nouvelles données aux personnes"

    def ready(self) -> None:
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.service.commitments import events as promises
        from gruppetto.service.interventions import events as work
        from gruppetto.service.notices import jobs  # noqa: F401  (declare themselves)

        subscribe(promises.NEAR, "notices.near")
        subscribe(promises.MOVED, "notices.moved")
        subscribe(work.ANSWERED, "notices.answered")
