from django.apps import AppConfig


class InterventionsConfig(AppConfig):
    name = "gruppetto.service.interventions"
    label = "interventions"
    verbose_name = "interventions"

    def ready(self) -> None:
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.service.commitments.events import RECOMPUTE_ASKED
        from gruppetto.service.interventions import (  # noqa: F401  (declare themselves)
            events,
            facts,
            jobs,
            merging,
            privacy,
            promises,
        )

        subscribe(RECOMPUTE_ASKED, "interventions.recompute_promises")
        subscribe(events.OPENED, "interventions.acknowledge")
        subscribe(events.ANSWERED, "interventions.owe_the_answer")
        subscribe("portfolio.handed_over", "interventions.follow_portfolio")
        subscribe("staff.absence_declared", "interventions.follow_absence")
        subscribe("person.placed", "interventions.follow_portfolio")
        subscribe("people.merged", "interventions.follow_portfolio")
        subscribe("people.unmerged", "interventions.follow_portfolio")
