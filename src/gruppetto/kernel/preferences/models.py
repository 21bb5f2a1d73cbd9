"""What each account chose for itself: how its pages behave, never what it may do."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.identifiers import new_id


class Preference(models.Model):
    """One choice of one account, by name; seen and changed by that account only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account_id = models.UUIDField()
    name = models.CharField(max_length=40)
    value = models.JSONField()
    chosen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("préférence")
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "name"],
                name="a_preference_has_one_value",
                violation_error_message=_("Cette préférence est déjà enregistrée."),
            )
        ]

    def __str__(self) -> str:
        return self.name
