from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsDeskConfig(AppConfig):
    name = "gruppetto.desks.complaints"
    label = "complaints_desk"
    verbose_name = "bureau des réclamations"

    def ready(self) -> None:
        from gruppetto.insight.indicators.declared import Declared, declare_figure
        from gruppetto.service.complaints import reads

        declare_figure(
            Declared(
                code="complaints",
                label=_("Réclamations à répondre"),
                definition=_(
                    "Réclamations reçues qui attendent une réponse. Celles qui vous concernent n’y sont pas."
                ),
                icon="megaphone",
                count=lambda: reads.to_answer().count(),
                page="complaints:list",
            )
        )
