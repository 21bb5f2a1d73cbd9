"""Opening hours as dated rows: a change never moves a promise already given (its rules are stored with it)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OpeningHours(models.Model):
    """The rules of one service from a moment on, until the next row of the same name."""

    PLATFORM = "platform"
    # When a telephone may ring for a message.
    MESSAGES = "messages"

    name = models.CharField(_("service"), max_length=60)
    valid_from = models.DateTimeField(_("à partir du"))
    rules = models.JSONField(_("horaires"))
    made_by = models.UUIDField(_("écrit par"), null=True)
    why = models.CharField(_("motif"), max_length=200, blank=True, db_default="", default="")

    class Meta:
        verbose_name = _("horaires d’ouverture")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "valid_from"],
                name="hours_of_a_service_change_once_at_a_time",
                violation_error_message=_("Des horaires commencent déjà à ce moment-là."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from:%Y-%m-%d}"
