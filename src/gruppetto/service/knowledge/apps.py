from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "gruppetto.service.knowledge"
    label = "knowledge"
    verbose_name = "connaissances"

    def ready(self) -> None:
        from gruppetto.service.catalogue import drafts
        from gruppetto.service.knowledge import corrections, verbs  # noqa: F401  (declare their verbs)

        drafts.declare(drafts.Table(drafts.ARTICLE, _("article"), verbs.errors_of, verbs.publish))
