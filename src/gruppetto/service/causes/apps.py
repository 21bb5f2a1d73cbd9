from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CausesConfig(AppConfig):
    name = "gruppetto.service.causes"
    label = "causes"
    verbose_name = _("causes des contacts")

    def ready(self) -> None:
        from gruppetto.service.causes import events, merging, privacy  # noqa: F401  (declare themselves)
