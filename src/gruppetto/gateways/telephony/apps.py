from django.apps import AppConfig


class TelephonyConfig(AppConfig):
    name = "gruppetto.gateways.telephony"
    label = "telephony"
    verbose_name = "téléphonie"
