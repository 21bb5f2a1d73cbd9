from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "gruppetto.service.messages"
    label = "service_messages"
    verbose_name = "messages"
