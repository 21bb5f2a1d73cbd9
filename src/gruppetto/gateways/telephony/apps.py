from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    name = "gruppetto.gateways.telephony"
    label = "telephony"
    verbose_name = "téléphonie"

    def ready(self) -> None:
        from gruppetto.gateways.telephony import jobs  # noqa: F401  (declares its schedule)
