"""What the nightly look at the shelves found: a figure for each table, no person."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ShelfCheck(models.Model):
    """How many rows of ``table`` name nobody, or stand on another shelf than they should, when last looked at."""

    table = models.CharField(max_length=63, primary_key=True)
    astray = models.BigIntegerField()
    checked_at = models.DateTimeField()

    class Meta:
        verbose_name = _("contrôle du rangement")

    def __str__(self) -> str:
        return f"{self.table} {self.astray}"
