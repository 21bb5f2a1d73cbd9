"""Causes, and the one found for a reason noted during a contact."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from gruppetto.kernel.access.rows import PersonRow, SubjectField
from gruppetto.service.catalogue.models import Coded, Dated, one_at_a_time


class Cause(Coded):
    """Why people have to contact us; in force by dates, so that what was found before keeps its words."""

    label = models.CharField(_("cause"), max_length=80)
    position = models.SmallIntegerField(_("rang"))

    class Meta:
        verbose_name = _("cause")
        ordering = ("position", "id")
        constraints = [
            *Dated.Meta.constraints,
            one_at_a_time("one_row_per_cause_at_a_time", _("Cette cause est déjà en vigueur."), "code"),
        ]

    def __str__(self) -> str:
        return self.label


class Finding(PersonRow):
    """The cause found for one reason of one contact, by whom and when; the last one found counts."""

    person_id = models.UUIDField(null=True)
    subject_id = SubjectField(null=True)
    # A row of ``contacts.ContactReason``, of the same shelf.
    reason_id = models.UUIDField(unique=True)
    cause = models.CharField(max_length=40)
    found_by = models.UUIDField()
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = _("cause d’un contact")
        constraints = [models.UniqueConstraint(fields=["shelf", "id"], name="cause_found_on_shelf")]

    def __str__(self) -> str:
        return self.cause
