from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "gruppetto.service.contacts"
    label = "contacts"
    verbose_name = "contacts"

    def ready(self) -> None:
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.service.contacts import events, facts, jobs, privacy  # noqa: F401  (declare themselves)

        subscribe(events.TO_PLACE, "contacts.place_call")
        subscribe(events.TO_CONNECT, "contacts.connect")
