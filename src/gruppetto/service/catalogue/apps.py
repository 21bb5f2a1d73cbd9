from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    name = "gruppetto.service.catalogue"
    label = "catalogue"
    verbose_name = "catalogue"

    def ready(self) -> None:
        from gruppetto.kernel.actors.sentences import sentence
        from gruppetto.service.catalogue import checking, reasons, verbs  # noqa: F401  (declare their verbs)
        from gruppetto.service.catalogue.editing import declare_tables

        declare_tables()
        sentence("at_most_ten_reasons_at_once", _("Dix motifs de contact au plus tiennent sur un écran."))
        sentence(
            "what_was_published_stays", _("Ce qui a été publié ne change plus : faites une nouvelle version.")
        )
        sentence("one_signs_for_oneself", _("Chacun publie et vérifie en son propre nom."))
