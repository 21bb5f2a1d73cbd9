from django.apps import AppConfig


class SmsConfig(AppConfig):
    name = "gruppetto.gateways.sms"
    label = "sms"
    verbose_name = "SMS"

    def ready(self) -> None:
        from django.conf import settings

        from gruppetto.gateways.sms import jobs  # noqa: F401  (declares its schedule)
        from gruppetto.gateways.sms.carrier import SmsCarrier
        from gruppetto.service.messages.ports import use_carrier

        if settings.GRUPPETTO_SMS_URL:
            use_carrier(
                "sms",
                SmsCarrier(
                    settings.GRUPPETTO_SMS_URL,
                    settings.GRUPPETTO_SMS_TOKEN,
                    settings.GRUPPETTO_SMS_SENDER,
                    settings.GRUPPETTO_SMS_CALLBACK,
                ),
            )
