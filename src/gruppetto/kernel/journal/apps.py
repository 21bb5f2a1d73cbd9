from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "gruppetto.kernel.journal"
    label = "journal"
    verbose_name = "journal"
