from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.actors.sentences import sentence


class CoverageConfig(AppConfig):
    name = "gruppetto.registry.coverage"
    label = "coverage"
    verbose_name = "territoires"

    def ready(self) -> None:
        from gruppetto.kernel.outbox import subscribe
        from gruppetto.registry.coverage import events, jobs, merging, privacy  # noqa: F401  (declare themselves)

        sentence("nobody_enters_a_closed_portfolio", _("Ce portefeuille est fermé."))
        sentence("only_a_supervisor_leads_a_team", _("Seul un responsable mène une équipe."))
        sentence(
            "a_team_keeps_a_leader",
            _("Cette personne mène seule une équipe : nommez d’abord un autre responsable de cette équipe."),
        )
        sentence(
            "a_portfolio_is_held_by_who_follows_persons",
            _("Cette personne tient encore un portefeuille : un responsable le transmet d’abord."),
        )
        sentence(
            "a_closed_portfolio_has_nobody",
            _("Des personnes sont encore dans ce portefeuille : un responsable les place d’abord ailleurs."),
        )

        subscribe(events.MAP_CHANGED, jobs.KEEP_GAPS)
