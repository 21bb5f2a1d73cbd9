from django.apps import AppConfig


class MailConfig(AppConfig):
    name = "gruppetto.gateways.mail"
    label = "mail"
    verbose_name = "courriel"

    def ready(self) -> None:
        from django.conf import settings

        from gruppetto.gateways.mail.server import MailServer
        from gruppetto.service.messages.ports import use_carrier

        if settings.GRUPPETTO_SMTP_URL:
            use_carrier(
                "email",
                MailServer(
                    settings.GRUPPETTO_SMTP_URL, settings.GRUPPETTO_MAIL_FROM, settings.GRUPPETTO_NAME
                ),
            )
