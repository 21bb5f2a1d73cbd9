from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors.sentences import sentence


class CoverageConfig(AppConfig):
    name = "gruppetto.registry.coverage"
    label = "coverage"
    verbose_name = "territoires"

    def ready(self) -> None:
        from gruppetto.registry.coverage import events, merging, privacy  # noqa: F401  (declare themselves)

        sentence("nobody_enters_a_closed_portfolio", _("Ce portefeuille est fermé."))
        sentence("only_a_supervisor_leads_a_team", _("Seul un responsable mène une équipe."))
        sentence(
            "a_closed_portfolio_has_nobody",
            _("Des personnes sont encore dans ce portefeuille : un responsable les place d’abord ailleurs."),
        )
