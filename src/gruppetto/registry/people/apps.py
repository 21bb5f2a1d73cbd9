from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "gruppetto.registry.people"
    label = "people"
    verbose_name = "personnes"

    def ready(self) -> None:
        from gruppetto.kernel.actors.sentences import sentence
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.registry.people import events, identity, jobs, privacy  # noqa: F401  (declare themselves)
        from gruppetto.registry.people.duplicates import own_rows  # noqa: F401  (declares itself)

        sentence(
            "a_merge_is_settled_by_who_makes_it", _("Seul le responsable qui décide réunit deux fiches.")
        )

        subscribe(events.LIST_TO_LOAD, jobs.LOAD)
        for topic in (events.ADDED, events.CHANGED, events.MOVED_HOME, events.UNMERGED):
            subscribe(topic, jobs.LOOK)
