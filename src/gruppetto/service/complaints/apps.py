from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ComplaintsConfig(AppConfig):
    name = "gruppetto.service.complaints"
    label = "complaints"
    verbose_name = "réclamations"

    def ready(self) -> None:
        from gruppetto.kernel.actors.sentences import sentence
        from gruppetto.service.complaints import events, merging, privacy  # noqa: F401  (declare themselves)

        sentence(
            "whoever_is_concerned_never_handles_it",
            _("Une réclamation n’est jamais traitée par quelqu’un qu’elle concerne."),
        )
