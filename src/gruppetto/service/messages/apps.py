from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "gruppetto.service.messages"
    # "messages" is the label of a room of Django's own.
    label = "service_messages"
    verbose_name = "messages"

    def ready(self) -> None:
        from gruppetto.service.messages import events, privacy  # noqa: F401  (declare themselves)
