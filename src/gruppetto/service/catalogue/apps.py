from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "gruppetto.service.catalogue"
    label = "catalogue"
    verbose_name = "catalogue"

    def ready(self) -> None:
        from gruppetto.kernel.actors.sentences import sentence
        from gruppetto.service.catalogue import checking, verbs  # noqa: F401  (declare their verbs to the journal)

        sentence("at_most_ten_reasons_at_once", _("Dix motifs de contact au plus tiennent sur un écran."))
        sentence(
            "what_was_published_stays", _("Ce qui a été publié ne change plus : faites une nouvelle version.")
        )
