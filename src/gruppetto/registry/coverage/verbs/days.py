"""Rows that hold from a day to another: how one begins and how one ends."""

from __future__ import annotations

from datetime import date

from django.db.models import Func
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.clock import today
from gruppetto.kernel.errors import Refused
from gruppetto.registry.coverage.models import Coverage, Holding, TeamMember, ZonePart


def not_past(on: date) -> None:
    """Who served what until yesterday is history. Raises ``Refused`` (in-the-past)."""
    if on < today():
        raise Refused(
            _("La date est passée : choisissez aujourd’hui ou plus tard."), code="in-the-past", field="on"
        )


def end_before(row: Coverage | Holding | TeamMember | ZonePart, on: date) -> None:
    """End a row the day before ``on``; one that would have no day left goes."""
    rows = type(row).objects.filter(pk=row.pk)
    if row.during.lower is not None and row.during.lower >= on:
        rows.delete()
    else:
        rows.update(during=Func(Lower("during"), on, function="daterange"))
