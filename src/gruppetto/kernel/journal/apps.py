from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "gruppetto.kernel.journal"
    label = "journal"
    verbose_name = "journal"

    def ready(self) -> None:
        from gruppetto.kernel.actors.sentences import sentence
        from gruppetto.kernel.journal import jobs  # noqa: F401  (declares its job)

        sentence(
            "forgetting_names_an_entry_and_says_why",
            _("On oublie le contenu d’une entrée qui existe, en disant pourquoi."),
        )
        sentence("a_head_follows_the_last_one", _("Un scellé suit le précédent, sur toutes ses feuilles."))
        sentence("looks_are_kept_six_months_at_least", _("Les consultations se gardent de 6 à 36 mois."))
