from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "gruppetto.service.messages"
    # "messages" is the label of a room of Django's own.
    label = "service_messages"
    verbose_name = "messages"

    def ready(self) -> None:
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.registry.coverage.events import PLACED
        from gruppetto.service.messages import events, jobs, merging, privacy  # noqa: F401  (declare themselves)

        subscribe(PLACED, "messages.tell_of_placement")
        subscribe("portfolio.handed_over", "messages.tell_of_hand_over")
        subscribe(events.PREPARED, "messages.route")
        subscribe(events.REPORTED, "messages.report")
        subscribe(events.CODE_ASKED, "messages.code")
