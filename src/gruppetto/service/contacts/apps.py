from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "gruppetto.service.contacts"
    label = "contacts"
    verbose_name = "contacts"

    def ready(self) -> None:
        from gruppetto.kernel.actors.sentences import sentence
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.service.contacts import events, facts, jobs, merging, privacy, standing  # noqa: F401  (declare themselves)

        subscribe(events.TO_PLACE, "contacts.place_call")
        subscribe(events.TO_CONNECT, "contacts.connect")
        subscribe(events.CALL_BACK_GIVEN_UP, "contacts.write_instead")
        sentence(
            "a_person_is_opened_during_a_contact", _("Un dossier s’ouvre pendant un contact que vous tenez.")
        )
