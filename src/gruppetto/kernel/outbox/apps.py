from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "gruppetto.kernel.outbox"
    label = "outbox"
    verbose_name = "faits à relayer"
