from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "gruppetto.service.interventions"
    label = "interventions"
    verbose_name = "interventions"

    def ready(self) -> None:
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.service.interventions import events, facts, jobs, privacy  # noqa: F401  (declare themselves)

        subscribe(events.OPENED, "interventions.acknowledge")
        subscribe(events.ANSWERED, "interventions.owe_the_answer")
        subscribe("portfolio.handed_over", "interventions.follow_portfolio")
        subscribe("person.placed", "interventions.follow_portfolio")
